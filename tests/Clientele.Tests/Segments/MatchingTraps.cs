namespace Clientele.Tests.Segments;

/// <summary>Rules that are easy to get wrong, evaluated by the service for a small set of named customers.</summary>
public sealed class MatchingTraps(TrapWorld cast) : IClassFixture<TrapWorld>
{
    public static TheoryData<string, string, string> Rules => Traps.All;

    [Fact]
    public async Task The_service_has_the_cast_as_it_was_drafted()
    {
        var world = await cast.ReadyAsync();

        foreach (var (claim, rule, expected) in Rules.Select(row => row.Data))
        {
            var names = Preview.Expected(world, Traps.Parse(rule, world.Groups[0]))
                .Select(world.Known)
                .Where(customer => !customer.IsStaff)
                .Select(customer => customer.Username);
            Assert.True(expected == string.Join(' ', names), $"{claim}: {expected}; found {string.Join(' ', names)}");
        }
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public async Task Whom_the_rule_matches(string claim, string rule, string expected)
    {
        var world = await cast.ReadyAsync();

        var preview = (await world.PreviewAsync(Traps.Parse(rule, world.Groups[0]))).Expect(200);

        // There is also an admin, who is a customer like the others.
        var ids = Preview.Ids(preview);
        var names = ids.Select(world.Known).Where(customer => !customer.IsStaff).Select(customer => customer.Username).Order(StringComparer.Ordinal);
        Assert.True(expected == string.Join(' ', names), $"{claim}: {expected}; found {string.Join(' ', names)}");
        Assert.Equal(ids.Length, (int)preview["count"]);
    }
}

/// <summary>The largest rules that are allowed, evaluated by the service for the same customers.</summary>
public sealed class MatchingTheLargestRules(TrapWorld cast) : IClassFixture<TrapWorld>
{
    private const string Tea = """{"field": "product_id", "op": "eq", "value": "tea"}""";

    [Fact]
    public Task Of_200_nodes() => ExpectRightAsync(Any(Repeated(199, i => $$"""{"field": "total_spent", "op": "eq", "value": {{i}} }""")));

    [Fact]
    public Task Of_200_nodes_in_one_where() => ExpectRightAsync(Bought(Any(Repeated(198, i => $$"""{"field": "amount", "op": "eq", "value": {{i}} }"""))));

    [Fact]
    public Task Of_depth_6() => ExpectRightAsync(Not(Any(Not(Bought(Not(Tea))))));

    [Fact]
    public Task With_5_related_nodes() => ExpectRightAsync(Any(Repeated(5, i => Bought($$"""{"field": "line_number", "op": "eq", "value": {{i}} }"""))));

    [Fact]
    public Task With_1000_values() => ExpectRightAsync($$"""{"field": "username", "op": "in", "value": ["ADA", {{Repeated(999, i => $"\"name {i}\"")}}]}""");

    [Fact]
    public Task With_all_of_1000_tags() => ExpectRightAsync(
        $$"""{"not": {"field": "tags", "op": "contains_all", "value": [{{Repeated(1000, i => $"\"tag {i}\"")}}]} }""");

    private static string Any(string nodes) => $$"""{"any": [{{nodes}}]}""";

    private static string Not(string node) => $$"""{"not": {{node}} }""";

    private static string Bought(string where) => $$"""{"related": "order_lines", "where": {{where}} }""";

    private static string Repeated(int count, Func<int, string> part) => string.Join(", ", Enumerable.Range(1, count).Select(part));

    private async Task ExpectRightAsync(string rule) => Assert.Null(await Preview.ComplaintAsync(await cast.ReadyAsync(), Traps.Parse(rule)));
}

/// <summary>The customers in a separate service whose clock is stopped.</summary>
public sealed class TrapWorld : IAsyncDisposable
{
    private readonly Lazy<Task<RuleWorld>> _ready = new(BeginAsync);

    /// <summary>Started by the first test that needs it, so that only that test is skipped if there is no database.</summary>
    internal Task<RuleWorld> ReadyAsync() => _ready.Value;

    public async ValueTask DisposeAsync()
    {
        if (_ready is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            await (await _ready.Value).DisposeAsync();
        }
    }

    private static async Task<RuleWorld> BeginAsync()
    {
        var world = await RuleWorld.BeginAsync(TrapCast.Everybody);
        await world.GoToAsync(TrapCast.Now);
        return world;
    }
}
