using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A rule that cannot be evaluated any more is its own group's trouble.</summary>
public sealed class IsolatingErrors
{
    [Fact]
    public async Task A_rule_of_a_tier_that_is_no_more_marks_its_group_and_disturbs_no_other()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.SomebodyAsync();
        var gold = await own.SegmentAsync(new { field = "loyalty_tier", op = "eq", value = "gold" });
        var vips = await own.SegmentAsync(Vip);
        await own.ExpectAsync(vips);

        await using (var other = await ClienteleApp.StartAsync(new() { Database = own.Database, Clock = own.Clock, Settings = Tiers }))
        {
            await other.DrainAsync();
            await other.PatchAsync(customer, new { is_vip = true });
            await other.DrainAsync();

            Assert.Equal([customer], await other.MembersAsync(vips));
            var failed = (await (await other.BossAsync()).Get(Url(gold))).Expect(200);
            Assert.Equal("error", (string)failed["state"]!);
            Assert.Contains("silver", (string)failed["error"]!, StringComparison.Ordinal);
        }

        // A node that knows the tier takes it up again.
        await using var again = await own.SecondNodeAsync();
        await again.DrainAsync();
        Assert.Equal("ready", (string)(await (await own.BossAsync()).Get(Url(gold))).Expect(200)["state"]!);
    }

    private static Dictionary<string, string?> Tiers => new()
    {
        ["Loyalty:Tiers:0:Name"] = "bronze",
        ["Loyalty:Tiers:0:From"] = "0",
        ["Loyalty:Tiers:1:Name"] = "silver",
        ["Loyalty:Tiers:1:From"] = "1000",
    };
}
