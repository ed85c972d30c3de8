using Fido2NetLib;
using Fido2NetLib.Objects;

namespace Clientele.Server.Accounts;

/// <summary>
/// The service, as authenticators know it: the domain and the origins for which passkeys are valid. They come from the settings, never from a request's
/// <c>Host</c>. Checks what authenticators have signed.
/// </summary>
internal sealed class RelyingParty
{
    private const string Localhost = "localhost";

    /// <summary>What all authenticators know, the preferred one first. The library has more, but some of them need native code.</summary>
    private static readonly PubKeyCredParam[] Accepted = [new(COSE.Algorithm.ES256), new(COSE.Algorithm.RS256)];

    private readonly Fido2Configuration _configuration;
    private readonly Fido2 _fido2;

    public RelyingParty(IOptions<PasskeySettings> settings, IOptions<ServerSettings> server)
    {
        _configuration = new Fido2Configuration
        {
            RPID = DomainOf(settings.Value, server.Value),
            RPName = settings.Value.Name,
            Origins = OriginsOf(settings.Value, server.Value),
        };
        _fido2 = new Fido2(_configuration, metadataService: null);
    }

    public string Domain => _configuration.RPID;

    public string Name => _configuration.RPName;

    public static IEnumerable<int> Algorithms => Accepted.Select(algorithm => (int)algorithm.Alg);

    public static string DomainOf(PasskeySettings settings, ServerSettings server) => settings.Domain ?? server.PublicAddress?.IdnHost ?? Localhost;

    /// <summary>Checks a new passkey. Returns null unless it was created with this challenge, on a page of ours and with user verification.</summary>
    public async Task<RegisteredPublicKeyCredential?> CheckAsync(
        AuthenticatorAttestationRawResponse response, byte[] challenge, byte[] userHandle, CancellationToken cancellationToken)
    {
        var options = CredentialCreateOptions.Create(
            _configuration,
            challenge,
            new Fido2User { Id = userHandle, Name = "", DisplayName = "" },
            new AuthenticatorSelection { ResidentKey = ResidentKeyRequirement.Required, UserVerification = UserVerificationRequirement.Required },
            AttestationConveyancePreference.None,
            [],
            null,
            Accepted);
        return await RefuseAsync(() => _fido2.MakeNewCredentialAsync(
            new()
            {
                AttestationResponse = response,
                OriginalOptions = options,

                // The insert decides.
                IsCredentialIdUniqueToUserCallback = (_, _) => Task.FromResult(true),
            },
            cancellationToken));
    }

    /// <summary>
    /// Checks the use of a passkey. Returns the authenticator's counter; null if the signature is not of this key, challenge and domain, on a page of ours
    /// and with user verification.
    /// </summary>
    public async Task<uint?> CheckAsync(AuthenticatorAssertionRawResponse response, byte[] challenge, byte[] publicKey, CancellationToken cancellationToken)
    {
        var options = AssertionOptions.Create(_configuration, challenge, [], UserVerificationRequirement.Required, null);
        return (await RefuseAsync(() => _fido2.MakeAssertionAsync(
            new()
            {
                AssertionResponse = response,
                OriginalOptions = options,
                StoredPublicKey = publicKey,

                // The caller has looked up the account by the user handle. A conditional update compares the counters.
                StoredSignatureCounter = 0,
                IsUserHandleOwnerOfCredentialIdCallback = (_, _) => Task.FromResult(true),
            },
            cancellationToken)))?.SignCount;
    }

    private static async Task<T?> RefuseAsync<T>(Func<Task<T>> check)
        where T : class
    {
        try
        {
            return await check();
        }
#pragma warning disable CA1031 // The library throws exceptions of many types for malformed data.
        catch (Exception malformed) when (malformed is not OperationCanceledException)
#pragma warning restore CA1031
        {
            return null;
        }
    }

    private static HashSet<string> OriginsOf(PasskeySettings settings, ServerSettings server)
    {
        var own = server.PublicAddress is { } address ? $"{address.Scheme}://{server.PublicHost}"
            : DomainOf(settings, server) == Localhost ? OpenApi.DocumentedAddress
            : null;
        return own is null ? [.. settings.Origins] : [own, .. settings.Origins];
    }

    /// <summary>Browsers use a passkey only on pages of its domain and of subdomains, so other origins are a mistake.</summary>
    internal sealed class OriginsRule(IOptions<ServerSettings> server) : IValidateOptions<PasskeySettings>
    {
        public ValidateOptionsResult Validate(string? name, PasskeySettings options)
        {
            var domain = DomainOf(options, server.Value);
            var outside = options.Origins.Index().Where(one => Cors.IsOrigin(one.Item) && !IsWithin(new Uri(one.Item).IdnHost, domain)).ToList();
            return outside.Count == 0
                ? ValidateOptionsResult.Success
                : ValidateOptionsResult.Fail(outside.Select(one =>
                    $"Passkeys:Origins:{one.Index}: must be on {domain} or on a subdomain, as Passkeys:Domain or PublicUrl says, not {Errors.Cut(one.Item)}."));
        }

        private static bool IsWithin(string host, string domain) =>
            host.Equals(domain, StringComparison.OrdinalIgnoreCase) || host.EndsWith($".{domain}", StringComparison.OrdinalIgnoreCase);
    }
}
