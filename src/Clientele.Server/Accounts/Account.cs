using Clientele.Server.Customers;
using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Clientele.Server.Accounts;

/// <summary>The secrets of a customer's account. They are in a table of their own, so that no query for a profile can return them.</summary>
[Table("accounts", TableClass.Owned)]
internal sealed class Account
{
    public required long CustomerId { get; init; }

    public required string PasswordHash { get; set; }

    /// <summary>Grows whenever all sessions end. A token carries the value that was current when it was issued.</summary>
    public int SecurityVersion { get; set; } = 1;

    internal sealed class Configuration : IEntityTypeConfiguration<Account>
    {
        public void Configure(EntityTypeBuilder<Account> builder)
        {
            builder.HasKey(a => a.CustomerId);
            builder.HasOne<Customer>().WithOne().HasForeignKey<Account>(a => a.CustomerId).OnDelete(DeleteBehavior.Cascade);
        }
    }
}

/// <summary>A name to sign in with. Usernames and e-mails share one namespace.</summary>
[Table("login_names", TableClass.Claim)]
internal sealed class LoginName
{
    /// <summary>The name in the form that is compared: <see cref="TextFolding.NameKey"/>.</summary>
    public required string Name { get; init; }

    public required long CustomerId { get; init; }

    internal sealed class Configuration : IEntityTypeConfiguration<LoginName>
    {
        public void Configure(EntityTypeBuilder<LoginName> builder) => builder.HasKey(n => n.Name);
    }
}

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
