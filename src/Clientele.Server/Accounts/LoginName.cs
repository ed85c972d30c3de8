namespace Clientele.Server.Accounts;

/// <summary>A name to sign in with. Usernames and e-mails share one namespace.</summary>
[Table("login_names", TableClass.Claim)]
[PrimaryKey(nameof(Name))]
internal sealed class LoginName
{
    /// <summary>The name in the form that is compared: <see cref="AccountNames.Key"/>.</summary>
    public required string Name { get; init; }

    public required long CustomerId { get; init; }

    /// <summary>
    /// Set for a former e-mail, which its owner can still take back: until then nobody can claim it, and nobody can sign in with it. Null for a name that
    /// signs in.
    /// </summary>
    public DateTime? HeldUntil { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<LoginName>
    {
        public void Configure(EntityTypeBuilder<LoginName> builder) => builder.HasIndex(n => n.HeldUntil).HasFilter("held_until IS NOT NULL");
    }
}
