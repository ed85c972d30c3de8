using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Segments;

/// <summary>
/// Evaluates random rules in a world of random customers while its clock moves from one awkward instant to the next. Differences between the service
/// and the interpreter are stored for the tests that check them.
/// </summary>
public sealed class RuleWalk
{
    private const int InTheSuite = 504;
    private const int Customers = 40;
    private const int RulesPerWorld = 5_000;
    private const int AskedEverywhere = 20;
    private const int PartedPerInstant = 3;
    private const int ExplainedPerInstant = 6;
    private const int ExplainedTo = 4;
    private const int Askers = 2;
    private const int ToldAtMost = 5;
    private readonly Lazy<Task<RuleWalk>> _done;

    public RuleWalk() => _done = new(WalkAsync);

    internal Findings AtRandom { get; } = new("random rules");

    internal Findings Everywhere { get; } = new("askings of the same rules at other instants");

    internal Findings Parted { get; } = new("nodes and their negations");

    internal Findings Explained { get; } = new("explanations");

    /// <summary>Started by the first test that needs it, so that only that test is skipped if there is no database.</summary>
    public Task<RuleWalk> DoneAsync() => _done.Value;

    private async Task<RuleWalk> WalkAsync()
    {
        for (var (seed, left) = (LongRun.Seed, LongRun.Rules ?? InTheSuite); left > 0; seed++, left -= RulesPerWorld)
        {
            var (chance, calendar) = (new Random(seed), new Calendar(RuleWorld.LeapYear));
            await using var world = await RuleWorld.BeginAsync(new RandomCustomers(chance, calendar).Draw(Customers));
            IReadOnlyList<JsonObject> everywhere = [];
            foreach (var now in calendar.Asking)
            {
                await world.GoToAsync(now);
                var rules = new RandomRules(chance, world.Customers, now, world.Groups);
                if (everywhere.Count == 0)
                {
                    everywhere = Drawn(rules, AskedEverywhere, RuleSize.Any);
                }
                else
                {
                    await AskAsync(world, everywhere, Everywhere, seed);
                }

                await AskAsync(world, Drawn(rules, Math.Min(left, RulesPerWorld) / calendar.Asking.Count, RuleSize.Any), AtRandom, seed);
                var nodes = Drawn(rules, PartedPerInstant, RuleSize.Small).SelectMany(rule => NaiveRules.Nodes(rule, (string?)rule["time_zone"]));
                await EachAsync(nodes, async node =>
                    Parted.Note(await PartingAsync(world, node), Where(world, seed), node));
                var asking = chance.GetItems(world.Customers.Select(customer => customer.Id).Order().ToArray(), ExplainedTo);
                await EachAsync(Drawn(rules, ExplainedPerInstant, RuleSize.Small), async rule =>
                    Explained.Note(await Explaining.ComplaintAsync(world, rule, asking), Where(world, seed), rule));
            }
        }

        return this;
    }

    private static List<JsonObject> Drawn(RandomRules rules, int count, RuleSize size) => [.. Enumerable.Range(0, count).Select(_ => rules.Next(size))];

    private static async Task AskAsync(RuleWorld world, IReadOnlyList<JsonObject> rules, Findings findings, int seed)
    {
        await EachAsync(rules, async rule =>
        {
            var complaint = await Preview.ComplaintAsync(world, rule);
            if (complaint is not null && findings.Count < ToldAtMost)
            {
                (rule, complaint) = await ShortenAsync(world, rule, complaint);
            }

            findings.Note(complaint, Where(world, seed), rule);
        });
        await LongRun.ReportAsync("rules", rules.Count);
    }

    /// <summary>Finds a short part of a rule that is still wrong in the same way.</summary>
    private static async Task<(JsonObject Rule, string Complaint)> ShortenAsync(RuleWorld world, JsonObject rule, string complaint)
    {
        foreach (var simpler in SimplerRules.Of(rule))
        {
            if (await Preview.ComplaintAsync(world, simpler) is { } still && Preview.IsRefusal(still) == Preview.IsRefusal(complaint))
            {
                return await ShortenAsync(world, simpler, still);
            }
        }

        return (rule, complaint);
    }

    /// <summary>The error in how a node and its negation divide the customers, or null.</summary>
    private static async Task<string?> PartingAsync(RuleWorld world, JsonObject node)
    {
        var negated = new JsonObject { ["not"] = node.DeepClone() };
        if (node["time_zone"] is { } zone)
        {
            negated["not"]!.AsObject().Remove("time_zone");
            negated["time_zone"] = zone.DeepClone();
        }

        var (one, other) = (await world.PreviewAsync(node), await world.PreviewAsync(negated));
        if ((int)one.Status != 200 || (int)other.Status != 200)
        {
            return $"answered {(int)one.Status} {one.Text}\n  and negated {(int)other.Status} {other.Text}";
        }

        var all = world.Customers.Where(customer => customer.IsActive || NaiveRules.AsksForActive(node)).Select(customer => customer.Id).Order();
        var shared = Preview.Ids(one).Concat(Preview.Ids(other)).Order().ToArray();
        return all.SequenceEqual(shared) ? null : $"matches {Preview.Names(world, Preview.Ids(one))}; negated {Preview.Names(world, Preview.Ids(other))}";
    }

    private static Task EachAsync(IEnumerable<JsonObject> rules, Func<JsonObject, Task> act) => Parallel.ForEachAsync(
        rules,
        new ParallelOptions { MaxDegreeOfParallelism = Askers, CancellationToken = TestContext.Current.CancellationToken },
        async (rule, _) => await act(rule));

    private static string Where(RuleWorld world, int seed) => string.Create(CultureInfo.InvariantCulture, $"seed {seed}, {world.Now:yyyy-MM-dd'T'HH:mm:ss'Z'}");

    /// <summary>The errors that were found, and the number of evaluations.</summary>
    internal sealed class Findings(string what)
    {
        private readonly List<string> _told = [];

        public int Asked { get; private set; }

        public int Count { get; private set; }

        public void Note(string? complaint, string where, JsonObject rule)
        {
            lock (_told)
            {
                Asked++;
                if (complaint is not null && ++Count <= ToldAtMost)
                {
                    _told.Add($"{where}: {rule.ToJsonString(Preview.Readable)}\n  {complaint}");
                }
            }
        }

        public void ExpectNone() => Assert.True(
            Count == 0 && Asked > 0,
            $"{Count} of {Asked} {what} are answered otherwise than by the interpreter, such as\n{string.Join('\n', _told)}");
    }
}
