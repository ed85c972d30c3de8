namespace Clientele.Server.Loyalty;

/// <summary>Since when a customer had a tier, and why. The interval ends where the next one begins.</summary>
[Table("tier_intervals", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Sequence))]
internal sealed class TierInterval
{
    public required long CustomerId { get; init; }

    public required int Sequence { get; init; }

    public required string Tier { get; init; }

    public required DateTime From { get; init; }

    public required string Cause { get; init; }

    /// <summary>The interval with its end, which is where the next one begins.</summary>
    public TierPeriodResponse ToResponse(DateTime? to) => new() { Id = Sequence, LoyaltyTier = Tier, From = From, To = to, Cause = Cause };
}
