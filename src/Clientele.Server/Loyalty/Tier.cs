namespace Clientele.Server.Loyalty;

/// <summary>A tier and its benefits.</summary>
internal sealed class Tier
{
    public string Name { get; set; } = "";

    /// <summary>The total spending at which the tier begins, in the store's currency.</summary>
    public decimal From { get; set; }

    /// <summary>What the points of an order are multiplied by.</summary>
    public decimal PointsMultiplier { get; set; } = 1;

    public decimal DiscountPercentage { get; set; }

    public bool PrioritySupport { get; set; }

    public bool FreeShipping { get; set; }

    public bool VipAccess { get; set; }

    public TierBenefits ToBenefits() => new()
    {
        DiscountPercentage = DiscountPercentage,
        PrioritySupport = PrioritySupport,
        FreeShipping = FreeShipping,
        VipAccess = VipAccess,
        PointsMultiplier = PointsMultiplier,
    };
}
