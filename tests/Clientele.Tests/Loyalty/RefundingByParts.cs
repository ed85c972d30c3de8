using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>However often and in whatever order an order is refunded, its points are taken back exactly, and its spending to the cent.</summary>
public sealed class RefundingByParts
{
    private const int Customers = 16;
    private const int Refunds = 7;

    [Theory]
    [InlineData(1, "1")]
    [InlineData(2, "3.7")]
    public async Task Points_and_spending_are_those_of_what_is_left_after_every_part(int seed, string pointsPerUnit)
    {
        await using var app = await ClienteleApp.StartAsync(new() { Settings = new() { ["Loyalty:PointsPerUnit"] = pointsPerUnit } });
        var (admin, chance, worth) = (await app.AdminAsync(), new Random(seed), decimal.Parse(pointsPerUnit, CultureInfo.InvariantCulture));
        var first = await Population.TakeIdsAsync(app, Customers);
        var orders = Enumerable.Range(0, Customers).Select(i => new Refunded(first + i, chance)).ToArray();
        await Population.InsertAsync(app, [.. orders.Select(order => Person.Named(order.Customer, $"c.{order.Customer}", Refunded.PlacedAt))]);

        for (var delivery = 0; delivery < orders.Max(order => order.Deliveries.Count); delivery++)
        {
            var due = orders.Where(order => delivery < order.Deliveries.Count).ToArray();
            await SendAsync(admin, due.Select(order => order.Next(delivery)));
            foreach (var order in due)
            {
                var (account, stats) = ((await admin.Get($"{order.Url}loyalty/")).Expect(200), (await admin.Get($"{order.Url}stats/")).Expect(200));
                Assert.Equal(order.Left, decimal.Parse((string)stats["total_spent"]!, CultureInfo.InvariantCulture));
                Assert.Equal((long)Math.Floor(order.Left * worth) - order.Spent, (long)account["available"] - (long)account["debt"]);
                await order.SpendAsync(admin, (long)account["available"], chance);
            }
        }

        await SendAsync(admin, orders.Select(order => order.Whole()));
        foreach (var order in orders)
        {
            var account = (await admin.Get($"{order.Url}loyalty/")).Expect(200);
            Assert.Equal((0, order.Spent), ((long)account["available"], (long)account["debt"]));
        }
    }

    private static async Task SendAsync(Actor admin, IEnumerable<JsonObject> orders)
    {
        var results = (await admin.Post("/api/orders/batch/", new JsonObject { ["orders"] = new JsonArray([.. orders]) })).Expect(200)["results"].AsArray();
        Assert.All(results, result => Assert.InRange((int)result!["status"]!, 200, 201));
    }

    /// <summary>A customer with one order and its deliveries: in order or not, some of them sent twice.</summary>
    private sealed class Refunded
    {
        public static readonly DateTime PlacedAt = new(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);

        private readonly List<ModelRevision> _deliveries;
        private ModelRevision? _newest;

        public Refunded(long customer, Random chance)
        {
            Customer = customer;
            var total = chance.Next(500, 90_000) / 100m;
            var first = new ModelRevision("A", 1, "delivered", total, 0, chance.Next(2) == 0 ? chance.Next(1, 30_000) / 10_000m : null);

            // Parts of the total, to the cent; a later revision may also reduce a refund.
            var refunds = Enumerable.Range(2, chance.Next(1, Refunds)).Select(revision => first with
            {
                Revision = revision,
                Status = "partially_refunded",
                Refunded = Math.Round(total * chance.Next(0, 100) / 100, 2, MidpointRounding.ToZero),
            });
            _deliveries =
            [
                first,
                .. chance.Next(3) == 0
                    ? refunds.OrderBy(refund => refund.Refunded).Select((refund, i) => refund with { Revision = i + 2 })
                    : refunds,
            ];
            _deliveries.AddRange(_deliveries.ToArray().Where(_ => chance.Next(2) == 0));
            if (chance.Next(2) == 0)
            {
                _deliveries = [.. _deliveries.OrderBy(_ => chance.Next())];
            }
        }

        public long Customer { get; }

        public string Url => $"/api/customers/customers/{Customer}/";

        public IReadOnlyList<ModelRevision> Deliveries => _deliveries;

        /// <summary>What is left of the order, in the store's currency.</summary>
        public decimal Left => _newest!.Net;

        /// <summary>Points that were redeemed.</summary>
        public long Spent { get; private set; }

        public JsonObject Next(int delivery)
        {
            _newest = _newest?.Revision > _deliveries[delivery].Revision ? _newest : _deliveries[delivery];
            return Json(_deliveries[delivery]);
        }

        public JsonObject Whole() => Json(_newest! with { Revision = 1000, Status = "refunded" });

        public async Task SpendAsync(Actor admin, long available, Random chance)
        {
            if (available > 0 && chance.Next(8) == 0)
            {
                var points = chance.NextInt64(1, available + 1);
                (await admin.Post($"{Url}redeem_loyalty_points/", new { points, reason = "Meanwhile" })).Expect(200);
                Spent += points;
            }
        }

        private JsonObject Json(ModelRevision revision) => LedgerReading.Order(revision, Customer, $"{Customer}", PlacedAt);
    }
}
