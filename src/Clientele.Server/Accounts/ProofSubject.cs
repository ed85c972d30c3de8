namespace Clientele.Server.Accounts;

/// <summary>What a code or link is bound to.</summary>
/// <param name="CustomerId">The account; 0 for none, so that an unknown account costs the same work.</param>
/// <param name="SecurityVersion">The version of the account's password and sessions.</param>
/// <param name="Purpose">What the code is for.</param>
/// <param name="Address">The very e-mail address or phone number that it was sent to.</param>
internal sealed record ProofSubject(long CustomerId, int SecurityVersion, ProofPurpose Purpose, string Address)
{
    /// <summary>The subject of a locked customer.</summary>
    public static async Task<ProofSubject> OfAsync(ClienteleDb db, Customer customer, ProofPurpose purpose, CancellationToken cancellationToken)
    {
        var version = await db.Accounts.Where(a => a.CustomerId == customer.Id).Select(a => a.SecurityVersion).SingleAsync(cancellationToken);
        return new(customer.Id, version, purpose, AddressOf(purpose, customer.Email, customer.PendingEmail, customer.Phone));
    }

    /// <summary>The subject of an account that is not locked. The same statement runs for an unknown account.</summary>
    public static async Task<ProofSubject> FindAsync(ClienteleDb db, long id, ProofPurpose purpose, CancellationToken cancellationToken)
    {
        var found = await db.Accounts.Where(a => a.CustomerId == id)
            .Join(
                db.Customers.Where(c => c.Id == id),
                a => a.CustomerId,
                c => c.Id,
                (a, c) => new { a.SecurityVersion, c.Email, c.PendingEmail, c.Phone })
            .SingleOrDefaultAsync(cancellationToken);
        return found is null
            ? new(0, 0, purpose, "")
            : new(id, found.SecurityVersion, purpose, AddressOf(purpose, found.Email, found.PendingEmail, found.Phone));
    }

    private static string AddressOf(ProofPurpose purpose, string email, string? pendingEmail, string? phone) => purpose switch
    {
        ProofPurpose.VerifyEmail => pendingEmail ?? email,
        ProofPurpose.VerifyPhone => phone ?? "",
        _ => email,
    };
}
