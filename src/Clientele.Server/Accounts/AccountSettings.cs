namespace Clientele.Server.Accounts;

/// <summary>The settings under <c>Accounts:</c>.</summary>
internal sealed class AccountSettings
{
    /// <summary>Whether a registration sends the mail that proves the e-mail address.</summary>
    public bool SendVerification { get; set; } = true;
}
