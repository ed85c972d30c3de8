using Clientele.Server.History;
using Microsoft.AspNetCore.Mvc;

namespace Clientele.Server.Loyalty;

internal static class PointsEndpoints
{
    private const string DefaultReason = "Manual adjustment";

    private static readonly string[] Kinds = [.. Enum.GetNames<PointsEntryKind>().Select(Wire)];

    public static readonly ListDefinition<PointsEntry> List = new ListDefinition<PointsEntry>(e => e.Id, "-id")
        .OneOf("kind", "The kind", Kinds, "redeem", Kind)
        .Instant("created_after", "Written at or after this instant.", value => e => e.CreatedAt >= value)
        .Instant("created_before", "Written at or before this instant.", value => e => e.CreatedAt <= value)
        .Order("id", e => e.Id);

    public static void Map(IEndpointRouteBuilder api)
    {
        var customers = api.MapGroup("/api/customers/customers/{id:long}").WithTags("Loyalty")
            .WithId("entries", "The entry's number in the customer's ledger.", 7);
        customers.MapPost("/add_loyalty_points/", AddLoyaltyPoints).WithName(nameof(AddLoyaltyPoints)).For(Who.Admin, KeyScope.PointsWrite)
            .Answers(404).Answers("insufficient_points");
        customers.MapPost("/redeem_loyalty_points/", RedeemLoyaltyPoints).WithName(nameof(RedeemLoyaltyPoints)).For(Who.Admin, KeyScope.PointsWrite)
            .Answers(404).Answers("insufficient_points");
        customers.MapGet("/loyalty/entries/", ListLoyaltyEntries).WithName(nameof(ListLoyaltyEntries)).For(Who.OwnerOrAdmin, KeyScope.PointsRead)
            .Lists(List).Answers(400, 404);
        customers.MapPost("/loyalty/entries/{entry_id:long}/reverse/", ReverseLoyaltyEntry).WithName(nameof(ReverseLoyaltyEntry))
            .For(Who.Admin, KeyScope.PointsWrite).Answers(404).Answers("not_reversible", "already_reversed").BodyOptional();
    }

