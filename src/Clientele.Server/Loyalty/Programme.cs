namespace Clientele.Server.Loyalty;

/// <summary>The loyalty programme: the settings under <c>Loyalty:</c>.</summary>
internal sealed class Programme
{
    public const string Section = "Loyalty";

    /// <summary>From the lowest to the highest.</summary>
    public IReadOnlyList<Tier> Tiers { get; init; } =
    [
        new Tier { Name = "bronze" },
        new Tier { Name = "silver", From = 1_000, DiscountPercentage = 5 },
        new Tier { Name = "gold", From = 5_000, DiscountPercentage = 10, PrioritySupport = true },
        new Tier { Name = "platinum", From = 10_000, DiscountPercentage = 15, FreeShipping = true, VipAccess = true },
    ];
}

/// <summary>A tier and what it gives.</summary>
internal sealed class Tier
{
    public required string Name { get; init; }

    /// <summary>The total spent that it takes, in the store's currency.</summary>
    public decimal From { get; init; }

    public decimal DiscountPercentage { get; init; }

    public bool PrioritySupport { get; init; }

    public bool FreeShipping { get; init; }

    public bool VipAccess { get; init; }
}
