namespace Clientele.Server.Loyalty;

internal static class ProgrammeEndpoints
{
    private const string Everybody = "scatter: the whole programme";

    public static void Map(IEndpointRouteBuilder api)
    {
        var loyalty = api.MapGroup("/api/customers/loyalty").WithTags("Loyalty");
        loyalty.MapGet("/tiers/", GetLoyaltyProgramme).WithName(nameof(GetLoyaltyProgramme)).For(Who.Public);
        loyalty.MapPost("/simulate/", SimulateTiers).WithName(nameof(SimulateTiers)).For(Who.Admin, KeyScope.PointsRead).ReadsAllCustomers();
        loyalty.MapGet("/liability/", GetLiability).WithName(nameof(GetLiability)).For(Who.Admin, KeyScope.PointsRead).ReadsAllCustomers().Answers(400);
    }

    /// <summary>Get the loyalty programme</summary>
    /// <remarks>The tiers, their benefits, and how customers earn points.</remarks>
    internal static Ok<LoyaltyProgrammeResponse> GetLoyaltyProgramme(IOptions<Programme> programme, IOptions<Store> store) =>
        TypedResults.Ok(new LoyaltyProgrammeResponse
        {
            Currency = store.Value.Currency,
            PointsPerUnit = programme.Value.PointsPerUnit,
            EarnOn = programme.Value.EarnOn == EarnOn.Delivered ? "delivered" : "counts",
            PendingDays = programme.Value.PendingDays,
            ExpireAfterMonths = programme.Value.ExpireAfterMonths == 0 ? null : programme.Value.ExpireAfterMonths,
            Tiers = [.. programme.Value.Ladder.Select(tier => new LoyaltyTier { Name = tier.Name, From = tier.From, Benefits = tier.ToBenefits() })],
        });

