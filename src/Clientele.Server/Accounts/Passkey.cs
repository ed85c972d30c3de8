namespace Clientele.Server.Accounts;

/// <summary>A passkey: the public key of a WebAuthn credential. The private key never leaves the owner's authenticator.</summary>
[Table("passkeys", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
[Index(nameof(CustomerId), nameof(CredentialHash), IsUnique = true)]
internal sealed class Passkey
{
    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The name that the owner has given.</summary>
    public required string Name { get; init; }

    /// <summary>The id that the authenticator has given: up to 1023 bytes.</summary>
    public required byte[] CredentialId { get; init; }

    /// <summary>The SHA-256 of the credential's id.</summary>
    public required byte[] CredentialHash { get; init; }

    /// <summary>The public key, a COSE_Key.</summary>
    public required byte[] PublicKey { get; init; }

    /// <summary>The authenticator's counter at the last use. It grows with each use; authenticators that have no counter always send 0.</summary>
    public required long SignCount { get; init; }

    /// <summary>How browsers can reach the authenticator, separated by commas.</summary>
    public required string Transports { get; init; }

    public required DateTime CreatedAt { get; init; }

    public DateTime? LastUsedAt { get; init; }

    public PasskeyResponse ToResponse() => new() { Id = Id, Name = Name, CreatedAt = CreatedAt, LastUsedAt = LastUsedAt };
}
