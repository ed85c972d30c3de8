namespace Clientele.Server.Accounts;

/// <summary>
/// The settings under <c>Links:</c>: where the links in mails lead, for example to pages of the shop. <c>{token}</c> stands for the token.
/// </summary>
internal sealed class LinkSettings : IValidatableObject
{
    public const string Token = "{token}";

    /// <summary>Null for the service's own page.</summary>
    public string? VerifyEmail { get; set; }

    /// <summary>Null for the service's own page.</summary>
    public string? ResetPassword { get; set; }

    /// <summary>Null for the service's own page.</summary>
    public string? UndoEmail { get; set; }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        new[]
        {
            (Name: nameof(VerifyEmail), Value: VerifyEmail), (Name: nameof(ResetPassword), Value: ResetPassword), (Name: nameof(UndoEmail), Value: UndoEmail),
        }
            .Where(setting => !string.IsNullOrEmpty(setting.Value) && !IsTemplate(setting.Value))
            .Select(setting => new ValidationResult(
                $"Links:{setting.Name}: must be an address with {Token} in it, such as https://shop.example/account/#{Token}, "
                + $"not {Errors.Cut(setting.Value!)}."));

    private static bool IsTemplate(string text) =>
        text.Contains(Token, StringComparison.Ordinal)
        && Uri.TryCreate(text.Replace(Token, "t", StringComparison.Ordinal), UriKind.Absolute, out var address) && address.Scheme is "http" or "https";
}
