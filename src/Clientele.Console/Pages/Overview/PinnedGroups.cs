using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.JSInterop;

namespace Clientele.ConsoleApp.Pages.Overview;

/// <summary>The groups that this browser shows first: a JSON array of ids in <c>localStorage</c>.</summary>
internal static class PinnedGroups
{
    private const string Name = "clientele.pinned";

    public static async Task<HashSet<long>> ReadAsync(IJSRuntime browser)
    {
        try
        {
            var text = await browser.InvokeAsync<string?>("localStorage.getItem", Name).ConfigureAwait(true);
            return text is not null && JsonNode.Parse(text) is JsonArray list
                ? [.. list.OfType<JsonValue>().Where(item => item.TryGetValue<long>(out _)).Select(item => item.GetValue<long>())]
                : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static Task WriteAsync(IJSRuntime browser, IEnumerable<long> groups)
    {
        var list = new JsonArray([.. groups.Select(id => (JsonNode)id)]);
        return browser.InvokeVoidAsync("localStorage.setItem", Name, list.ToJsonString()).AsTask();
    }
}
