using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Server.Data;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Tests.House;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Segments;

/// <summary>
/// A service with a stopped clock. Its customers are written through the API according to drafts, each part at its instant, and read back through the
/// API: nothing in the model comes from the code of the rules.
/// </summary>
internal sealed class RuleWorld : IAsyncDisposable
{
    private const int Writers = 4;
    private const int Batch = 200;
    private static readonly ModelProgramme Programme = new() { PendingDays = 14, ExpireAfterMonths = 3 };

    private readonly ClienteleApp _app;
    private readonly Dictionary<string, long> _ids = [];
    private readonly List<long> _everybody = [];
    private Actor _admin;
    private IReadOnlyDictionary<long, ModelCustomer> _known = new Dictionary<long, ModelCustomer>();

    private RuleWorld(ClienteleApp app, Actor admin) => (_app, _admin) = (app, admin);

    /// <summary>A leap year that begins after the next year, so that a whole winter before it can be simulated.</summary>
    public static int LeapYear { get; } = Enumerable.Range(TimeProvider.System.GetUtcNow().Year + 2, 8).First(DateTime.IsLeapYear);

    /// <summary>All customers as the service has them now, including the admins.</summary>
    public IReadOnlyCollection<ModelCustomer> Customers => [.. _known.Values];

    /// <summary>The ids of two groups with manual members.</summary>
    public IReadOnlyList<long> Groups { get; private set; } = [];

    public DateTime Now => _app.Clock.GetUtcNow().UtcDateTime;

    /// <param name="drafts">The customers to write; their groups are 0 and 1, and their statistics, tiers and earned points come from the orders.</param>
    public static async Task<RuleWorld> BeginAsync(IReadOnlyList<ModelCustomer> drafts)
    {
        var instants = drafts.SelectMany(Instants).Distinct().Order().ToList();
        var clock = new FakeClock();
        clock.Stop();
        clock.AdvanceTo(instants[0]);
        var app = await ClienteleApp.StartAsync(new() { Clock = clock, Settings = LedgerWorld.Settings(Programme) });
        var world = new RuleWorld(app, await app.NewAdminAsync());
        foreach (var instant in instants)
        {
            await world.AdvanceAsync(instant);
            await world.WriteAsync(drafts, instant);
        }

        await world.FinishAsync(drafts);
        return world;
    }

    /// <summary>Advances to an instant, does all work that is due, and reads all customers again.</summary>
    public async Task GoToAsync(DateTime now)
    {
        await AdvanceAsync(now);
        await _app.MaintainAsync();
        var known = new ModelCustomer[_everybody.Count];
        await Parallel.ForEachAsync(Enumerable.Range(0, known.Length), Options, async (i, _) =>
            known[i] = await CustomerReading.ReadAsync(_admin, _everybody[i], _known.GetValueOrDefault(_everybody[i])));
        _known = known.ToDictionary(customer => customer.Id);
    }

    /// <summary>The service's preview of a rule, unchanged.</summary>
    public Task<Answer> PreviewAsync(JsonNode rule) =>
        _admin.Post(Lists.Groups + "preview/", new JsonObject { ["assignment_rules"] = rule.DeepClone(), ["sample_size"] = 100 });

    /// <summary>The service's explanations why customers are or are not matched by a rule; a temporary group has the rule.</summary>
    public async Task<IReadOnlyList<Answer>> ExplainAsync(JsonNode rule, IEnumerable<long> customers)
    {
        var body = new JsonObject { ["name"] = $"Explained {Guid.NewGuid():n}", ["assignment_rules"] = rule.DeepClone() };
        var group = (await _admin.Post(Lists.Groups, body)).Expect(201);
        var answers = new List<Answer>();
        foreach (var customer in customers)
        {
            answers.Add((await _admin.Get($"{group.Headers["Location"]}explain/?customer={customer}")).Expect(200));
        }

        (await _admin.Delete(group.Headers["Location"])).Expect(204);
        return answers;
    }

    public ModelCustomer Known(long id) => _known[id];

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private static ParallelOptions Options => new() { MaxDegreeOfParallelism = Writers, CancellationToken = TestContext.Current.CancellationToken };

    private static IEnumerable<DateTime> Instants(ModelCustomer draft) =>
    [
        draft.DateJoined, .. draft.LastLogin is { } login ? [login] : Array.Empty<DateTime>(),
        .. draft.Wishlist.Select(wish => wish.AddedAt), .. draft.Points.Select(entry => entry.CreatedAt),
    ];

