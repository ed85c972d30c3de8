using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>The names of accounts that the API tells by their ids only. They are in memory, and forgotten when somebody signs out.</summary>
internal sealed class People
{
    private const int MostIds = 100;

    private readonly Dictionary<long, string> _names = [];
    private readonly ClienteleClient _api;

    public People(ClienteleClient api, SignedIn signedIn)
    {
        _api = api;
        signedIn.Changed += () =>
        {
            if (signedIn.Me is null)
            {
                _names.Clear();
            }
        };
    }

    /// <summary>The name of an account; without one, such as after an erasure, what was read instead of it.</summary>
    public string Name(long id, string otherwise) => _names.GetValueOrDefault(id, otherwise);

    /// <summary>Reads names that are not known yet. If the service cannot be asked, the ids are shown.</summary>
    public async Task ReadAsync(IEnumerable<long> ids, CancellationToken cancellationToken)
    {
        var unknown = ids.Distinct().Where(id => !_names.ContainsKey(id)).Take(MostIds).ToList();
        if (unknown.Count == 0)
        {
            return;
        }

        try
        {
            var query = new CustomerQuery { Ids = unknown, PageSize = MostIds };
            foreach (var account in (await _api.Customers.ListAsync(query, cancellationToken).ConfigureAwait(true)).Results)
            {
                _names[account.Id] = account.FullName;
            }
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            // The list that needs them is shown all the same.
        }
    }
}
