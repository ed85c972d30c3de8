using System.Security.Cryptography.X509Certificates;

namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Keys:</c>.</summary>
internal sealed class KeySettings : IValidatableObject
{
    private const string Present = "Keys:Certificate";
    private const int ShortestKey = 2048;

    /// <summary>A folder for the key ring; null to store it in the database.</summary>
    public string? Directory { get; set; }

    /// <summary>A PKCS #12 or PEM file with a certificate and its private RSA key, which encrypts the key ring; null to leave the ring unencrypted.</summary>
    public string? Certificate { get; set; }

    /// <summary>The password of that file; null for none.</summary>
    public string? CertificatePassword { get; set; }

    /// <summary>Certificates that encrypted keys before the present one, so that these keys can still be read.</summary>
    public IList<FormerCertificate> FormerCertificates { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        !string.IsNullOrEmpty(Directory) && OwnerOnly.Complaint(Directory) is { } complaint
            ? [new($"Keys:Directory: must be a folder that the service can write to: {complaint}")]
            : CertificateComplaints();

    private IEnumerable<ValidationResult> CertificateComplaints()
    {
        var former = FormerCertificates.Select((one, i) => (Name: $"Keys:FormerCertificates:{i}:File", one.File, one.Password));
        return former.Prepend((Name: Present, File: Certificate, Password: CertificatePassword))
            .Select(one => string.IsNullOrEmpty(one.File) ? null : Complaint(one.Name, one.File, one.Password))
            .OfType<string>().Select(complaint => new ValidationResult(complaint));
    }

    private static string? Complaint(string name, string file, string? password)
    {
        using var certificate = KeyCertificate.Load(file, password, out var complaint);
        using var key = certificate?.GetRSAPublicKey();
        return key is null ? $"{name}: must be a PKCS #12 or PEM file with a certificate and its private RSA key: {complaint}"
            : name != Present || key.KeySize >= ShortestKey ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{name}: must have an RSA key of at least {ShortestKey} bits, not of {key.KeySize}. "
                + $"Set a new one, and this one as Keys:FormerCertificates:0:File if it has encrypted keys.");
    }
}
