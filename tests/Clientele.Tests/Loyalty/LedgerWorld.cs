using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

/// <summary>How a history ended.</summary>
/// <param name="Complaint">The difference from the model, or null.</param>
/// <param name="State">The account at the end, and what happened to it in the months after.</param>
internal sealed record Ending(string? Complaint, string State);

/// <summary>
/// A service with a programme and a stopped clock. Many accounts go through their histories side by side, each compared with its model. Orders are
/// sent in batches, all of them twice; everything else is sent one by one, and some of it again.
/// </summary>
internal sealed class LedgerWorld : IAsyncDisposable
{
    private const int Batch = 60;
    private const int Senders = 8;
    private static readonly DateTime PlacedAt = new(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);

    private readonly ModelProgramme _programme;
    private readonly ClienteleApp _app;

    /// <summary>The liability according to the models, at instants when nothing was overdue.</summary>
    private readonly SortedDictionary<DateTime, long> _liability = [];
    private Actor _admin;

    private LedgerWorld(ModelProgramme programme, ClienteleApp app, Actor admin) => (_programme, _app, _admin) = (programme, app, admin);

    /// <summary>The first year from next year on that has a 29 February.</summary>
    public static int LeapYear { get; } = Enumerable.Range(TimeProvider.System.GetUtcNow().Year + 1, 8).First(DateTime.IsLeapYear);

    public static async Task<LedgerWorld> StartAsync(ModelProgramme programme)
    {
        var app = await ClienteleApp.StartAsync(new() { Settings = Settings(programme), Services = Shop.WithoutUpkeep });
        app.Clock.Stop();
        return new(programme, app, await app.NewAdminAsync());
    }

    /// <summary>Settings by their full name, as a service under test takes them.</summary>
    public static Dictionary<string, string?> Settings(ModelProgramme programme)
    {
        var settings = new Dictionary<string, string?>();
        if (programme != ModelProgramme.Default)
        {
            string Text(IFormattable value) => value.ToString(null, CultureInfo.InvariantCulture);
            settings["Loyalty:PointsPerUnit"] = Text(programme.PointsPerUnit);
            settings["Loyalty:PendingDays"] = Text(programme.PendingDays);
            if (programme.ExpireAfterMonths is { } months)
            {
                settings["Loyalty:ExpireAfterMonths"] = Text(months);
            }

            for (var i = 0; i < programme.Tiers.Count; i++)
            {
                settings[$"Loyalty:Tiers:{i}:Name"] = programme.Tiers[i].Name;
                settings[$"Loyalty:Tiers:{i}:From"] = Text(programme.Tiers[i].From);
                settings[$"Loyalty:Tiers:{i}:PointsMultiplier"] = Text(programme.Tiers[i].Multiplier);
            }
        }

        return settings;
    }

