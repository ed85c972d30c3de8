using System.Security.Cryptography.X509Certificates;
using Clientele.Server.Operations;
using Microsoft.AspNetCore.DataProtection;

namespace Clientele.Server.Accounts;

/// <summary>Encrypts the key ring with a certificate, if one is set. A copy of the database or of the folder is then useless without its private key.</summary>
internal static class KeyRingEncryption
{
    /// <summary>A certificate that cannot be read is left out here: the settings are checked later, and then the service does not start.</summary>
    public static void Add(IDataProtectionBuilder protection, IConfiguration configuration)
    {
        var settings = new KeySettings();
        configuration.Bind("Keys", settings);

        // The certificates are needed until the process ends.
#pragma warning disable CA2000
        var present = Load(settings.Certificate, settings.CertificatePassword);
#pragma warning restore CA2000
        if (present is not null)
        {
            protection.ProtectKeysWithCertificate(present);
        }

        X509Certificate2[] all =
        [
            .. settings.FormerCertificates.Select(former => Load(former.File, former.Password)).Prepend(present).OfType<X509Certificate2>(),
        ];
        protection.UnprotectKeysWithAnyCertificate(all);
    }

    private static X509Certificate2? Load(string? file, string? password) =>
        string.IsNullOrEmpty(file) ? null : KeyCertificate.Load(file, password, out _);
}
