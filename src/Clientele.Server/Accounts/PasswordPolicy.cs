namespace Clientele.Server.Accounts;

/// <summary>The settings under <c>Passwords:</c>, in characters (code points after normalisation).</summary>
internal sealed class PasswordPolicy : IValidatableObject
{
    [Range(1, 1024)]
    public int Minimum { get; set; } = 8;

    [Range(1, 1024)]
    public int StaffMinimum { get; set; } = 15;

    [Range(1, 1024)]
    public int Maximum { get; set; } = 256;

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Math.Max(Minimum, StaffMinimum) > Maximum)
        {
            yield return new($"Passwords:Maximum: must be at least Passwords:Minimum and Passwords:StaffMinimum, not {Maximum}.");
        }
    }
}
