using System.Globalization;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Webhooks;

/// <summary>The members of a webhook while somebody edits them.</summary>
internal sealed class WebhookDraft
{
    public static readonly IReadOnlyList<DraftMember<WebhookDraft, WebhookPatch>> Members =
    [
        new("url", "Address", d => d.Url, (from, to) => to.Url = from.Url, (_, d, p) => p.Url = d.Url),
        new("description", "Description", d => d.Description, (from, to) => to.Description = from.Description, (_, d, p) => p.Description = d.Description),
        new("types", "Events", d => string.Join(", ", d.Types), (from, to) => to.Types = from.Types, (_, d, p) => p.Types = d.Types),
        new("groups", "Groups", d => string.Join(", ", d.Groups.Select(group => group.ToString(CultureInfo.InvariantCulture))),
            (from, to) => to.Groups = from.Groups, (_, d, p) => p.Groups = d.Groups),
    ];

    public string Url { get; set; } = "";

    public string Description { get; set; } = "";

    /// <summary>The types of events, in the order of <see cref="WebhookText.Types"/>; all, if it is empty.</summary>
    public IReadOnlyList<string> Types { get; set; } = [];

    /// <summary>The ids of the groups; all, if it is empty.</summary>
    public IReadOnlyList<long> Groups { get; set; } = [];

    public static WebhookDraft Of(WebhookResponse webhook) => new()
    {
        Url = webhook.Url,
        Description = webhook.Description,
        Types = InOrder(webhook.Types),
        Groups = webhook.Groups,
    };

    public bool DiffersFrom(WebhookDraft other) => DraftMembers.Differ(Members, other, this);

    public WebhookPatch PatchOf(WebhookDraft basis) => DraftMembers.Patch(Members, basis, this);

    public WebhookRequest ToRequest() => new() { Url = Url, Description = Description, Types = Types, Groups = Groups };

    public void Choose(string type, bool chosen) => Types = InOrder(chosen ? [.. Types, type] : Types.Where(one => one != type));

    private static IReadOnlyList<string> InOrder(IEnumerable<string> types)
    {
        var chosen = types.ToHashSet(StringComparer.Ordinal);
        return [.. WebhookText.Types.Where(chosen.Contains), .. chosen.Except(WebhookText.Types)];
    }
}
