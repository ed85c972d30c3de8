using System.CommandLine;
using Clientele.Bench;
using Clientele.Bench.Browser;
using Clientele.Bench.Enumeration;
using Clientele.Bench.Faults;
using Clientele.Bench.Flood;
using Clientele.Bench.Floor;
using Clientele.Bench.Ledger;
using Clientele.Bench.Previews;
using Clientele.Bench.Segments;
using Clientele.Bench.Webhooks;

var customers = new Option<int>("--customers") { Description = "How many customers to seed.", DefaultValueFactory = _ => 100_000 };
var seconds = new Option<int>("--seconds") { Description = "How long each endpoint is measured.", DefaultValueFactory = _ => 8 };
var connections = new Option<int>("--connections") { Description = "Connections that are kept busy.", DefaultValueFactory = _ => 16 };
var names = string.Join(", ", Scenario.All.Select(scenario => scenario.Name));
var only = new Option<string?>("--only") { Description = $"Endpoints separated by commas: {names}." };
var root = new RootCommand(
    "Measures the service on PostgreSQL, and beside it the floor: the bare framework with the same statements.") { customers, seconds, connections, only };
root.SetAction((parsed, cancellationToken) =>
{
    var options = new BenchOptions(
        parsed.GetValue(customers),
        parsed.GetValue(seconds),
        parsed.GetValue(connections),
        parsed.GetValue(only)?.Split(',', StringSplitOptions.TrimEntries) ?? []);
    return Bench.RunAsync(options, cancellationToken);
});

var urls = new Option<string>("--urls") { Required = true };
var database = new Option<string>("--database") { Required = true };
var floor = new Command("floor", "Serves the floor.") { urls, database };
floor.SetAction((parsed, cancellationToken) => FloorApp.RunAsync(parsed.GetValue(urls)!, parsed.GetValue(database)!, cancellationToken));
root.Add(floor);

var histories = new Option<int>("--histories")
{
    Description = "Random histories of accounts, half of them on each database; 0 for none.",
    DefaultValueFactory = _ => LedgerOptions.AllHistories,
};
var kills = new Option<int>("--kills")
{
    Description = "How often the service is killed on each database; 0 for not at all.",
    DefaultValueFactory = _ => LedgerOptions.AllKills,
};
var measured = new Option<int>("--seconds") { Description = "How long redemptions are measured; 0 for not at all.", DefaultValueFactory = _ => 8 };
var ledger = new Command(
    "ledger", "Proves the points ledger for longer than the tests do, and measures redemptions.") { histories, kills, measured, connections };
ledger.SetAction((parsed, cancellationToken) => LedgerBench.RunAsync(
    new LedgerOptions(parsed.GetValue(histories), parsed.GetValue(kills), parsed.GetValue(measured), parsed.GetValue(connections)), cancellationToken));
root.Add(ledger);

var sizes = new Option<string>("--customers")
{
    Description = "How many customers there are; several numbers are run one after the other.",
    DefaultValueFactory = _ => SegmentsOptions.AllCustomers,
};
var many = new Option<int>("--segments") { Description = "How many segments are kept up to date.", DefaultValueFactory = _ => SegmentsOptions.AllSegments };
var written = new Option<int>("--seconds") { Description = "How long customers are changed.", DefaultValueFactory = _ => SegmentsOptions.AllSeconds };
var rules = new Option<int>("--rules") { Description = "Random rules on each database; 0 for none.", DefaultValueFactory = _ => SegmentsOptions.AllRules };
var segments = new Command(
    "segments", "Proves segments for longer than the tests do, and measures how soon memberships are correct.") { sizes, many, written, rules };
segments.SetAction((parsed, cancellationToken) => SegmentsBench.RunAsync(
    parsed.GetValue(sizes)!, parsed.GetValue(many), parsed.GetValue(written), parsed.GetValue(rules), cancellationToken));
root.Add(segments);

var bodies = new Option<int>("--bodies") { Description = "How many bodies are sent on each database.", DefaultValueFactory = _ => HostileBench.All };
var hostile = new Command("hostile", "Sends hostile bodies of every shape and size to every endpoint, and measures what each costs.") { bodies };
hostile.SetAction((parsed, cancellationToken) => HostileBench.RunAsync(parsed.GetValue(bodies), cancellationToken));
root.Add(hostile);

var fuzzed = new Option<int>("--seconds") { Description = "How long random requests are sent on each database.", DefaultValueFactory = _ => FuzzBench.All };
var fuzz = new Command("fuzz", "Sends random requests to every operation of the API description, and compares each response with it.") { fuzzed };
fuzz.SetAction((parsed, cancellationToken) => FuzzBench.RunAsync(parsed.GetValue(fuzzed), cancellationToken));
root.Add(fuzz);

