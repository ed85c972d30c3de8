using Clientele.Server.History;

namespace Clientele.Server.Loyalty;

/// <summary>The loyalty programme: the settings under <c>Loyalty:</c>.</summary>
internal sealed class Programme : IValidatableObject
{
    private static readonly Tier[] Documented =
    [
        new() { Name = "bronze" },
        new() { Name = "silver", From = 1_000, DiscountPercentage = 5 },
        new() { Name = "gold", From = 5_000, DiscountPercentage = 10, PrioritySupport = true },
        new() { Name = "platinum", From = 10_000, DiscountPercentage = 15, FreeShipping = true, VipAccess = true },
    ];

    /// <summary>The tiers from the lowest to the highest; empty for the four documented ones.</summary>
    public IList<Tier> Tiers { get; } = [];

    /// <summary>Whether the tier goes down when the spending does.</summary>
    public Downgrade Downgrade { get; set; }

    /// <summary>When an order earns points.</summary>
    public EarnOn EarnOn { get; set; }

    /// <summary>Points per unit of the store's currency.</summary>
    [Range(typeof(decimal), "0", "1000", ParseLimitsInInvariantCulture = true, ConvertValueInInvariantCulture = true)]
    public decimal PointsPerUnit { get; set; } = 1;

    /// <summary>For how many days the points of an order are held back; 0 for none.</summary>
    [Range(0, 3_650)]
    public int PendingDays { get; set; }

    /// <summary>After how many months points expire; 0 for never.</summary>
    [Range(0, 1_200)]
    public int ExpireAfterMonths { get; set; }

    /// <summary>The same programme, which can be changed on its own.</summary>
    public Programme Copy()
    {
        var copy = new Programme
        {
            Downgrade = Downgrade,
            EarnOn = EarnOn,
            PointsPerUnit = PointsPerUnit,
            PendingDays = PendingDays,
            ExpireAfterMonths = ExpireAfterMonths,
        };
        Tiers.ToList().ForEach(copy.Tiers.Add);
        return copy;
    }

    /// <summary>The current tiers, from the lowest to the highest.</summary>
    public IReadOnlyList<Tier> Ladder => Tiers.Count == 0 ? Documented : [.. Tiers];

    public IReadOnlyList<string> TierNames => [.. Ladder.Select(tier => tier.Name)];

    /// <summary>The tier with this name; null if it is no longer configured.</summary>
    public Tier? Named(string name) => Ladder.FirstOrDefault(tier => tier.Name == name);

    /// <summary>The tier that an amount in the store's currency qualifies for.</summary>
    public Tier For(decimal spent) => Ladder.LastOrDefault(tier => tier.From <= spent) ?? Ladder[0];

    /// <summary>The tier's multiplier for points; 1 for a tier that is no longer configured.</summary>
    private decimal MultiplierOf(string tier) => Named(tier)?.PointsMultiplier ?? 1;

    /// <summary>
    /// Whether the order earns points now. A partially refunded order may not have been delivered, but only its newest revision is known,
    /// and most such orders have been delivered.
    /// </summary>
    public bool Earns(Order order) => order.Counts && (EarnOn == EarnOn.Counts || Order.Delivered.Contains(order.Status));

    /// <summary>The basis of an order's points from now on, for a customer of this tier.</summary>
    public PointsOrder PointsOrderFor(Order order, string tier) => new()
    {
        CustomerId = order.CustomerId,
        OrderNumber = order.OrderNumber,
        Rate = (long)(PointsPerUnit * PointsOrder.Scale),
        Multiplier = (long)(MultiplierOf(tier) * PointsOrder.Scale),
    };

    /// <summary>A text that changes with every setting that decides tiers.</summary>
    public string Fingerprint()
    {
        var tiers = Ladder.Select(tier => string.Create(CultureInfo.InvariantCulture, $"{tier.Name}={tier.From:0.00}"));
        return $"{Downgrade}:{string.Join(',', tiers)}";
    }

    /// <summary>
    /// A text that changes with every setting that decides which orders earn. If the backfill of old orders is ever changed, increase the number,
    /// and all orders are checked again.
    /// </summary>
    public string FillingFingerprint() => $"1 {EarnOn}";

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext) =>
        new[] { PointsComplaint(), TiersComplaint() }.OfType<string>().Select(complaint => new ValidationResult(complaint));

    private string? PointsComplaint() => this switch
    {
        _ when IsFinerThan(PointsPerUnit, 6) => "Loyalty:PointsPerUnit: may have at most six decimal places.",
        { ExpireAfterMonths: > 0 } when PendingDays >= ExpireAfterMonths * 28 =>
            "Loyalty:PendingDays: points would expire before they are released; see Loyalty:ExpireAfterMonths.",
        _ => null,
    };

    private string? TiersComplaint() => this switch
    {
        _ when Ladder.Select(TierComplaint).OfType<string>().FirstOrDefault() is { } complaint => complaint,
        _ when Ladder[0].From != 0 => "Loyalty:Tiers: the first tier must begin at 0.",
        _ when Ladder.Zip(Ladder.Skip(1)).FirstOrDefault(pair => pair.Second.From <= pair.First.From) is ({ } below, { } above) =>
            $"Loyalty:Tiers: {above.Name} must begin above {below.Name}.",
        _ when Ladder.FirstOrDefault(tier => tier.Name != TextFolding.Fold(tier.Name)) is { } unfolded =>
            $"Loyalty:Tiers: {unfolded.Name} must be in lower case and without accents, as names are compared: {TextFolding.Fold(unfolded.Name)}.",
        _ when Ladder.Select(tier => tier.Name).Distinct(StringComparer.Ordinal).Count() < Ladder.Count || Ladder.Any(tier => tier.Name.Length == 0) =>
            "Loyalty:Tiers: every tier needs a unique name.",
        _ => null,
    };

    private static string? TierComplaint(Tier tier) => tier switch
    {
        _ when tier.PointsMultiplier is < 0 or > 100 || IsFinerThan(tier.PointsMultiplier, 6) =>
            $"Loyalty:Tiers: the PointsMultiplier of {tier.Name} must be between 0 and 100, with six decimal places at most.",
        { DiscountPercentage: < 0 or > 100 } => $"Loyalty:Tiers: the DiscountPercentage of {tier.Name} must be between 0 and 100.",
        _ when tier.From > 1_000_000_000_000 || IsFinerThan(tier.From, 2) => $"Loyalty:Tiers: the From of {tier.Name} must be an amount such as 1000.00.",
        _ => null,
    };

    private static bool IsFinerThan(decimal value, int places) => decimal.Round(value, places) != value;
}

/// <summary>When an order earns points for the first time.</summary>
internal enum EarnOn
{
    /// <summary>When the order counts in the statistics.</summary>
    Counts,

    /// <summary>When the order is delivered.</summary>
    Delivered,
}

internal enum Downgrade
{
    Automatic,
    Never,
}
