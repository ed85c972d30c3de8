using Clientele.Client;
using Clientele.ConsoleApp.Rules;

namespace Clientele.ConsoleApp.Pages.Segments;

/// <summary>What rules can be made of, with the names of all groups and countries, as the service has them now.</summary>
internal static class SegmentTerms
{
    /// <param name="api">The service.</param>
    /// <param name="edited">The group whose rule is edited: a rule cannot refer to its own group.</param>
    /// <param name="cancellationToken">Stops waiting for the responses.</param>
    public static async Task<RuleTerms> ReadAsync(ClienteleClient api, long? edited = null, CancellationToken cancellationToken = default)
    {
        var vocabulary = api.Groups.FieldsAsync(cancellationToken);
        var countries = api.Addresses.ListCountriesAsync(cancellationToken);
        var groups = new List<GroupResponse>();
        await foreach (var group in api.Groups.AllAsync(cancellationToken: cancellationToken).ConfigureAwait(true))
        {
            groups.Add(group);
        }

        return new RuleTerms(
            await vocabulary.ConfigureAwait(true), [.. groups.Where(group => group.Id != edited)], await countries.ConfigureAwait(true));
    }
}