    /// <summary>Add loyalty points, or take points away</summary>
    /// <remarks>
    /// Writes an entry to the customer's ledger. Taking more than the available points is a 409, and nothing changes. A member that this call does
    /// not know is a 400.
    /// </remarks>
    internal static async Task<Results<Ok<AddLoyaltyPointsResponse>, Problem>> AddLoyaltyPoints(
        long id, Body<AddLoyaltyPointsRequest> body, CustomerWrites writes, Ledger ledger, TimeProvider clock, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        Check(request, clock.Now(), errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        var points = request.Points!.Value;
        var reason = string.IsNullOrWhiteSpace(request.Reason) ? DefaultReason : request.Reason;
        return await writes.RunAsync<Ok<AddLoyaltyPointsResponse>>(
            new(id),
            async customer =>
            {
                var account = await ledger.OpenAsync(customer, takes: points < 0, cancellationToken);
                if (!account.Adjust(points, reason, request.ExpiresAt))
                {
                    return Insufficient(customer);
                }

                writes.Record(customer, AuditAction.LoyaltyPointsAdjusted, isNewVersion: false);
                return TypedResults.Ok(new AddLoyaltyPointsResponse
                {
                    Message = string.Create(CultureInfo.InvariantCulture, $"{Math.Abs(points)} points {(points > 0 ? "added" : "taken away")}."),
                    CustomerId = id,
                    NewBalance = customer.LoyaltyPoints,
                    Reason = reason,
                });
            },
            cancellationToken);
    }

    /// <summary>Spend a customer's points</summary>
    /// <remarks>
    /// Points that are due are released or expire first. Then the points that expire soonest are spent, then the oldest. Spending more than the
    /// available points is a 409, and nothing changes. With an Idempotency-Key a repeated request spends the points only once. A member that this call
    /// does not know is a 400.
    /// </remarks>
    internal static async Task<Results<Ok<RedeemLoyaltyPointsResponse>, Problem>> RedeemLoyaltyPoints(
        long id, Body<RedeemLoyaltyPointsRequest> body, CustomerWrites writes, Ledger ledger, CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        Check(request, errors);
        var lots = new List<PointsLot>();
        return errors.Any ? Problems.Invalid(errors) : await writes.RunAsync<Ok<RedeemLoyaltyPointsResponse>>(
            new(id) { Along = [Ledger.OpenLots(lots)] },
            customer => Task.FromResult(Redeem(customer, request.Points!.Value)),
            cancellationToken);

        Results<Ok<RedeemLoyaltyPointsResponse>, Problem> Redeem(Customer customer, long points)
        {
            if (ledger.Open(customer, lots).Redeem(points, request.Reason!, request.OrderNumber) is not { } entry)
            {
                return Insufficient(customer);
            }

            writes.Record(customer, AuditAction.LoyaltyPointsRedeemed, isNewVersion: false);
            return TypedResults.Ok(new RedeemLoyaltyPointsResponse
            {
                Message = string.Create(CultureInfo.InvariantCulture, $"{points} points redeemed."),
                CustomerId = id,
                EntryId = entry.Id,
                Redeemed = points,
                NewBalance = customer.LoyaltyPoints,
            });
        }
    }

    /// <summary>List the entries of a customer's ledger</summary>
    /// <remarks>The complete history of the customer's points, newest first. Entries are never changed or removed.</remarks>
    internal static async Task<Results<PageResult<LoyaltyEntryResponse>, Problem>> ListLoyaltyEntries(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        return await list.PageAsync(List, db.PointsEntries.Where(e => e.CustomerId == id), e => e, async entries =>
        {
            var ids = entries.Select(entry => entry.Id).ToArray();
            var reasons = ids.Length == 0
                ? []
                : await db.PointsReasons.Where(r => r.CustomerId == id && ids.Contains(r.EntryId))
                    .ToDictionaryAsync(r => r.EntryId, r => r.Reason, cancellationToken);
            var givenBack = await PointsEntry.GivenBackAsync(db, id, entries, cancellationToken);
            return entries.Select(entry => entry.ToResponse(reasons.GetValueOrDefault(entry.Id), givenBack));
        }, cancellationToken);
    }

    /// <summary>Reverse a redemption, or a part of it</summary>
    /// <remarks>
    /// The points go back to the lots they came from, with their dates; of a part, those that were spent last go back first. Points that have expired
    /// in the meantime expire at once. A debt is repaid first. A redemption can be reversed in any number of parts, up to the whole; more than is left of it
    /// is a 409. Other entries cannot be reversed. A member that this call does not know is a 400.
    /// </remarks>
    internal static async Task<Results<Ok<ReverseLoyaltyEntryResponse>, Problem>> ReverseLoyaltyEntry(
        long id, [FromRoute(Name = "entry_id")] long entryId, Body<ReverseLoyaltyEntryRequest> body, ClienteleDb db, CustomerWrites writes, Ledger ledger,
        CancellationToken cancellationToken)
    {
        var request = body.Read(out var errors);
        return errors.Any ? Problems.Invalid(errors) : await writes.RunAsync<Ok<ReverseLoyaltyEntryResponse>>(
            new(id),
            async customer =>
            {
                var (redemption, before, problem) = await FindRedemptionAsync(db, id, entryId, request.Points, cancellationToken);
                if (redemption is null)
                {
                    return problem!;
                }

                var spent = await db.PointsAllocations.Where(a => a.CustomerId == id && a.EntryId == entryId).ToListAsync(cancellationToken);
                var account = await ledger.OpenAsync(customer, takes: true, cancellationToken, [.. spent.Select(allocation => allocation.LotId)]);
                var points = request.Points ?? (-redemption.Points - before.Points);
                var entry = account.GiveBack(redemption, spent, before, points, string.IsNullOrWhiteSpace(request.Reason) ? null : request.Reason);
                writes.Record(customer, AuditAction.LoyaltyRedemptionReversed, isNewVersion: false);
                return TypedResults.Ok(new ReverseLoyaltyEntryResponse
                {
                    Message = string.Create(CultureInfo.InvariantCulture, $"{points} points given back."),
                    CustomerId = id,
                    EntryId = entry.Id,
                    GivenBack = points,
                    NewBalance = customer.LoyaltyPoints,
                });
            },
            cancellationToken);
    }

    private static void Check(AddLoyaltyPointsRequest request, DateTime now, Errors errors)
    {
        if (request.Points == 0)
        {
            errors.Add("points", "Must be a whole number from -1000000 to 1000000, but not 0.");
        }

        if (request.ExpiresAt <= now)
        {
            errors.Add("expires_at", "Must be in the future.");
        }
        else if (request.ExpiresAt is not null && request.Points < 0)
        {
            errors.Add("expires_at", "Only points that are added expire. Leave it out to take points away.");
            errors.Add("points", "Must be more than 0 with expires_at.");
        }
    }

    private static void Check(RedeemLoyaltyPointsRequest request, Errors errors)
    {
        if (request.OrderNumber is { } number && !OrderInput.IsId(number) && !errors.Has("order_number"))
        {
            errors.Add("order_number", OrderInput.IdRule);
        }

        errors.Require(!string.IsNullOrWhiteSpace(request.Reason) || errors.Has("reason"), "reason", "Must say what the points are spent on.");
    }

    /// <summary>Returns the redemption and its earlier reversals, or why the points cannot be given back.</summary>
    private static async Task<(PointsEntry? Redemption, (int Count, long Points) Before, Problem? Problem)> FindRedemptionAsync(
        ClienteleDb db, long id, long entryId, long? points, CancellationToken cancellationToken)
    {
        var reference = entryId.ToString(CultureInfo.InvariantCulture);
        var entries = await db.PointsEntries.Where(e => e.CustomerId == id
            && (e.Id == entryId || (e.SourceType == PointsSources.Entry && e.SourceId == reference && e.Kind == PointsEntryKind.Reverse)))
            .ToListAsync(cancellationToken);
        var before = entries.FindAll(entry => entry.Id != entryId);
        var given = before.Sum(entry => entry.Points);
        return entries.Find(entry => entry.Id == entryId) switch
        {
            null => (null, default, Problems.NotFound()),
            { Kind: not PointsEntryKind.Redeem } => (
                null, default, new("not_reversible", "Only a redemption can be reversed. Points of an order follow the order; adjust other points.")),
            var redemption when given == -redemption.Points => (null, default, new("already_reversed", "This redemption has already been reversed.")),
            var redemption when given + points > -redemption.Points => (
                null,
                default,
                new("already_reversed", string.Create(CultureInfo.InvariantCulture, $"Only {-redemption.Points - given} points are left of this redemption."))),
            var redemption => (redemption, (before.Count, given), null),
        };
    }

    private static Problem Insufficient(Customer customer) =>
        new("insufficient_points", string.Create(CultureInfo.InvariantCulture, $"Only {customer.LoyaltyPoints} points are available."));

    private static Expression<Func<PointsEntry, bool>> Kind(string text)
    {
        var kind = Enum.Parse<PointsEntryKind>(text, ignoreCase: true);
        return e => e.Kind == kind;
    }

    private static string Wire(string kind) => JsonNamingPolicy.SnakeCaseLower.ConvertName(kind);
}
