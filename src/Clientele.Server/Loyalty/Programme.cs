namespace Clientele.Server.Loyalty;

/// <summary>The loyalty programme: the settings under <c>Loyalty:</c>.</summary>
internal sealed class Programme
{
    public const string Section = "Loyalty";

    private static readonly Tier[] Documented =
    [
        new() { Name = "bronze" },
        new() { Name = "silver", From = 1_000, DiscountPercentage = 5 },
        new() { Name = "gold", From = 5_000, DiscountPercentage = 10, PrioritySupport = true },
        new() { Name = "platinum", From = 10_000, DiscountPercentage = 15, FreeShipping = true, VipAccess = true },
    ];

    /// <summary>From the lowest to the highest; empty for the documented four.</summary>
    public IList<Tier> Tiers { get; } = [];

    /// <summary>Whether the tier follows the spending down as it follows it up.</summary>
    public Downgrade Downgrade { get; set; }

    /// <summary>The tiers in force, from the lowest to the highest.</summary>
    public IReadOnlyList<Tier> Ladder => Tiers.Count == 0 ? Documented : [.. Tiers];

    /// <summary>The tier that an amount of the store's currency reaches.</summary>
    public Tier For(decimal spent) => Ladder.LastOrDefault(tier => tier.From <= spent) ?? Ladder[0];

    /// <summary>What is wrong with the settings; null where nothing is.</summary>
    public string? Complaint()
    {
        if (Ladder[0].From != 0)
        {
            return "Loyalty:Tiers: the first tier must begin at 0.";
        }

        for (var i = 1; i < Ladder.Count; i++)
        {
            if (Ladder[i].From <= Ladder[i - 1].From)
            {
                return $"Loyalty:Tiers: {Ladder[i].Name} must begin above {Ladder[i - 1].Name}.";
            }
        }

        return Ladder.Select(tier => tier.Name).Distinct(StringComparer.Ordinal).Count() == Ladder.Count && Ladder.All(tier => tier.Name.Length > 0)
            ? null
            : "Loyalty:Tiers: every tier needs a name of its own.";
    }
}

internal enum Downgrade
{
    Automatic,
    Never,
}

/// <summary>A tier and what it gives.</summary>
internal sealed class Tier
{
    public string Name { get; set; } = "";

    /// <summary>The total spent that it takes, in the store's currency.</summary>
    public decimal From { get; set; }

    public decimal DiscountPercentage { get; set; }

    public bool PrioritySupport { get; set; }

    public bool FreeShipping { get; set; }

    public bool VipAccess { get; set; }
}
