using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>
/// The law of expiry: no sequence of revisions of an order makes its points expire later, or brings back points that have expired. A thousand random
/// orders are compared with a model that only knows the law.
/// </summary>
public sealed class RevisingOrdersThatExpire
{
    private const int Customers = 200;
    private const int OrdersEach = 5;
    private const int Rounds = 14;
    private static readonly DateTime PlacedAt = new(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(0)]
    [InlineData(10)]
    public async Task A_thousand_random_orders_end_within_the_law(int pendingDays)
    {
        var (chance, programme) = (new Random(LongRun.Seed + pendingDays), new ModelProgramme { ExpireAfterMonths = 1, PendingDays = pendingDays });
        var (app, admin, _) = await Shop.AtAsync("2027-01-20T12:00:00Z", [.. LedgerWorld.Settings(programme).Select(one => (one.Key, one.Value!))]);
        await using var started = app;
        var first = await Population.TakeIdsAsync(app, Customers);
        await Population.InsertAsync(app, [.. Enumerable.Range(0, Customers).Select(i => Person.Named(first + i, $"law.{first + i}", PlacedAt))]);
        var orders = Enumerable.Range(0, Customers * OrdersEach).Select(i => new LawfulOrder(first + (i % Customers), $"law-{i}", pendingDays)).ToArray();

        for (var round = 0; round < Rounds; round++)
        {
            app.Clock.Advance(TimeSpan.FromHours(chance.Next(1, 12 * 24)));
            await app.Keys().LoadAsync(TestContext.Current.CancellationToken);
            admin = await app.AgainAsync(admin);
            var now = app.Clock.GetUtcNow().UtcDateTime;
            foreach (var batch in orders.Where(_ => chance.Next(3) > 0).Concat(orders.Where(_ => chance.Next(6) == 0)).Chunk(400))
            {
                var revisions = batch.Select(order => order.Revise(chance, now)).ToArray();
                var results = (await admin.Post("/api/orders/batch/", new JsonObject { ["orders"] = new JsonArray(revisions) })).Expect(200)["results"];
                Assert.All(results.AsArray(), result => Assert.InRange((int)result!["status"]!, 200, 201));
            }

            await app.MaintainAsync();
            await CompareAsync(admin, orders, now);
        }

        Assert.Contains(orders, order => order.HasLostExpiredPoints);
        await app.ExpectNoDriftAsync();
    }

    private static Task CompareAsync(Actor admin, LawfulOrder[] orders, DateTime now) => Parallel.ForEachAsync(
        orders.GroupBy(order => order.Customer), new ParallelOptions { MaxDegreeOfParallelism = 4 }, async (own, _) =>
        {
            var found = (await admin.Get($"/api/customers/customers/{own.Key}/loyalty/")).Expect(200);
            Assert.Equal(
                (own.Sum(order => order.Points(now, pending: false)), own.Sum(order => order.Points(now, pending: true)), 0L),
                ((long)found["available"], (long)found["pending"], (long)found["debt"]));
        });

    /// <summary>
    /// An order by the law. Its points are numbered; each has a date, which it gets when the order first has that many points. The order has its first
    /// points, as many as its newest revision is worth, without those whose date has passed.
    /// </summary>
    private sealed class LawfulOrder(long customer, string number, int pendingDays)
    {
        private readonly List<(long Number, DateTime EarnedAt)> _dated = [];
        private long _worth;
        private int _revision;

        public long Customer => customer;

        public bool HasLostExpiredPoints { get; private set; }

        public JsonObject Revise(Random chance, DateTime now)
        {
            var total = chance.Next(3) == 0 ? 50 : chance.Next(0, 120);
            var revision = new ModelRevision(
                number, ++_revision, chance.Next(3) == 0 ? "cancelled" : "paid", total, chance.Next(3) == 0 ? chance.Next(total + 1) : 0, null);
            _worth = (long)revision.Net;
            if (_worth > (_dated.Count == 0 ? 0 : _dated[^1].Number))
            {
                _dated.Add((_worth, now));
            }

            HasLostExpiredPoints |= _dated.Count > 1 && _dated[0].EarnedAt.AddMonths(1) <= now && _worth == _dated[^1].Number;
            return LedgerReading.Order(revision, customer, number, PlacedAt);
        }

        public long Points(DateTime now, bool pending)
        {
            var (points, below) = (0L, 0L);
            foreach (var (upTo, earnedAt) in _dated)
            {
                if (earnedAt.AddMonths(1) > now && (earnedAt.AddDays(pendingDays) > now) == pending)
                {
                    points += Math.Clamp(_worth - below, 0, upTo - below);
                }

                below = upTo;
            }

            return points;
        }
    }
}
