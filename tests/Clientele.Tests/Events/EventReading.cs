using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Events;

/// <summary>An event as the feed tells it.</summary>
public sealed record ReadEvent(string Id, string Type, long Customer, JsonNode? Data)
{
    public string Text => Data?.ToJsonString() ?? "null";
}

/// <summary>Reading the feed of events.</summary>
internal static class EventReading
{
    /// <summary>All events of a customer, in their order.</summary>
    public static async Task<List<ReadEvent>> EventsAsync(this ClienteleApp app, long customer, string types = "", Actor? reader = null)
    {
        await app.PlaceEventsAsync();
        reader ??= await app.AdminAsync();
        var filter = types.Length > 0 ? $"&types={types}" : "";
        var (found, cursor, more) = (new List<ReadEvent>(), "", true);
        while (more)
        {
            var page = (await reader.Get($"/api/events/?customer={customer}&page_size=100&cursor={cursor}{filter}")).Expect(200);
            found.AddRange(Events(page));
            (cursor, more) = ((string)page["cursor"]!, (bool)page["more"]!);
        }

        return found;
    }

    /// <summary>What a customer's own writes add to their events.</summary>
    public static async Task<List<ReadEvent>> EventsOfAsync(this ClienteleApp app, long customer, Func<Task> work, Actor? reader = null)
    {
        var before = await app.EventsAsync(customer, reader: reader);
        await work();
        return (await app.EventsAsync(customer, reader: reader))[before.Count..];
    }

    public static IEnumerable<ReadEvent> Events(Answer page) => page["results"].AsArray().Select(one => new ReadEvent(
        (string)one!["id"]!, (string)one["type"]!, long.Parse((string)one["customer"]!, CultureInfo.InvariantCulture), one["data"]));
}
