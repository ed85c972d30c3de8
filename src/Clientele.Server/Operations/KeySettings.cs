namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Keys:</c>.</summary>
internal sealed class KeySettings : IValidatableObject
{
    /// <summary>A folder for the key ring; null to store it in the database.</summary>
    public string? Directory { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        var complaint = "";
        try
        {
            if (!string.IsNullOrEmpty(Directory))
            {
                System.IO.Directory.CreateDirectory(Directory);
            }
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            complaint = unusable.Message;
        }

        return complaint.Length == 0 ? [] : [new($"Keys:Directory: must be a folder that the service can write to: {complaint}")];
    }
}
