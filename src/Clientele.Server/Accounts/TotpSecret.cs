namespace Clientele.Server.Accounts;

/// <summary>The secret that a customer's authenticator app shares with the service.</summary>
[Table("totp_secrets", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId))]
internal sealed class TotpSecret
{
    public required long CustomerId { get; init; }

    /// <summary>The secret, encrypted for this customer.</summary>
    public required byte[] Protected { get; init; }

    public required DateTime CreatedAt { get; init; }

    /// <summary>Null until a first code has shown that the app has the secret. Until then nobody is asked for codes.</summary>
    public DateTime? EnabledAt { get; init; }

    /// <summary>The time step of the last code that was used. Codes of this step and of earlier ones are no longer valid.</summary>
    public long LastStep { get; init; }
}
