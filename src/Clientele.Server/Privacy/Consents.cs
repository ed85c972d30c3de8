namespace Clientele.Server.Privacy;

/// <summary>What a customer has consented to, now by the profile and earlier by the audit trail.</summary>
internal static class Consents
{
    /// <summary>Somebody may change their mind without end, but not fill the memory with it.</summary>
    private const int Most = 1000;

    private static readonly string[] Names = [ConsentName.AcceptsMarketingEmail, ConsentName.AcceptsMarketingSms];

    public static async Task<IReadOnlyList<ConsentResponse>> ReadAsync(ClienteleDb db, Customer customer, CancellationToken cancellationToken)
    {
        var id = customer.Id;
        var changes = Names.ToDictionary(name => name, _ => new List<ConsentChange>());
        var told = db.AuditDetails.Where(d => d.CustomerId == id && d.Changes.Contains("\"accepts_marketing_"))
            .Join(
                db.AuditEntries.Where(e => e.CustomerId == id),
                d => new { d.CustomerId, d.Sequence },
                e => new { e.CustomerId, e.Sequence },
                (d, e) => new { e.Sequence, e.At, e.ActorRole, d.Changes })
            .OrderByDescending(entry => entry.Sequence).Take(Most);
        foreach (var entry in (await told.ToListAsync(cancellationToken)).AsEnumerable().Reverse())
        {
            foreach (var change in AuditEntry.Read(entry.Changes).Where(change => Names.Contains(change.Member)))
            {
                changes[change.Member].Add(new ConsentChange { At = entry.At, IsGiven = change.To == "true", By = Roles.Shown(entry.ActorRole) });
            }
        }

        return [.. Names.Zip([customer.AcceptsMarketingEmail, customer.AcceptsMarketingSms], (name, isGiven) => new ConsentResponse
        {
            Name = name,
            IsGiven = isGiven,
            Since = changes[name].LastOrDefault()?.At,
            Changes = changes[name],
        })];
    }
}