    private async Task AdvanceAsync(DateTime instant)
    {
        if (Now < instant)
        {
            // Keys and tokens expire earlier than customers.
            _app.Clock.AdvanceTo(instant);
            await _app.Keys().LoadAsync(TestContext.Current.CancellationToken);
            _admin = await _app.SignInAsync(_admin.Username, _admin.Password, _admin.Id, _admin.Email);
        }
    }

    private async Task WriteAsync(IReadOnlyList<ModelCustomer> drafts, DateTime instant)
    {
        foreach (var draft in drafts.Where(draft => draft.DateJoined == instant))
        {
            _ids[draft.Username] = await RegisterAsync(draft);
        }

        await Parallel.ForEachAsync(drafts.Where(draft => _ids.ContainsKey(draft.Username)), Options, async (draft, _) =>
        {
            if (draft.DateJoined == instant)
            {
                await FillInAsync(draft);
            }

            foreach (var wish in draft.Wishlist.Where(wish => wish.AddedAt == instant))
            {
                (await _admin.Put($"{Url(draft)}wishlist/{Uri.EscapeDataString(wish.ProductId)}/", new { name = wish.ProductId })).Expect(201);
            }

            foreach (var entry in draft.Points.Where(entry => entry.CreatedAt == instant))
            {
                await WritePointsAsync(draft, entry);
            }

            if (draft.LastLogin == instant)
            {
                await _app.SignInAsync(draft.Username, ClienteleApp.Password);
            }
        });

        // Half of the orders are first sent in their original state, so that later changes leave entries of points.
        await DeliverAsync(1, [.. drafts.Where(draft => draft.DateJoined == instant)
            .SelectMany(draft => draft.Orders.Where((_, i) => i % 2 == 0).Select(order => (draft, AtFirst(order))))]);
    }

    private async Task<long> RegisterAsync(ModelCustomer draft)
    {
        var body = Given.Registration(draft.Username);
        body["email"] = draft.Email;
        return (long)(await _app.Stranger.Post("/api/customers/register/", body)).Expect(201)["id"];
    }

    private async Task FillInAsync(ModelCustomer draft)
    {
        (await _admin.Patch(Url(draft), new JsonObject
        {
            ["phone"] = draft.Phone,
            ["gender"] = draft.Gender,
            ["date_of_birth"] = draft.DateOfBirth?.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture),
            ["preferred_language"] = draft.PreferredLanguage,
            ["preferred_currency"] = draft.PreferredCurrency,
            ["accepts_marketing_email"] = draft.AcceptsMarketingEmail,
            ["accepts_marketing_sms"] = draft.AcceptsMarketingSms,
            ["source"] = draft.Source,
            ["tags"] = new JsonArray([.. draft.Tags.Select(tag => (JsonNode)tag)]),
            ["metadata"] = draft.Metadata.DeepClone(),
            ["is_vip"] = draft.IsVip,
            ["is_verified"] = draft.IsVerified,
        })).Expect(200);

