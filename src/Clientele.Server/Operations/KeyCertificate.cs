using System.Security.Cryptography.X509Certificates;

namespace Clientele.Server.Operations;

/// <summary>Reads a certificate and its private key from a file, for encrypting the key ring.</summary>
internal static class KeyCertificate
{
    /// <summary>Returns null and the reason if the file cannot be used.</summary>
    public static X509Certificate2? Load(string file, string? password, out string complaint)
    {
        complaint = "";
        X509Certificate2? certificate = null;
        try
        {
            var bytes = File.ReadAllBytes(file);
            var text = Encoding.Latin1.GetString(bytes);
#pragma warning disable CA2000 // Returned, or disposed at the end.
            certificate = text.Contains("-----BEGIN ", StringComparison.Ordinal)
                ? LoadPem(text, password)
                : X509CertificateLoader.LoadPkcs12(bytes, password);
#pragma warning restore CA2000
            using var key = certificate.GetRSAPrivateKey();
            if (key is not null)
            {
                return certificate;
            }

            complaint = certificate.HasPrivateKey ? "The private key is not an RSA key." : "The file has no private key.";
        }
        catch (Exception unusable) when (unusable
            is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException or NotSupportedException)
        {
            complaint = unusable.Message;
        }

        certificate?.Dispose();
        return null;
    }

    private static X509Certificate2 LoadPem(string text, string? password)
    {
        if (!text.Contains("PRIVATE KEY-----", StringComparison.Ordinal))
        {
            return X509Certificate2.CreateFromPem(text);
        }

        return text.Contains("-----BEGIN ENCRYPTED PRIVATE KEY-----", StringComparison.Ordinal)
            ? X509Certificate2.CreateFromEncryptedPem(text, text, password)
            : X509Certificate2.CreateFromPem(text, text);
    }
}
