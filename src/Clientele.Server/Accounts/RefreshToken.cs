namespace Clientele.Server.Accounts;

/// <summary>A refresh token, stored as its SHA-256. All tokens of one sign-in share a family.</summary>
[Table("refresh_tokens", TableClass.Owned)]
internal sealed class RefreshToken
{
    public required long CustomerId { get; init; }

    public required byte[] TokenHash { get; init; }

    public required Guid FamilyId { get; init; }

    /// <summary>The account's security version at the sign-in. If the account has another one now, the token is invalid.</summary>
    public required int SecurityVersion { get; init; }

    public required DateTime SignedInAt { get; init; }

    public required DateTime ExpiresAt { get; init; }

    public DateTime? UsedAt { get; set; }

    internal sealed class Configuration : IEntityTypeConfiguration<RefreshToken>
    {
        public void Configure(EntityTypeBuilder<RefreshToken> builder)
        {
            builder.HasKey(t => new { t.CustomerId, t.TokenHash });
            builder.HasIndex(t => t.ExpiresAt);
            builder.HasOne<Customer>().WithMany().HasForeignKey(t => t.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}