    /// <summary>Runs the histories, each on its own account.</summary>
    public async Task<Ending[]> LiveAsync(Timetable timetable, IReadOnlyList<ModelHistory> histories)
    {
        var first = await Population.TakeIdsAsync(_app, histories.Count);
        var lives = histories.Select((history, i) => new Life(history, new ModelAccount(_programme), first + i)).ToArray();
        await Population.InsertAsync(_app, [.. lives.Select(life => Person.Named(life.Id, $"life.{life.Id}", PlacedAt))]);
        for (var round = 0; round < timetable.Rounds.Count; round++)
        {
            var (now, maintained) = timetable.Rounds[round];
            await GoToAsync(now, maintained, lives);
            foreach (var batch in Interleaved(lives, round).Chunk(Batch))
            {
                await DeliverAsync(batch, now);
            }

            await EachAsync(lives, life => PostAsync(life, life.History.Rounds[round].OfType<Post>(), now));
            if (maintained || _liability.ContainsKey(now))
            {
                _liability[now] = lives.Sum(life => life.Model.Available + life.Model.Pending);
            }
        }

        await WatchTheEndAsync(timetable.Rounds[^1].Now, lives);
        if (lives.All(life => life.Complaint is null))
        {
            await CompareLiabilityAsync();
            await ReplayAsync();
        }

        return [.. lives.Select(life => new Ending(life.Complaint, string.Join('\n', life.Seen)))];
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    /// <summary>After the last round: the lots that are left are known by when they expire.</summary>
    private async Task WatchTheEndAsync(DateTime now, Life[] lives)
    {
        await GoToAsync(now, maintained: true, lives);
        await EachAsync(lives, life => CompareAsync(life, now));
        for (var month = 1; month <= _programme.ExpireAfterMonths; month++)
        {
            now = now.AddDays(29).AddMinutes(77);
            await GoToAsync(now, maintained: true, lives);
            await EachAsync(lives, life => CompareAsync(life, now));
        }

        await EachAsync(lives, CompareEntriesAsync);
    }

    private async Task GoToAsync(DateTime now, bool maintained, Life[] lives)
    {
        if (_app.Clock.GetUtcNow() < now)
        {
            // Keys and tokens expire earlier than points.
            _app.Clock.AdvanceTo(now);
            await _app.Keys().LoadAsync(TestContext.Current.CancellationToken);
            _admin = await _app.SignInAsync(_admin.Username, _admin.Password);
        }

        if (maintained)
        {
            await _app.MaintainAsync();
            foreach (var life in lives)
            {
                life.Model.Settle(now);
            }
        }
    }

    /// <summary>The deliveries of a round, taken from the accounts in turn.</summary>
    private static IEnumerable<(Life Life, Delivery Step)> Interleaved(Life[] lives, int round) =>
        lives.SelectMany(life => life.History.Rounds[round].OfType<Delivery>().Select((step, i) => (life, step, i)))
            .OrderBy(due => due.i).Select(due => (due.life, due.step));

    private async Task DeliverAsync((Life Life, Delivery Step)[] batch, DateTime now)
    {
        var orders = new JsonArray([.. batch.Select(due => Json(due.Step.Revision, due.Life.Id))]);
        var results = (await _admin.Post("/api/orders/batch/", new JsonObject { ["orders"] = orders })).Expect(200)["results"].AsArray();
        foreach (var ((life, step), result) in batch.Zip(results))
        {
            step.Apply(life.Model, now);
            life.Complaint ??= (int)result!["status"]! is 200 or 201 ? null : $"{step} answered {result.ToJsonString()}";
        }
    }

    private async Task PostAsync(Life life, IEnumerable<Post> steps, DateTime now)
    {
        foreach (var step in steps)
        {
            if (step is GivingBack { Redemption: var redemption } && !life.EntryIds.ContainsKey(redemption))
            {
                // It was refused, or is not part of this history.
                continue;
            }

            var succeeds = step.Apply(life.Model, now);
            var (path, body) = Request(life, step);
            var answer = await _admin.Post(path, body, ("Idempotency-Key", $"{life.Id} {step.Name}"));
            if (((int)answer.Status is 200 or 201) != succeeds || (!succeeds && (int)answer.Status != 409))
            {
                life.Complaint ??= $"{step} answered {(int)answer.Status} {answer.Text}; the model has {life.Model.Available} available.";
                return;
            }

            if (succeeds && step is not GivingBack && (long)answer["new_balance"] != life.Model.Available)
            {
                life.Complaint ??= $"{step} answered {answer.Text}; the model has {life.Model.Available} available.";
            }

            if (succeeds && step is Redemption)
            {
                life.EntryIds[step.Name] = (long)answer["entry_id"];
            }

            var again = step.IsRepeated ? await _admin.Post(path, body, ("Idempotency-Key", $"{life.Id} {step.Name}")) : answer;
            if (again.Status != answer.Status || (succeeds && again.Text != answer.Text))
            {
                life.Complaint ??= $"{step} answered {answer.Text}, and again {(int)again.Status} {again.Text}";
            }
        }
    }

    private static (string Path, object? Body) Request(Life life, Post step) => step switch
    {
        Adjustment adjustment => ($"{life.Url}add_loyalty_points/", new { points = adjustment.Points, reason = step.Name }),
        Redemption redemption => ($"{life.Url}redeem_loyalty_points/", new { points = redemption.Points, reason = step.Name }),
        GivingBack back => ($"{life.Url}loyalty/entries/{life.EntryIds[back.Redemption]}/reverse/", back.Points is { } points ? new { points } : null),
        _ => throw new InvalidOperationException($"{step} is not posted by itself."),
    };

    private async Task CompareAsync(Life life, DateTime now)
    {
        if (life.Complaint is not null)
        {
            return;
        }

        var account = (await _admin.Get($"{life.Url}loyalty/")).Expect(200);
        var expected = string.Create(
            CultureInfo.InvariantCulture,
            $"available {life.Model.Available}, pending {life.Model.Pending}, debt {life.Model.Debt}, expiring {life.Model.ExpiringWithin30Days(now)}");
        var found = $"available {account["available"]}, pending {account["pending"]}, debt {account["debt"]}, expiring {account["expiring_within_30_days"]}";
        life.Seen.Add(found);
        if (found != expected)
        {
            life.Complaint = string.Create(CultureInfo.InvariantCulture, $"{now:yyyy-MM-dd HH:mm:ss.fff}: {found}; the model has {expected}.");
        }
    }

    private async Task CompareEntriesAsync(Life life) =>
        life.Complaint ??= LedgerReading.Difference(life.Model.Entries, await LedgerReading.EntriesAsync(_admin, life.Url));

    /// <summary>The liability at any past instant must not change later.</summary>
    private async Task CompareLiabilityAsync()
    {
        foreach (var (instant, expected) in _liability)
        {
            var found = (long)(await _admin.Get($"/api/customers/loyalty/liability/?as_of={instant:yyyy-MM-dd'T'HH:mm:ss.fff'Z'}")).Expect(200)["points"];
            Assert.True(found == expected, string.Create(CultureInfo.InvariantCulture, $"Liability at {instant:O}: {found}; the models have {expected}."));
        }
    }

    /// <summary>Runs the service's own check, which recomputes all balances from the entries.</summary>
    private async Task ReplayAsync() => Assert.Empty(await _app.CheckAsync());

    private static JsonObject Json(ModelRevision revision, long customer) => LedgerReading.Order(revision, customer, $"{customer}-{revision.Order}", PlacedAt);

    /// <summary>Runs several accounts at a time; each account's steps run one after the other.</summary>
    private static Task EachAsync(Life[] lives, Func<Life, Task> act) =>
        Parallel.ForEachAsync(lives, new ParallelOptions { MaxDegreeOfParallelism = Senders }, async (life, _) => await act(life));

    private sealed class Life(ModelHistory history, ModelAccount model, long id)
    {
        public ModelHistory History => history;

        public ModelAccount Model => model;

        public long Id => id;

        public string Url => $"/api/customers/customers/{id}/";

        /// <summary>The first difference from the model.</summary>
        public string? Complaint { get; set; }

        /// <summary>The states of the account from the end of its history.</summary>
        public List<string> Seen { get; } = [];

        /// <summary>The entries of the redemptions that succeeded.</summary>
        public Dictionary<string, long> EntryIds { get; } = [];
    }
}
