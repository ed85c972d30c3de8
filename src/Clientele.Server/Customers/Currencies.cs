using System.Collections.Frozen;
using Clientele.Server.Addresses;

namespace Clientele.Server.Customers;

internal static class Currencies
{
    // ISO 4217's active codes: money, funds and metals. XTS (testing) and XXX (no currency) are left out,
    // because they make no sense as a preference.
    private const string Active = """
        AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BHD BIF BMD BND BOB BOV BRL BSD BTN BWP BYN BZD CAD CDF CHE CHF
        CHW CLF CLP CNY COP COU CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD
        HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD
        MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN
        PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TND TOP TRY TTD
        TWD TZS UAH UGX USD USN UYI UYU UYW UZS VED VES VND VUV WST XAD XAF XAG XAU XBA XBB XBC XBD XCD XCG XDR XOF XPD
        XPF XPT XSU XUA YER ZAR ZMW ZWG
        """;

    private static readonly Lazy<FrozenSet<string>> Known = new(() => Active
        .Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        .Concat(CountryRules.Default.All.Select(country => country.Currency).OfType<string>())
        .ToFrozenSet(StringComparer.OrdinalIgnoreCase));

    /// <summary>Accepts known ISO 4217 codes and converts them to upper case.</summary>
    public static bool TryNormalise(string? text, out string code)
    {
        code = (text ?? "").Trim().ToUpperInvariant();
        return Known.Value.Contains(code);
    }
}
