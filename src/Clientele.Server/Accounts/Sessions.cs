using System.Collections.Concurrent;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>
/// Creates access tokens, and checks them against the account, which alone decides what a caller may do. Tokens begin and end by the database's clock,
/// because one node creates a token and another one checks it.
/// </summary>
internal sealed class Sessions(ServerKeys keys, IMemoryCache cache, DatabaseClock clock, IOptions<Sessions.Settings> settings)
{
    /// <summary>How long a node may use cached data of an account.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan LongestStepUp = TimeSpan.FromMinutes(5);
    private const int MaxTokenBytes = 8192;

    private static readonly Func<ClienteleDb, long, Guid, CancellationToken, Task<Standing?>> ReadStanding = EF.CompileAsyncQuery(
        (ClienteleDb db, long id, Guid session, CancellationToken _) =>
            (from account in db.Accounts
             where account.CustomerId == id
             join customer in db.Customers.Where(c => c.Id == id) on account.CustomerId equals customer.Id
             select new Standing(
                 account.SecurityVersion, customer.IsActive, customer.IsStaff, db.Sessions.Any(s => s.CustomerId == id && s.Id == session)))
            .SingleOrDefault());

    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public TimeSpan AccessLifetime => settings.Value.AccessLifetime;

    /// <summary>How long a stepped-up token is valid: five minutes, and not longer than others.</summary>
    public TimeSpan StepUpLifetime => AccessLifetime < LongestStepUp ? AccessLifetime : LongestStepUp;

