using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Client;

/// <summary>
/// A JSON merge patch (RFC 7396). Its properties remember whether they were assigned: an assigned null removes the value, and a
/// property that was never assigned does not change it.
/// </summary>
public abstract class MergePatch
{
    private readonly Dictionary<string, (object? Value, JsonTypeInfo Info)> _members = [];

    private protected MergePatch()
    {
    }

    internal byte[] ToJson()
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, (value, info)) in _members)
            {
                json.WritePropertyName(JsonNamingPolicy.SnakeCaseLower.ConvertName(name));
                JsonSerializer.Serialize(json, value, info);
            }

            json.WriteEndObject();
        }

        return buffer.ToArray();
    }

    private protected T? Get<T>([CallerMemberName] string member = "") =>
        _members.TryGetValue(member, out var assigned) ? (T?)assigned.Value : default;

    private protected void Set<T>(T value, [CallerMemberName] string member = "") =>
        _members[member] = (value, WireJson.Default.GetTypeInfo(typeof(T))!);
}
