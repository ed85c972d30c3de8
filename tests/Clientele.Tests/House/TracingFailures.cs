using System.Diagnostics;
using Clientele.Server.Customers;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.House;

/// <summary>A caller who got an error can report its trace id, and the failure can be found by it in the logs.</summary>
public sealed class TracingFailures(ClienteleApp app)
{
    private const string Trace = "0af7651916cd43dd8448eb211c80319c";

    [Fact]
    public async Task What_was_not_foreseen_is_in_the_log_with_its_trace_id_and_its_stack()
    {
        await using var own = await FailingAsync(new InvalidOperationException("This was not foreseen."));

        var customer = await own.CustomerAsync();

        var answer = (await customer.Post($"{customer.Url}deactivate/")).ExpectProblem(500);

        var line = Assert.Single(own.Log.Lines, line => line.Contains((string)answer["trace_id"]!, StringComparison.Ordinal));
        Assert.StartsWith("Error", line, StringComparison.Ordinal);
        Assert.Contains("This was not foreseen.", line, StringComparison.Ordinal);
        Assert.Contains("   at ", line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_that_is_away_is_a_line_a_second_with_all_trace_ids()
    {
        await using var own = await FailingAsync(new TimeoutException("The database is away."));
        var customer = await own.CustomerAsync();
        var begun = Stopwatch.GetTimestamp();

        var answers = await Crowd.AtOnceAsync(100, _ => customer.Post($"{customer.Url}deactivate/"));

        var ids = answers.Select(answer => (string)answer.ExpectProblem(503)["trace_id"]!).ToHashSet();
        await Wait.UntilAsync(
            () => Task.FromResult(ids.All(id => Lines().Any(line => line.Contains(id, StringComparison.Ordinal)))),
            TimeSpan.FromSeconds(30),
            "every trace id is in the log");
        Assert.Equal(100, ids.Count);
        Assert.InRange(Lines().Count, 1, (int)Stopwatch.GetElapsedTime(begun).TotalSeconds + 2);
        Assert.All(Lines(), line => Assert.Contains("The database is away.", line, StringComparison.Ordinal));
        Assert.DoesNotContain(own.Log.Lines, line => line.Contains("   at ", StringComparison.Ordinal));

        List<string> Lines() => [.. own.Log.Lines.Where(line => line.Contains("trace ids", StringComparison.Ordinal))];
    }

    [Fact]
    public async Task A_service_that_ends_tells_what_it_has_not_told_yet()
    {
        var own = await FailingAsync(new TimeoutException("The database is away."));
        var customer = await own.CustomerAsync();
        var ids = new List<string>();
        for (var i = 0; i < 3; i++)
        {
            ids.Add((string)(await customer.Post($"{customer.Url}deactivate/")).ExpectProblem(503)["trace_id"]!);
        }

        await own.DisposeAsync();

        Assert.All(ids, id => Assert.Contains(own.Log.Lines, line => line.Contains(id, StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_trace_of_the_caller_is_followed() => Assert.Equal(
        Trace,
        (string)(await app.Stranger.Get("/api/customers/customers/me/", ("traceparent", $"00-{Trace}-b7ad6b7169203331-01"))).ExpectProblem(401)["trace_id"]!);

    [Theory]
    [InlineData("nonsense")]
    [InlineData("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331")]
    [InlineData("00-00000000000000000000000000000000-b7ad6b7169203331-01")]
    [InlineData("00-ghf7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    [InlineData("ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]
    public async Task A_trace_that_makes_no_sense_is_ignored(string traceparent)
    {
        var id = (string)(await app.Stranger.Get("/api/customers/customers/me/", ("traceparent", traceparent))).ExpectProblem(401)["trace_id"]!;

        Assert.Matches("^[0-9a-f]{32}$", id);
        Assert.DoesNotMatch($"^(0{{32}}|{Trace})$", id);
    }

    private static Task<ClienteleApp> FailingAsync(Exception failure) =>
        ClienteleApp.StartAsync(new() { Services = services => services.AddScoped<Activation>(_ => throw failure) });
}