    /// <param name="customerId">The account's id.</param>
    /// <param name="securityVersion">The account's security version.</param>
    /// <param name="isStaff">Whether the account is an admin's.</param>
    /// <param name="session">The session, which ends the token when it ends; null only if the caller's own token names none.</param>
    public string AccessToken(long customerId, int securityVersion, bool isStaff, Guid? session, bool isSteppedUp = false)
    {
        var now = clock.Now;
        var claims = new Dictionary<string, object>
        {
            ["sub"] = customerId.ToString(CultureInfo.InvariantCulture),
            ["jti"] = Guid.NewGuid().ToString("N"),
            ["role"] = isStaff ? Roles.Admin : Roles.Customer,
            ["ver"] = securityVersion,
        };
        if (session is { } sid)
        {
            claims["sid"] = sid.ToString();
        }

        if (isSteppedUp)
        {
            claims["acr"] = Caller.SteppedUp;
        }

        return Tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Value.Issuer,
            Audience = settings.Value.Audience,
            TokenType = "at+jwt",
            IssuedAt = now,
            Expires = now + (isSteppedUp ? StepUpLifetime : AccessLifetime),
            SigningCredentials = keys.SigningCredentials,
            Claims = claims,
        });
    }

    /// <summary>Makes this node see a change of the account or its sessions at once. Other nodes see it within five seconds.</summary>
    public void Forget(long customerId) => cache.Remove(customerId);

    public void Configure(JwtBearerOptions options)
    {
        options.MapInboundClaims = false;
        options.RequireHttpsMetadata = false;
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidAlgorithms = [SecurityAlgorithms.EcdsaSha256],
            ValidTypes = ["at+jwt"],
            ValidIssuer = settings.Value.Issuer,
            ValidAudience = settings.Value.Audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = TimeSpan.FromSeconds(30),
            IssuerSigningKeyResolver = (_, _, kid, _) => keys.Live.Where(key => key.Id == kid).Select(key => key.Credentials.Key),
            LifetimeValidator = (notBefore, expires, _, parameters) => expires is { } end
                && clock.Now is var now
                && now - parameters.ClockSkew < end
                && (notBefore is not { } begin || now + parameters.ClockSkew >= begin),
            NameClaimType = "sub",
            RoleClaimType = "role",
        };
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(Tokens);
        options.Events = new JwtBearerEvents { OnMessageReceived = ReceiveAsync, OnTokenValidated = ValidateAsync };
    }

    /// <summary>The token in the header of a request; null if there is none.</summary>
    public static string? BearerToken(HttpContext context) =>
        context.Request.Headers.Authorization.ToString() is { Length: > 7 } header && header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)
            ? header[7..].Trim()
            : null;

    private async Task ReceiveAsync(MessageReceivedContext context)
    {
        var token = BearerToken(context.HttpContext);
        if (token is null || token.Length > MaxTokenBytes)
        {
            context.NoResult();
        }
        else if (cache.TryGetValue(token, out Verified? verified) && verified is not null && verified.ExpiresAt > clock.Now)
        {
            if (await PrincipalAsync(context.HttpContext, verified) is { } principal)
            {
                context.Principal = principal;
                context.Success();
            }
            else
            {
                context.NoResult();
            }
        }
        else if (!TokenShape.IsOurs(token))
        {
            context.NoResult();
        }
    }

    private async Task ValidateAsync(TokenValidatedContext context)
    {
        if (Read((JsonWebToken)context.SecurityToken) is not { } verified || await PrincipalAsync(context.HttpContext, verified) is not { } principal)
        {
            context.Fail("The token is no longer valid for its account.");
            return;
        }

        context.Principal = principal;
        cache.Set(BearerToken(context.HttpContext)!, verified, Believed);
    }

    /// <summary>The claims that are compared with the account; null if one is missing or unreadable. Tokens of earlier releases name no session.</summary>
    private static Verified? Read(JsonWebToken jwt)
    {
        Guid? session = null;
        if (jwt.TryGetClaim("sid", out var sid))
        {
            if (!Guid.TryParseExact(sid.Value, "D", out var id) || id == Guid.Empty)
            {
                return null;
            }

            session = id;
        }

        return long.TryParse(jwt.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var customer)
            && jwt.TryGetPayloadValue<int>("ver", out var version)
            ? new(customer, version, session, jwt.ValidTo, AcrOf(jwt))
            : null;
    }

    private static string? AcrOf(JsonWebToken jwt) => jwt.TryGetPayloadValue<string>("acr", out var acr) ? acr : null;

    /// <summary>The caller's role comes from the account, because a token may be older than a demotion.</summary>
    private async ValueTask<ClaimsPrincipal?> PrincipalAsync(HttpContext context, Verified token)
    {
        var standing = await StandingAsync(context, token.CustomerId, token.Session ?? Guid.Empty);
        if (standing is not { IsActive: true } || standing.SecurityVersion != token.SecurityVersion || (token.Session is not null && !standing.HasSession))
        {
            return null;
        }

        Claim[] claims =
        [
            new("sub", token.CustomerId.ToString(CultureInfo.InvariantCulture)),
            new("role", standing.IsStaff ? Roles.Admin : Roles.Customer),
            .. token.Session is { } session ? [new Claim("sid", session.ToString())] : Array.Empty<Claim>(),
            .. token.Acr is { } acr ? [new Claim("acr", acr)] : Array.Empty<Claim>(),
        ];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, JwtBearerDefaults.AuthenticationScheme, "sub", "role"));
    }

    /// <summary>What is cached of a customer is one entry, whatever the number of sessions, so that it can be forgotten at once.</summary>
    private async ValueTask<Standing?> StandingAsync(HttpContext context, long id, Guid session)
    {
        if (!cache.TryGetValue(id, out ConcurrentDictionary<Guid, Standing?>? known) || known is null)
        {
            known = cache.Set(id, new ConcurrentDictionary<Guid, Standing?>(concurrencyLevel: 1, capacity: 1), Believed);
        }

        if (!known.TryGetValue(session, out var standing))
        {
            standing = await ReadStanding(context.RequestServices.GetRequiredService<ClienteleDb>(), id, session, context.RequestAborted);
            known[session] = standing;
        }

        return standing;
    }

    /// <summary>The settings under <c>Tokens:</c>.</summary>
    internal sealed class Settings : IValidatableObject
    {
        public string Issuer { get; set; } = "clientele";

        public string Audience { get; set; } = "clientele";

        /// <summary>How long an access token is valid. Nodes know a signing key for a day after its last use, so the limit is below that.</summary>
        [Range(typeof(TimeSpan), "00:01:00", "12:00:00")]
        public TimeSpan AccessLifetime { get; set; } = TimeSpan.FromMinutes(15);

        public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
            new[] { (Name: nameof(Issuer), Value: Issuer), (Name: nameof(Audience), Value: Audience) }
                .Where(setting => string.IsNullOrWhiteSpace(setting.Value))
                .Select(setting => new ValidationResult($"Tokens:{setting.Name}: must not be empty."));
    }

    /// <param name="SecurityVersion">The version that a valid token must have.</param>
    /// <param name="IsActive">Whether the account may be used.</param>
    /// <param name="IsStaff">Whether the account is an admin's.</param>
    /// <param name="HasSession">Whether the token's session exists. It says nothing about tokens that name none.</param>
    internal sealed record Standing(int SecurityVersion, bool IsActive, bool IsStaff, bool HasSession);

    private sealed record Verified(long CustomerId, int SecurityVersion, Guid? Session, DateTime ExpiresAt, string? Acr);
}
