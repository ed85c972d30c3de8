using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Clientele.Server.Accounts;

/// <summary>Creates access tokens, and checks them against the account, which alone decides what a caller may do.</summary>
internal sealed class Sessions(ServerKeys keys, IMemoryCache cache, TimeProvider clock, IOptions<Sessions.Settings> settings)
{
    /// <summary>How long a node may use cached data of an account.</summary>
    private static readonly TimeSpan Believed = TimeSpan.FromSeconds(5);
    private const int MaxTokenBytes = 8192;

    private static readonly Func<ClienteleDb, long, CancellationToken, Task<Standing?>> ReadStanding = EF.CompileAsyncQuery(
        (ClienteleDb db, long id, CancellationToken _) =>
            (from account in db.Accounts
             where account.CustomerId == id
             join customer in db.Customers.Where(c => c.Id == id) on account.CustomerId equals customer.Id
             select new Standing(account.SecurityVersion, customer.IsActive, customer.IsStaff)).SingleOrDefault());

    private static readonly JsonWebTokenHandler Tokens = new() { SetDefaultTimesOnTokenCreation = false, MapInboundClaims = false };

    public TimeSpan AccessLifetime => settings.Value.AccessLifetime;

    public string AccessToken(long customerId, int securityVersion, bool isStaff)
    {
        var now = clock.Now();
        return Tokens.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = settings.Value.Issuer,
            Audience = settings.Value.Audience,
            TokenType = "at+jwt",
            IssuedAt = now,
            Expires = now + AccessLifetime,
            SigningCredentials = keys.SigningCredentials,
            Claims = new Dictionary<string, object>
            {
                ["sub"] = customerId.ToString(CultureInfo.InvariantCulture),
                ["jti"] = Guid.NewGuid().ToString("N"),
                ["role"] = isStaff ? Roles.Admin : Roles.Customer,
                ["ver"] = securityVersion,
            },
        });
    }

    /// <summary>Makes this node see a change of the account at once. Other nodes see it within five seconds.</summary>
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
                && clock.GetUtcNow().UtcDateTime is var now
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
        else if (cache.TryGetValue(token, out Verified? verified) && verified is not null && verified.ExpiresAt > clock.GetUtcNow().UtcDateTime)
        {
            if (await PrincipalAsync(context.HttpContext, verified.CustomerId, verified.SecurityVersion) is { } principal)
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
        var jwt = (JsonWebToken)context.SecurityToken;
        if (!long.TryParse(jwt.Subject, NumberStyles.None, CultureInfo.InvariantCulture, out var id)
            || !jwt.TryGetPayloadValue<int>("ver", out var version)
            || await PrincipalAsync(context.HttpContext, id, version) is not { } principal)
        {
            context.Fail("The token is no longer valid for its account.");
            return;
        }

        context.Principal = principal;
        cache.Set(BearerToken(context.HttpContext)!, new Verified(id, version, jwt.ValidTo), Believed);
    }

    /// <summary>The caller's role comes from the account, because a token may be older than a demotion.</summary>
    private async ValueTask<ClaimsPrincipal?> PrincipalAsync(HttpContext context, long id, int version)
    {
        if (!cache.TryGetValue(id, out Standing? standing))
        {
            standing = await ReadStanding(context.RequestServices.GetRequiredService<ClienteleDb>(), id, context.RequestAborted);
            cache.Set(id, standing, Believed);
        }

        if (standing is not { IsActive: true } || standing.SecurityVersion != version)
        {
            return null;
        }

        Claim[] claims = [new("sub", id.ToString(CultureInfo.InvariantCulture)), new("role", standing.IsStaff ? Roles.Admin : Roles.Customer)];
        return new ClaimsPrincipal(new ClaimsIdentity(claims, JwtBearerDefaults.AuthenticationScheme, "sub", "role"));
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

    internal sealed record Standing(int SecurityVersion, bool IsActive, bool IsStaff);

    private sealed record Verified(long CustomerId, int SecurityVersion, DateTime ExpiresAt);
}
