namespace Clientele.Tests.Loyalty;

/// <summary>A loyalty programme in the model.</summary>
internal sealed record ModelProgramme
{
    /// <summary>The programme of a service without settings.</summary>
    public static readonly ModelProgramme Default = new();

    public decimal PointsPerUnit { get; init; } = 1;

    public int PendingDays { get; init; }

    public int? ExpireAfterMonths { get; init; }

    /// <summary>The spending from which a tier begins, and the multiplier of points. Lowest first.</summary>
    public IReadOnlyList<(string Name, decimal From, decimal Multiplier)> Tiers { get; init; } =
        [("bronze", 0, 1), ("silver", 1_000, 1), ("gold", 5_000, 1), ("platinum", 10_000, 1)];

    public decimal Multiplier(decimal spent) => Tiers.Last(tier => tier.From <= spent).Multiplier;
}

/// <summary>An order in one of its revisions.</summary>
internal sealed record ModelRevision(string Order, int Revision, string Status, decimal Total, decimal Refunded, decimal? Rate)
{
    public bool Counts => Status is not ("pending" or "cancelled" or "refunded") && !(Refunded > 0 && Refunded == Total);

    /// <summary>Its value in the store's currency.</summary>
    public decimal Net => Counts ? Math.Round((Total - Refunded) * (Rate ?? 1), 2, MidpointRounding.ToEven) : 0;
}

/// <summary>An entry of the ledger. The points are signed; those of a release only move from pending to available.</summary>
internal sealed record ModelEntry(string Kind, long Points, long Balance, long Debt, DateTime? ExpiresAt);
