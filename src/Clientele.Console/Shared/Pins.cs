using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.JSInterop;

namespace Clientele.ConsoleApp.Shared;

/// <summary>The groups that somebody has pinned to the overview, in this browser.</summary>
internal static class Pins
{
    private const string Name = "clientele.pinned";

    public static async Task<IReadOnlyList<long>> ReadAsync(IJSRuntime browser)
    {
        var text = await browser.InvokeAsync<string?>("clientele.preference", Name).ConfigureAwait(true);
        try
        {
            return text is not null && JsonNode.Parse(text) is JsonArray list ? [.. list.Select(Rules.RulePart.NumberOf).OfType<long>()] : [];
        }
        catch (JsonException)
        {
            return [];
        }
    }

    public static async Task ChangeAsync(IJSRuntime browser, long group, bool pinned)
    {
        var others = (await ReadAsync(browser).ConfigureAwait(true)).Where(id => id != group).ToList();
        var list = new JsonArray([.. others.Concat(pinned ? [group] : []).Select(id => (JsonNode)id)]);
        await browser.InvokeVoidAsync("clientele.choose", Name, list.ToJsonString()).ConfigureAwait(true);
    }
}
