using System.Net;
using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Webhooks;

/// <summary>The names of the groups that a webhook is limited to.</summary>
internal static class WebhookGroups
{
    /// <summary>Reads the names; null for a group that was deleted.</summary>
    public static async Task<IReadOnlyDictionary<long, string?>> ReadAsync(ClienteleClient api, IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var names = new Dictionary<long, string?>();
        foreach (var id in ids)
        {
            names[id] = await NameAsync(api, id, cancellationToken).ConfigureAwait(true);
        }

        return names;
    }

    private static async Task<string?> NameAsync(ClienteleClient api, long id, CancellationToken cancellationToken)
    {
        try
        {
            return (await api.Groups.GetAsync(id, cancellationToken).ConfigureAwait(true)).Value.Name;
        }
        catch (ClienteleException missing) when (missing.Status == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
