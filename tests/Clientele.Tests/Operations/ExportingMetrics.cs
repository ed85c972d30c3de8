using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clientele.Server.Data;
using Clientele.Server.Operations;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Operations;

/// <summary>What Prometheus reads from a node, and what our dashboard and alerts make of it.</summary>
public sealed partial class ExportingMetrics(ClienteleApp app, MeasuredNode node) : IClassFixture<MeasuredNode>
{
    public static TheoryData<string> Expressions => [.. Dashboard().Concat(AlertRule.All().Select(rule => rule.Expression)).Distinct()];

    [Fact]
    public void Every_expression_of_the_dashboard_and_the_alerts_names_a_metric() => Assert.All(
        Dashboard().Concat(AlertRule.All().Select(rule => rule.Expression)),
        expression => Assert.NotEmpty(MetricsPage.NamesIn(expression)));

    [Theory]
    [MemberData(nameof(Expressions))]
    public void A_running_node_exports_every_metric_of_the_dashboard_and_the_alerts(string expression)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);

        // Prometheus makes the first itself. SQLite has no pool.
        var missing = MetricsPage.NamesIn(expression).Except(node.Page.Names)
            .Where(name => name != "up" && !(TestDatabase.Kind is DatabaseKind.Sqlite && name.StartsWith("db_client_", StringComparison.Ordinal)));

        Assert.Empty(missing);
    }

    [Fact]
    public void A_selector_of_the_alerts_uses_labels_that_exist()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var used = AlertRule.All().SelectMany(rule => Label().Matches(rule.Expression).Select(match => match.Groups["label"].Value)).Distinct()
            .Except(["job", "instance", "le"]).Where(label => TestDatabase.Kind is DatabaseKind.Postgres || !label.StartsWith("db_", StringComparison.Ordinal));

        Assert.All(used, label => Assert.Contains($"{label}=\"", node.Page.Text, StringComparison.Ordinal));
    }

    [Fact]
    public void The_figures_are_those_of_the_database()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);

        Assert.Equal(0, Value("clientele_check_findings", "check=\"points\""));
        Assert.InRange(Value("clientele_customers_count"), 1, 2);
        Assert.InRange(Value("clientele_check_age_seconds"), 0, 3600);
        Assert.InRange(Value("clientele_messages_attempts_total", "outcome=\"sent\""), 1, 10);
    }

    /// <summary>In this process, so that the rules for statements see what is read.</summary>
    [Fact]
    public async Task Every_noun_reads_its_figures_in_the_form_that_they_are_exported()
    {
        await using var scope = app.Services.CreateAsyncScope();
        var readings = new List<GaugeReading>();
        foreach (var gauges in scope.ServiceProvider.GetServices<IDatabaseGauges>())
        {
            readings.AddRange(await gauges.ReadAsync(TestContext.Current.CancellationToken));
        }

        Assert.All(readings, reading => Assert.Matches(@"^clientele\.[a-z_.]+$", reading.Name));
        Assert.All(readings, reading => Assert.Matches(@"^(s|\{[a-z]+\})$", reading.Unit));
        Assert.All(readings, reading => Assert.InRange(reading.Value, 0, double.MaxValue));
        Assert.Distinct(readings.Select(reading => (reading.Name, reading.Label)));
        Assert.All(readings.GroupBy(reading => reading.Name), same => Assert.Single(same.Select(one => (one.Unit, one.Description)).Distinct()));
    }

    [Fact]
    public async Task Of_two_nodes_one_reads_the_figures_and_the_other_takes_over_when_it_is_gone()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "An SQLite file has one node.");
        await using var own = await ClienteleApp.StartAsync();
        var measured = new ClienteleAppOptions { Database = own.Database, Clock = own.Clock, Settings = { ["Telemetry:MetricsToken"] = MeasuredNode.Token } };
        var one = await ClienteleApp.StartAsync(measured);
        Assert.True(await ReadAsync(one));
        await using var other = await ClienteleApp.StartAsync(measured);
        Assert.False(await ReadAsync(other));
        Assert.True(await ReadAsync(one));

        await one.DisposeAsync();
        Assert.False(await ReadAsync(other));
        own.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.True(await ReadAsync(other));

        static Task<bool> ReadAsync(ClienteleApp node) =>
            node.Services.GetRequiredService<GaugeReader>().ReadOnceAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public void No_metric_knows_a_person()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);

        Assert.DoesNotContain("measured", node.Page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("@example", node.Page.Text, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("password=", node.Page.Text, StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Bearer ")]
    [InlineData("Bearer a-token-for-prometheus-4")]
    [InlineData("Bearer a-token-for-prometheus-422")]
    [InlineData("Basic a-token-for-prometheus-42")]
    [InlineData("a-token-for-prometheus-42")]
    public async Task Without_the_token_there_are_no_metrics(string authorization)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        (string, string)[] headers = authorization.Length == 0 ? [] : [("Authorization", authorization)];

        var answer = (await new Actor(node.Server.Client).Get("/metrics", headers)).ExpectProblem(401);

        Assert.DoesNotContain("http_server", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_the_setting_there_is_no_page() => (await app.Stranger.Get("/metrics")).ExpectProblem(404);

    [Fact]
    public void A_log_begins_with_the_release_and_the_commit()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var first = node.Server.Output.Split('\n')[0];

        Assert.Matches(@"""Message"":""Clientele \d+\.\d+\.\d+, commit ([0-9a-f]{40}|unknown), starts""", first);
    }

    private double Value(string name, string label = "") => double.Parse(
        node.Page.Text.Split('\n').First(line => line.StartsWith(name, StringComparison.Ordinal) && line.Contains(label, StringComparison.Ordinal))
            .Split("} ")[^1].Split(' ')[0],
        CultureInfo.InvariantCulture);

    private static IEnumerable<string> Dashboard() =>
        from panel in JsonNode.Parse(Repository.Read("deploy/grafana/clientele.json"))!["panels"]!.AsArray()
        from target in panel!["targets"]?.AsArray() ?? []
        select (string)target!["expr"]!;

    [GeneratedRegex(@"(?<label>[a-z_]+)(=|!=|=~)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Label();
}