    /// <summary>Simulate other thresholds</summary>
    /// <remarks>
    /// Calculates who would move up and down, per tier, with other thresholds. Changes nothing. Locked tiers would not change. Tiers with a floor would
    /// not fall below it.
    /// </remarks>
    internal static async Task<Results<Ok<SimulateTiersResponse>, Problem>> SimulateTiers(
        Body<SimulateTiersRequest> body, ClienteleDb db, IOptions<Programme> programme, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        var ladder = Ladder(programme.Value, request.Tiers ?? [], errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var standings = await db.Customers.TagWith(Everybody).GroupBy(Standing(ladder, clock.Now()))
            .Select(group => new { group.Key.Tier, group.Key.Qualified, group.Key.IsLocked, group.Key.Floor, Customers = group.LongCount() })
            .ToListAsync(cancellationToken);
        var names = ladder.ConvertAll(tier => tier.Name);
        var moves = standings.ConvertAll(standing =>
        {
            var (from, to) = (names.IndexOf(standing.Tier), Math.Max(names.IndexOf(standing.Qualified), names.IndexOf(standing.Floor)));
            var stays = standing.IsLocked || (to < from && programme.Value.Downgrade == Downgrade.Never);
            return new Move(standing.Tier, from, stays ? standing.Tier : names[to], stays ? from : to, standing.Customers);
        });
        return TypedResults.Ok(Simulated(ladder, moves));
    }

    /// <summary>Get the points outstanding</summary>
    /// <remarks>
    /// Calculated from the ledger alone, for any instant in the past: the points that customers had then, available and pending, including customers
    /// who have been erased since. An instant in the future means now.
    /// </remarks>
    /// <param name="as_of" example="2025-12-31">An instant, or a date, which means the end of the day in UTC; now by default.</param>
    internal static async Task<Results<Ok<LiabilityResponse>, Problem>> GetLiability(
        string? as_of, HttpContext context, ClienteleDb db, TimeProvider clock, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "as_of");
        var now = clock.Now();
        var instant = as_of is null ? now : Instant(as_of, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        instant = instant > now ? now : instant;
        return TypedResults.Ok(new LiabilityResponse { AsOf = instant, Points = await Liability.AtAsync(db, instant, cancellationToken) });
    }

    private static SimulateTiersResponse Simulated(List<(string Name, long From)> ladder, List<Move> moves) => new()
    {
        Up = moves.Where(move => move.To > move.From).Sum(move => move.Customers),
        Down = moves.Where(move => move.To < move.From).Sum(move => move.Customers),
        Unchanged = moves.Where(move => move.To == move.From).Sum(move => move.Customers),
        Tiers = [.. ladder.Select((tier, i) => new TierSimulation
        {
            Name = tier.Name,
            From = tier.From / 100m,
            Customers = moves.Where(move => move.From == i).Sum(move => move.Customers),
            WouldHave = moves.Where(move => move.To == i).Sum(move => move.Customers),
            Up = moves.Where(move => move.From == i && move.To > i).Sum(move => move.Customers),
            Down = moves.Where(move => move.From == i && move.To < i).Sum(move => move.Customers),
        })],
        Moves =
        [
            .. moves.GroupBy(move => (move.From, move.To, move.FromTier, move.ToTier), move => move.Customers).OrderBy(move => move.Key)
                .Select(move => new TierMove { From = move.Key.FromTier, To = move.Key.ToTier, Customers = move.Sum() }),
        ],
    };

    private static List<(string Name, long From)> Ladder(Programme programme, IReadOnlyList<TierThreshold> thresholds, Errors errors)
    {
        var ladder = programme.Ladder.Select(tier => (tier.Name, From: (long)(tier.From * 100))).ToList();
        for (var i = 0; i < thresholds.Count; i++)
        {
            // The list may contain nulls from JSON, although its type does not allow them.
            var at = thresholds[i] is { } threshold ? ladder.FindIndex(tier => tier.Name == threshold.Name) : -1;
            if (at < 0)
            {
                errors.Add(
                    string.Create(CultureInfo.InvariantCulture, $"tiers/{i}/name"),
                    $"Must be one of {string.Join(", ", programme.TierNames)}.");
            }
            else if (thresholds[i].From is < 0 or > 1_000_000_000_000)
            {
                errors.Add(string.Create(CultureInfo.InvariantCulture, $"tiers/{i}/from"), "Must be between 0 and 1000000000000.00.");
            }
            else
            {
                ladder[at] = (ladder[at].Name, (long)(thresholds[i].From * 100));
            }
        }

        errors.Require(errors.Any || ladder[0].From == 0, "tiers", $"The lowest tier, {ladder[0].Name}, must begin at 0.");
        for (var i = 1; !errors.Any && i < ladder.Count; i++)
        {
            if (ladder[i].From <= ladder[i - 1].From)
            {
                errors.Add("tiers", $"{ladder[i].Name} must begin above {ladder[i - 1].Name}.");
            }
        }

        return ladder;
    }

    /// <summary>The data of a customer that the simulation needs, as a query.</summary>
    private static Expression<Func<Customer, TierStanding>> Standing(IEnumerable<(string, long)> ladder, DateTime now)
    {
        Expression<Func<Customer, string, TierStanding>> standing = (c, qualified) =>
            new TierStanding
            {
                Tier = c.LoyaltyTier,
                Qualified = qualified,
                IsLocked = c.TierLocked && (c.TierLockedUntil == null || c.TierLockedUntil > now) && c.TierFloor == null,
                Floor = c.TierLockedUntil == null || c.TierLockedUntil > now ? c.TierFloor ?? "" : "",
            };
        var qualified = Retiering.Qualified(ladder);
        return Expression.Lambda<Func<Customer, TierStanding>>(
            Swap.In(Swap.In(standing.Body, standing.Parameters[1], qualified.Body), qualified.Parameters[0], standing.Parameters[0]), standing.Parameters[0]);
    }

    private static DateTime Instant(string text, Errors errors)
    {
        if (Instants.TryParseDate(text, out var date))
        {
            return date + new TimeSpan(0, 23, 59, 59, 999);
        }

        var isInstant = Instants.TryParseQuery(text, out var instant);
        errors.Require(isInstant || errors.Has("as_of"), "as_of", "Must be a date (2025-12-31) or an instant (2025-12-31T12:00:00Z).");
        return instant;
    }

    /// <summary>Customers and the tiers that they have and would have. The rank of a tier that is no longer configured is -1.</summary>
    private sealed record Move(string FromTier, int From, string ToTier, int To, long Customers);

    private sealed class TierStanding
    {
        public required string Tier { get; init; }

        public required string Qualified { get; init; }

        /// <summary>Whether the tier would not change, not even upwards.</summary>
        public required bool IsLocked { get; init; }

        /// <summary>The tier below which it would not fall; empty for none.</summary>
        public required string Floor { get; init; }
    }
}
