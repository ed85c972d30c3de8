namespace Clientele.Server.Operations;

/// <summary>A certificate that encrypted keys of the key ring before the present one.</summary>
internal sealed class FormerCertificate
{
    /// <summary>A file with the certificate and its private key, as for <see cref="KeySettings.Certificate"/>.</summary>
    public string? File { get; set; }

    public string? Password { get; set; }
}
