namespace Clientele.Server.Messages;

/// <summary>The settings under <c>Messages:</c>.</summary>
internal sealed class MessageSettings : IValidatableObject
{
    /// <summary>Where messages are written while there is no server for them; null for a folder next to the database.</summary>
    public string? Folder { get; set; }

    /// <summary>A folder with templates that replace those of the service.</summary>
    public string? Templates { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        FolderComplaints().Concat(TemplateComplaints()).Select(complaint => new ValidationResult($"Messages:{complaint}"));

    private IEnumerable<string> FolderComplaints() => !string.IsNullOrEmpty(Folder) && OwnerOnly.Complaint(Folder) is { } complaint
        ? [$"Folder: must be a folder that the service can write to: {complaint}"]
        : [];

    private IEnumerable<string> TemplateComplaints() =>
        string.IsNullOrEmpty(Templates) ? []
        : !Directory.Exists(Templates) ? [$"Templates: must be a folder that exists, not {Errors.Cut(Templates)}."]
        : Directory.EnumerateFiles(Templates, "*.liquid").Order(StringComparer.Ordinal)
            .Select(TemplateSource.Complaint).OfType<string>().Select(complaint => $"Templates: {complaint}");
}
