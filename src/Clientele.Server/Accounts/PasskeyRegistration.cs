using System.Text.RegularExpressions;
using Fido2NetLib.Objects;

namespace Clientele.Server.Accounts;

/// <summary>Adds passkeys to an account, and deletes them.</summary>
internal sealed partial class PasskeyRegistration(
    ClienteleDb db, CustomerWrites writes, FactorNotices notices, PasskeyChallenges challenges, RelyingParty relyingParty, RecoveryCodes recovery,
    TimeProvider clock)
{
    private const int Most = 10;
    private const int MostTransports = 10;

    public async Task<Results<Ok<PasskeyCreationOptionsResponse>, Problem>> OptionsAsync(long customerId, CancellationToken cancellationToken)
    {
        var owner = await db.Customers.Where(c => c.Id == customerId).Select(c => new { c.Uuid, c.Username, c.FirstName, c.LastName })
            .SingleOrDefaultAsync(cancellationToken);
        if (owner is null)
        {
            return Problems.NotFound();
        }

        var known = await db.Passkeys.Where(p => p.CustomerId == customerId).OrderBy(p => p.CreatedAt)
            .Select(p => new { p.CredentialId, p.Transports }).ToListAsync(cancellationToken);
        return TypedResults.Ok(new PasskeyCreationOptionsResponse
        {
            Rp = new() { Id = relyingParty.Domain, Name = relyingParty.Name },
            User = new()
            {
                Id = PasskeyJson.Text(PasskeyJson.UserHandleOf(owner.Uuid)),
                Name = owner.Username,
                DisplayName = Customer.FullName(owner.FirstName, owner.LastName, owner.Username),
            },
            Challenge = PasskeyJson.Text(await challenges.CreateAsync(PasskeyChallenges.Creation(customerId), cancellationToken)),
            Algorithms = [.. RelyingParty.Algorithms.Select(algorithm => new PasskeyAlgorithm { Type = "public-key", Alg = algorithm })],
            Timeout = (int)PasskeyChallenges.Lifetime.TotalMilliseconds,
            ExcludeCredentials = [.. known.Select(passkey => new PasskeyDescriptor
            {
                Type = "public-key",
                Id = PasskeyJson.Text(passkey.CredentialId),
                Transports = passkey.Transports.Split(',', StringSplitOptions.RemoveEmptyEntries),
            })],
            AuthenticatorSelection = new() { ResidentKey = "required", RequireResidentKey = true, UserVerification = "required" },
            Attestation = "none",
        });
    }

    public async Task<Results<Created<AddedPasskeyResponse>, Problem>> AddAsync(
        long customerId, CreatePasskeyRequest request, CancellationToken cancellationToken)
    {
        if (PasskeyJson.Read(request.Credential) is not { } response
            || PasskeyJson.ChallengeOf(response.Response.ClientDataJson) is not { Length: > 0 } challenge
            || !await challenges.IsValidAsync(challenge, PasskeyChallenges.Creation(customerId), cancellationToken))
        {
            return Refused();
        }

        var uuid = await db.Customers.Where(c => c.Id == customerId).Select(c => c.Uuid).SingleOrDefaultAsync(cancellationToken);
        return await relyingParty.CheckAsync(response, challenge, PasskeyJson.UserHandleOf(uuid), cancellationToken) is { } credential
            ? await writes.RunAsync<Created<AddedPasskeyResponse>>(
                new(customerId), owner => InsertAsync(owner, request, credential, challenge, cancellationToken), cancellationToken)
            : Refused();
    }

    public Task<Results<NoContent, Problem>> RemoveAsync(long customerId, Guid id, CancellationToken cancellationToken) => writes.RunAsync<NoContent>(
        new(customerId),
        async owner =>
        {
            if (await db.Passkeys.Where(p => p.CustomerId == customerId && p.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
            {
                return Problems.NotFound();
            }

            await recovery.RemoveUnneededAsync(customerId, cancellationToken);
            await notices.AddAsync(owner, FactorNotices.PasskeyRemoved, Passkeys.ResourceOf(id), cancellationToken);
            return TypedResults.NoContent();
        },
        cancellationToken);

    /// <summary>The customer's row is locked, so nobody else adds a passkey at the same time.</summary>
    private async Task<Results<Created<AddedPasskeyResponse>, Problem>> InsertAsync(
        Customer owner, CreatePasskeyRequest request, RegisteredPublicKeyCredential credential, byte[] challenge, CancellationToken cancellationToken)
    {
        var customerId = owner.Id;
        if (!await challenges.TryUseAsync(challenge, cancellationToken))
        {
            return Refused();
        }

        if (await db.Passkeys.CountAsync(p => p.CustomerId == customerId, cancellationToken) >= Most)
        {
            return new Problem("too_many_passkeys", $"A customer has at most {Most} passkeys. Delete one first.");
        }

        var (id, now) = (Guid.CreateVersion7(), clock.Now());
        var (hash, transports) = (SHA256.HashData(credential.Id), Transports(request.Credential.Response.Transports ?? []));
        var inserted = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO passkeys (customer_id, id, name, credential_id, credential_hash, public_key, sign_count, transports, created_at)
             VALUES ({customerId}, {id}, {request.Name}, {credential.Id}, {hash}, {credential.PublicKey}, {(long)credential.SignCount}, {transports},
                     {now})
             ON CONFLICT DO NOTHING
             """,
            cancellationToken);
        if (inserted == 0)
        {
            return new Problem("conflict", "The account already has this passkey.");
        }

        await notices.AddAsync(owner, FactorNotices.PasskeyAdded, Passkeys.ResourceOf(id), cancellationToken);
        return TypedResults.Created((string?)null, new AddedPasskeyResponse
        {
            Id = id,
            Name = request.Name,
            CreatedAt = now,
            LastUsedAt = null,
            RecoveryCodes = await recovery.CreateMissingAsync(customerId, cancellationToken),
        });
    }

    private static Problem Refused() => Problems.Invalid(
        "credential", "This is not a passkey that was created with the options of this account, on a page of this shop. Get new options and create it again.");

    /// <summary>Only what looks like a transport: browsers get the names back, and new names may be added.</summary>
    private static string Transports(IReadOnlyList<string> given) =>
        string.Join(',', given.Where(name => TransportName().IsMatch(name)).Distinct().Take(MostTransports));

    [GeneratedRegex("^[a-z-]{1,20}$")]
    private static partial Regex TransportName();
}
