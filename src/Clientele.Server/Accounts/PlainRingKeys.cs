using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Clientele.Server.Accounts;

/// <summary>
/// The keys that the ring in the database got before a certificate was set. The framework encrypts only new keys, and what older keys protect, such as
/// the secrets of second factors, stays protected by them.
/// </summary>
internal sealed class PlainRingKeys(ClienteleDb db, IOptions<KeyManagementOptions> ring)
{
    private static readonly XNamespace Names = "http://schemas.asp.net/2015/03/dataProtection";

    /// <summary>Encrypts them with the certificate, and returns how many there were; null if no certificate is set.</summary>
    public async Task<int?> EncryptAsync(CancellationToken cancellationToken)
    {
        if (ring.Value.XmlEncryptor is not { } encryptor)
        {
            return null;
        }

        var encrypted = 0;
        foreach (var key in await db.DataProtectionKeys.ToListAsync(cancellationToken))
        {
            var element = XElement.Parse(key.Xml!);
            if (Encrypt(element, encryptor))
            {
                var text = element.ToString(SaveOptions.DisableFormatting);
                encrypted += await db.DataProtectionKeys.Where(k => k.FriendlyName == key.FriendlyName && k.Xml == key.Xml)
                    .ExecuteUpdateAsync(set => set.SetProperty(k => k.Xml, text), cancellationToken);
            }
        }

        return encrypted;
    }

    /// <summary>Replaces the secrets of a key, in the form in which the framework writes them. Returns false if it has none in the clear.</summary>
    private static bool Encrypt(XElement key, IXmlEncryptor encryptor)
    {
        var secrets = key.Descendants().Where(element => (bool?)element.Attribute(Names + "requiresEncryption") == true).ToList();
        foreach (var secret in secrets)
        {
            var info = encryptor.Encrypt(secret);
            secret.ReplaceWith(new XElement(
                Names + "encryptedSecret", new XAttribute("decryptorType", info.DecryptorType.AssemblyQualifiedName!), info.EncryptedElement));
        }

        return secrets.Count > 0;
    }
}