        // What no request can set: that a phone is verified, and that a name is missing.
        await _app.ChangeRowAsync(_ids[draft.Username], row =>
        {
            (row.PhoneVerified, row.FirstName, row.LastName) = (draft.PhoneVerified, draft.FirstName, draft.LastName);
            row.DeriveKeys();
        });
        foreach (var address in draft.Addresses)
        {
            (await _admin.Post(Lists.Addresses, new
            {
                customer = _ids[draft.Username],
                address_type = address.AddressType,
                first_name = "Ada",
                last_name = "Lovelace",
                address_line1 = "1 Main St",
                city = address.City,
                state = address.State,
                postal_code = address.PostalCode,
                country = address.Country,
                is_default = address.IsDefault,
            })).Expect(201);
        }
    }

    /// <summary>If there are too few points to take away, none are taken.</summary>
    private async Task WritePointsAsync(ModelCustomer draft, ModelPoints entry)
    {
        var answer = entry.Kind == "redeem"
            ? await _admin.Post($"{Url(draft)}redeem_loyalty_points/", new { points = -entry.Points, reason = "A voucher" })
            : await _admin.Post($"{Url(draft)}add_loyalty_points/", new { points = entry.Points });
        Assert.True((int)answer.Status is 200 || (entry.Points < 0 && (int)answer.Status is 409), answer.Text);
    }

    private async Task DeliverAsync(int revision, IReadOnlyList<(ModelCustomer Draft, ModelOrder Order)> orders)
    {
        var ahead = orders.ToLookup(due => due.Order.PlacedAt > Now.AddDays(1));
        await DeliverAheadAsync(ahead[true].Select(due => Body(due.Order, _ids[due.Draft.Username], revision)));
        foreach (var batch in ahead[false].Chunk(Batch))
        {
            var bodies = batch.Select(due => Body(due.Order, _ids[due.Draft.Username], revision));
            var results = (await _admin.Post("/api/orders/batch/", new { orders = bodies })).Expect(200)["results"].AsArray();
            Assert.All(results, result => Assert.True((int)result!["status"]! is 200 or 201, result!.ToJsonString()));
        }
    }

    /// <summary>Stores orders that are too far ahead for the API, as if they were delivered when they are placed.</summary>
    private async Task DeliverAheadAsync(IEnumerable<object> orders)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        var inputs = orders.Select(json =>
        {
            var order = new Body<BatchedOrder>(JsonSerializer.SerializeToElement(json), admin: true).Read(out var errors);
            return OrderInput.From(order.OrderNumber, order, "USD", order.PlacedAt!.Value, errors) ?? throw new InvalidOperationException(errors.Summary);
        }).ToList();
        foreach (var batch in inputs.Chunk(Batch))
        {
            await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
                async () => Assert.All(
                    await scope.ServiceProvider.GetRequiredService<OrderIngestion>().ApplyAsync(batch, TestContext.Current.CancellationToken),
                    outcome => Assert.Null(outcome.Refused)),
                TestContext.Current.CancellationToken);
        }
    }

    private static ModelOrder AtFirst(ModelOrder order) =>
        order with { Status = "paid", Refunded = 0, Lines = [.. order.Lines.Select(line => line with { RefundedQuantity = 0 })] };

    private static object Body(ModelOrder order, long customer, int revision) => new
    {
        order_number = order.OrderNumber,
        customer,
        status = order.Status,
        currency = order.Currency,
        exchange_rate = order.Rate,
        total = order.Total,
        refunded = order.Refunded,
        placed_at = order.PlacedAt,
        revision,
        lines = order.Lines.Select(line => new
        {
            line_number = line.LineNumber,
            product_id = line.ProductId,
            sku = line.Sku,
            name = line.Name,
            category = line.Category,
            quantity = line.Quantity,
            unit_price = line.UnitPrice,
            refunded_quantity = line.RefundedQuantity,
        }),
    };

    /// <summary>Data without an instant of its own: the current state of orders, reviews, groups, and customers who are no longer active.</summary>
    private async Task FinishAsync(IReadOnlyList<ModelCustomer> drafts)
    {
        await DeliverAsync(2, [.. drafts.SelectMany(draft => draft.Orders.Select(order => (draft, order)))]);
        await Parallel.ForEachAsync(drafts, Options, async (draft, _) =>
        {
            foreach (var (i, review) in draft.Reviews.Index())
            {
                (await _admin.Put($"/api/reviews/{_ids[draft.Username]}-{i}/", new
                {
                    customer = _ids[draft.Username],
                    product_id = review.ProductId,
                    rating = review.Rating,
                    created_at = review.CreatedAt,
                    revision = 1,
                })).Expect(201);
            }

            if (!draft.IsActive)
            {
                (await _admin.Post($"{Url(draft)}deactivate/")).Expect(200);
            }
        });
        Groups = [await GroupAsync(drafts, 0), await GroupAsync(drafts, 1)];
        _everybody.AddRange([.. _ids.Values, .. (await _admin.AllIdsAsync(Lists.Customers, ("is_staff", "true")))]);
    }

    private async Task<long> GroupAsync(IReadOnlyList<ModelCustomer> drafts, long number)
    {
        var group = (long)(await _admin.Post(Lists.Groups, new { name = $"By hand {number}" })).Expect(201)["id"];
        var members = drafts.Where(draft => draft.Groups.Contains(number)).Select(draft => _ids[draft.Username]);
        (await _admin.Post($"{Lists.Groups}{group}/add_member/", new { customer_ids = members })).Expect(200);
        return group;
    }

    private string Url(ModelCustomer draft) => $"{Lists.Customers}{_ids[draft.Username]}/";
}
