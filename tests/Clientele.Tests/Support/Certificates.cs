using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Clientele.Tests.Support;

/// <summary>Self-signed certificates in files that are removed when the run ends.</summary>
internal static class Certificates
{
    public const string Password = "of-the-certificate";

    /// <summary>A PKCS #12 file with an RSA key and a password.</summary>
    public static string NewPfx(DateTimeOffset? ends = null, int bits = 3072)
    {
        using var certificate = New(ends ?? TimeProvider.System.GetUtcNow().AddYears(1), bits);
        var file = NewFile("pfx");
        File.WriteAllBytes(file, certificate.Export(X509ContentType.Pkcs12, Password));
        return file;
    }

    /// <summary>A PEM file with a certificate and an RSA key.</summary>
    public static string NewPem(bool withKey = true)
    {
        using var certificate = New(TimeProvider.System.GetUtcNow().AddYears(1));
        using var key = certificate.GetRSAPrivateKey()!;
        var file = NewFile("pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + (withKey ? "\n" + key.ExportPkcs8PrivateKeyPem() : ""));
        return file;
    }

    /// <summary>A PEM file with a certificate and an ECDSA key, which cannot encrypt.</summary>
    public static string NewEcdsaPem()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var certificate = new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256)
            .CreateSelfSigned(TimeProvider.System.GetUtcNow().AddDays(-1), TimeProvider.System.GetUtcNow().AddYears(1));
        var file = NewFile("pem");
        File.WriteAllText(file, certificate.ExportCertificatePem() + "\n" + key.ExportPkcs8PrivateKeyPem());
        return file;
    }

    private static X509Certificate2 New(DateTimeOffset ends, int bits = 3072)
    {
        using var key = RSA.Create(bits);
        return new CertificateRequest("CN=keys", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).CreateSelfSigned(ends.AddYears(-2), ends);
    }

    private static string NewFile(string extension) => Path.Combine(TestDatabase.TemporaryDirectory, $"certificate-{Guid.NewGuid():N}.{extension}");
}
