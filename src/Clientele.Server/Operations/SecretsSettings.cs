namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Secrets:</c>.</summary>
internal sealed class SecretsSettings
{
    /// <summary>A folder with a file for each secret setting; null for none.</summary>
    public string? Directory { get; set; }
}
