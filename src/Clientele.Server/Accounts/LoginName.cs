namespace Clientele.Server.Accounts;

/// <summary>A name to sign in with. Usernames and e-mails share one namespace.</summary>
[Table("login_names", TableClass.Claim)]
[PrimaryKey(nameof(Name))]
internal sealed class LoginName
{
    /// <summary>The name in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string Name { get; init; }

    public required long CustomerId { get; init; }
}