var previews = new Command("previews", "Measures how previews of large rules affect reads of customers.") { customers, seconds };
previews.SetAction((parsed, cancellationToken) => PreviewsBench.RunAsync(parsed.GetValue(customers), parsed.GetValue(seconds), cancellationToken));
root.Add(previews);

var flooded = new Option<int>("--seconds")
{
    Description = "How long reads are measured, without the flood and during it.",
    DefaultValueFactory = _ => FloodOptions.AllSeconds,
};
var flood = new Command("flood", "Measures others' reads while 50 wrong sign-ins are made at once, on both databases.") { flooded };
flood.SetAction((parsed, cancellationToken) => FloodBench.RunAsync(new FloodOptions(parsed.GetValue(flooded)), cancellationToken));
root.Add(flood);

var behind = new Option<int>("--events") { Description = "How many events wait for the dead receiver.", DefaultValueFactory = _ => WebhooksOptions.AllEvents };
var turns = new Option<int>("--seconds") { Description = "How long each state is measured.", DefaultValueFactory = _ => WebhooksOptions.AllSeconds };
var webhooks = new Command("webhooks", "Measures how a dead receiver with many events behind it affects everything else.") { behind, turns };
webhooks.SetAction((parsed, cancellationToken) =>
    WebhooksBench.RunAsync(new WebhooksOptions(parsed.GetValue(behind), parsed.GetValue(turns)), cancellationToken));
root.Add(webhooks);

var loads = new Option<int>("--loads") { Description = "How often the console is loaded.", DefaultValueFactory = _ => ConsoleOptions.AllLoads };
var console = new Command(
    "console", "Measures the size and the time of the console's loads, and how soon it answers somebody who types.") { customers, loads };
console.SetAction((parsed, cancellationToken) =>
    ConsoleBench.RunAsync(new ConsoleOptions(parsed.GetValue(customers), parsed.GetValue(loads)), cancellationToken));
root.Add(console);

var starts = new Option<int>("--starts") { Description = "How often each form is started.", DefaultValueFactory = _ => StartBench.AllStarts };
var start = new Command("start", "Measures the start and the memory of the service in each form of the program.") { starts };
start.SetAction((parsed, cancellationToken) => StartBench.RunAsync(parsed.GetValue(starts), cancellationToken));
root.Add(start);

var screenshots = new Command("screenshots", "Makes the pictures of docs/guides/console.md.");
screenshots.SetAction((_, cancellationToken) => Screenshots.RunAsync(cancellationToken));
root.Add(screenshots);

var accounts = new Option<int>("--accounts")
{
    Description = "How many accounts are asked about, and as many names without an account.",
    DefaultValueFactory = _ => AccountsOptions.AllAccounts,
};
var enumeration = new Command("enumeration", "Compares the times of requests about accounts that exist and about accounts that do not.") { accounts };
enumeration.SetAction((parsed, cancellationToken) =>
    EnumerationBench.RunAsync(new AccountsOptions(parsed.GetValue(accounts)), cancellationToken));
root.Add(enumeration);

var chosen = new Option<string?>("--only") { Description = $"Faults separated by commas: {string.Join(", ", FaultsBench.Names)}." };
var scale = new Option<double>("--scale") { Description = "A smaller number makes fewer faults of each kind.", DefaultValueFactory = _ => 1 };
var former = new Option<string?>("--former") { Description = "The program of an older release, to upgrade from while writers write." };
var faults = new Command("faults", "Makes nodes and databases fail while writers write, and counts what is lost, doubled and delayed.")
{
    chosen, scale, former,
};
faults.SetAction((parsed, cancellationToken) => FaultsBench.RunAsync(
    new FaultsOptions(parsed.GetValue(chosen)?.Split(',', StringSplitOptions.TrimEntries) ?? [], parsed.GetValue(scale), parsed.GetValue(former)),
    cancellationToken));
root.Add(faults);

var compared = new Option<string>("--only") { Description = $"Endpoints separated by commas: {names}.", Required = true };
var turn = new Option<int>("--seconds") { Description = "How long a turn takes.", DefaultValueFactory = _ => 4 };
var times = new Option<int>("--turns") { Description = "How many turns each release has.", DefaultValueFactory = _ => 20 };
var earlier = new Option<string>("--former") { Description = "The program of the earlier release.", Required = true };
var compare = new Command("compare", "Compares the CPU of requests in an earlier release and in this one, in turns.")
{
    compared, customers, turn, times, earlier,
};
compare.SetAction((parsed, cancellationToken) => CompareBench.RunAsync(
    new CompareOptions(
        parsed.GetValue(earlier)!,
        parsed.GetValue(customers),
        parsed.GetValue(turn),
        parsed.GetValue(times),
        parsed.GetValue(compared)!.Split(',', StringSplitOptions.TrimEntries)),
    cancellationToken));
root.Add(compare);

return await root.Parse(args).InvokeAsync();
