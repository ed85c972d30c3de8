using System.Net;
using System.Net.Sockets;
using System.Security.Claims;
using Clientele.Server.Addresses;

namespace Clientele.Server.Http;

/// <summary>The caller of the request, and the rows that the caller may see. Other rows do not exist for this caller.</summary>
internal sealed class Caller(ClienteleDb db, IHttpContextAccessor http)
{
    /// <summary>The <c>acr</c> of an access token whose owner has just confirmed who they are.</summary>
    public const string SteppedUp = "step_up";

    private (ClaimsPrincipal User, string? Network)? _asker;

    private ClaimsPrincipal? User => _asker?.User ?? http.HttpContext?.User;

    /// <summary>The caller's customer id; null for callers who are not signed in, and for the command line.</summary>
    public long? Id => User?.FindFirstValue("sub") is { } sub ? long.Parse(sub, CultureInfo.InvariantCulture) : null;

    /// <summary>Whether the caller sees what admins see: an admin, or an API key, for which staff do not exist.</summary>
    public bool IsAdmin => User?.IsInRole(Roles.Admin) == true;

    public bool IsSteppedUp => User?.HasClaim("acr", SteppedUp) == true;

    /// <summary>The id of the API key that the request was sent with; null for other callers.</summary>
    public string? KeyId => User?.FindFirstValue(KeyClaims.Id);

    /// <summary>The name of that key.</summary>
    public string? KeyName => User?.FindFirstValue(KeyClaims.Name);

    /// <summary>Whether the caller may use what needs this scope. Only keys are limited to scopes.</summary>
    public bool HasScope(string scope) => KeyId is null || User!.HasClaim(KeyClaims.Scope, scope);

    public string Role => User is null ? Roles.CommandLine
        : KeyId is { } key ? Roles.KeyPrefix + key
        : IsAdmin ? Roles.Admin
        : Id is null ? Roles.Anonymous
        : Roles.Customer;

    /// <summary>The network that the request comes from: an IPv4 address, or the /64 of an IPv6 address. Null for the command line.</summary>
    public string? Network => _asker is { } asker ? asker.Network : http.HttpContext is { } context ? NetworkOf(context.Connection.RemoteIpAddress) : null;

    /// <summary>The network as it is shown to people: the /24 of an IPv4 address, the /48 of an IPv6 address. It does not name a single household.</summary>
    public string? NetworkPrefix => http.HttpContext is { } context ? PrefixOf(context.Connection.RemoteIpAddress) : null;

    /// <summary>What the caller's program says about itself; empty if it says nothing.</summary>
    public string UserAgent => http.HttpContext?.Request.Headers.UserAgent.ToString() ?? "";

    /// <summary>The session that the access token belongs to; null for tokens that name none.</summary>
    public Guid? SessionId => User?.FindFirstValue("sid") is { } sid ? Guid.ParseExact(sid, "D") : null;

    /// <summary>The customers that the caller may see.</summary>
    public IQueryable<Customer> Customers => KeyId is not null ? db.Customers.Where(c => !c.IsStaff)
        : IsAdmin ? db.Customers
        : db.Customers.Where(c => c.Id == Id);

    /// <summary>The addresses that the caller may see.</summary>
    public IQueryable<Address> Addresses => KeyId is not null ? db.Addresses.Where(a => db.Customers.Any(c => c.Id == a.CustomerId && !c.IsStaff))
        : IsAdmin ? db.Addresses
        : db.Addresses.Where(a => a.CustomerId == Id);

    /// <summary>Makes work in the background see and change what the one who has asked for it may, in their name.</summary>
    /// <param name="user">Who has asked for the work.</param>
    /// <param name="network">The network that the request came from.</param>
    public void ActFor(ClaimsPrincipal user, string? network) => _asker = (user, network);

    /// <summary>
    /// Whether the caller may see this customer, if there is one. A key may not see staff: <see cref="CustomerWrites"/> and the profile check the row with
    /// <see cref="IsHidden"/>; what reads or writes without them asks <see cref="MaySeeAsync"/>.
    /// </summary>
    public bool MaySee(long customerId) => IsAdmin || customerId == Id;

    public async ValueTask<bool> MaySeeAsync(long customerId, CancellationToken cancellationToken) =>
        MaySee(customerId) && (KeyId is null || await db.Customers.AnyAsync(c => c.Id == customerId && !c.IsStaff, cancellationToken));

    /// <summary>Whether the customer does not exist for this caller because the caller is a key, and keys do not reach staff.</summary>
    public bool IsHidden(Customer customer) => KeyId is not null && customer.IsStaff;

    internal static string NetworkOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])}/64",
        _ => address.ToString(),
    };

    private static string PrefixOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => PrefixOf(address.MapToIPv4()),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. address.GetAddressBytes()[..6], .. new byte[10]])}/48",
        _ => $"{new IPAddress([.. address.GetAddressBytes()[..3], 0])}/24",
    };
}

internal static class Roles
{
    public const string Admin = "admin";
    public const string Customer = "customer";
    public const string Anonymous = "anonymous";
    public const string CommandLine = "command_line";
    public const string Key = "key";

    /// <summary>Before the id of a key, where an audit entry names its actor.</summary>
    public const string KeyPrefix = "key:";

    /// <summary>The role of an actor in a response.</summary>
    public static string Shown(string actor) => actor.StartsWith(KeyPrefix, StringComparison.Ordinal) ? Key : actor;
}
