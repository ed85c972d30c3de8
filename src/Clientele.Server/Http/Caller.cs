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

    private ClaimsPrincipal? User => http.HttpContext?.User;

    /// <summary>The caller's customer id; null for callers who are not signed in, and for the command line.</summary>
    public long? Id => User?.FindFirstValue("sub") is { } sub ? long.Parse(sub, CultureInfo.InvariantCulture) : null;

    public bool IsAdmin => User?.IsInRole(Roles.Admin) == true;

    public bool IsSteppedUp => User?.HasClaim("acr", SteppedUp) == true;

    public string Role => http.HttpContext is null ? Roles.CommandLine : IsAdmin ? Roles.Admin : Id is null ? Roles.Anonymous : Roles.Customer;

    /// <summary>The network that the request comes from: an IPv4 address, or the /64 of an IPv6 address. Null for the command line.</summary>
    public string? Network => http.HttpContext is { } context ? NetworkOf(context.Connection.RemoteIpAddress) : null;

    /// <summary>The customers that the caller may see.</summary>
    public IQueryable<Customer> Customers => IsAdmin ? db.Customers : db.Customers.Where(c => c.Id == Id);

    /// <summary>The addresses that the caller may see.</summary>
    public IQueryable<Address> Addresses => IsAdmin ? db.Addresses : db.Addresses.Where(a => a.CustomerId == Id);

    public bool MaySee(long customerId) => IsAdmin || customerId == Id;

    private static string NetworkOf(IPAddress? address) => address switch
    {
        null => "unknown",
        { IsIPv4MappedToIPv6: true } => address.MapToIPv4().ToString(),
        { AddressFamily: AddressFamily.InterNetworkV6 } => $"{new IPAddress([.. address.GetAddressBytes()[..8], .. new byte[8]])}/64",
        _ => address.ToString(),
    };
}

internal static class Roles
{
    public const string Admin = "admin";
    public const string Customer = "customer";
    public const string Anonymous = "anonymous";
    public const string CommandLine = "command_line";
}
