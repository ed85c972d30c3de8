using System.Net;
using System.Net.Sockets;

namespace Clientele.Server.Webhooks;

/// <summary>
/// Which addresses are on the internet, by the registries of IANA. Webhooks reach no others: a caller could otherwise make the service talk to machines
/// behind it.
/// </summary>
internal static class PublicAddresses
{
    private static readonly IPNetwork[] NotPublic =
    [
        .. ((string[])[
            "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24", "192.0.2.0/24", "192.31.196.0/24",
            "192.52.193.0/24", "192.88.99.0/24", "192.168.0.0/16", "192.175.48.0/24", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4",
            "240.0.0.0/4",

            // Protocols, with Teredo and ORCHID; documentation; 6to4.
            "2001::/23", "2001:db8::/32", "2002::/16", "2620:4f:8000::/48", "3fff::/20",
        ]).Select(IPNetwork.Parse),
    ];

    public static bool Contain(IPAddress address) =>
        (address.AddressFamily == AddressFamily.InterNetwork || IsGlobalUnicast(address))
        && !Array.Exists(NotPublic, network => network.Contains(address));

    /// <summary>
    /// 2000::/3. Everything outside of it is local, reserved, or stands for an IPv4 address: loopback, link-local, unique-local, multicast, NAT64, and the
    /// mapped, compatible and translated forms. IPNetwork would compare the IPv4 address in a mapped one.
    /// </summary>
    private static bool IsGlobalUnicast(IPAddress address) => (address.GetAddressBytes()[0] & 0xE0) == 0x20;
}
