using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>A rule that is switched off keeps its members until it is switched on again. Nobody has decided about them by hand.</summary>
public sealed class SwitchingRulesOff : IAsyncLifetime
{
    private ClienteleApp _app = null!;
    private Actor _admin = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await ClienteleApp.StartAsync();
        _admin = await _app.FreshAdminAsync();
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Members_stay_while_it_is_off_and_return_to_the_rule_when_it_is_on()
    {
        var (stays, leaves) = (await VipAsync(), await VipAsync());
        var group = await _app.SegmentAsync(Vip);

        await SwitchAsync(group, on: false);
        await _app.PatchAsync(leaves, new { is_vip = false });
        await _app.ExpectAsync(group, stays, leaves);
        Assert.Equal("kept", await OriginAsync(group, leaves));
        await SwitchAsync(group, on: true);
        await _app.ExpectAsync(group, stays);

        Assert.Equal("rule", await OriginAsync(group, stays));
        Assert.Equal(
            [$"{stays} entered rule", $"{leaves} entered rule", $"{leaves} left rule"], await _app.ChangesAsync(group));
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task An_export_says_that_a_member_was_kept()
    {
        var vip = await VipAsync();
        var group = await _app.SegmentAsync(Vip);
        await SwitchAsync(group, on: false);

        var export = (await _admin.Get($"{Lists.Customers}{vip}/export/")).Expect(200);

        Assert.Contains(export["groups"].AsArray(), membership => (string?)membership!["origin"] == "kept" && (bool)membership["is_member"]!);
    }

    [Fact]
    public async Task A_reset_has_nothing_to_undo_and_an_addition_is_a_decision()
    {
        var (kept, added) = (await VipAsync(), await VipAsync());
        var group = await _app.SegmentAsync(Vip);
        await SwitchAsync(group, on: false);

        Assert.False(await _app.DecideAsync("reset", group, kept));
        Assert.True(await _app.DecideAsync("add", group, added));
        await _app.ExpectAsync(group, kept, added);
        await _app.PatchAsync(kept, new { is_vip = false });
        await _app.PatchAsync(added, new { is_vip = false });
        await SwitchAsync(group, on: true);

        await _app.ExpectAsync(group, added);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("""{"auto_assign": true}""")]
    [InlineData("""{"assignment_rules": {"op": "eq", "value": true, "field": "is_vip"}}""")]
    [InlineData("""{"discount_percentage": 5}""")]
    public async Task A_put_without_the_rule_keeps_it(string members)
    {
        var vip = await VipAsync();
        var group = await _app.SegmentAsync(Vip);
        var before = (await _admin.Get(Url(group))).Expect(200);
        var body = JsonNode.Parse(members)!;
        body["name"] = $"Renamed {Guid.NewGuid():n}";

        var replaced = (await _admin.Put(Url(group), body)).Expect(200);

        Assert.True((bool)replaced["auto_assign"]);
        Assert.Equal("ready", (string)replaced["state"]!);
        Assert.Equal(before["assignment_rules"].ToJsonString(), replaced["assignment_rules"].ToJsonString());
        await _app.ExpectAsync(group, vip);
        Assert.Single(await _app.ChangesAsync(group));
    }

    [Fact]
    public async Task A_put_can_switch_it_off_and_keep_the_rule_for_later()
    {
        var vip = await VipAsync();
        var group = await _app.SegmentAsync(Vip);

        var replaced = (await _admin.Put(Url(group), new { name = "Off", auto_assign = false })).Expect(200);

        Assert.Equal("is_vip", (string)replaced["assignment_rules"]["field"]!);
        await _app.ExpectAsync(group, vip);
        (await _admin.Put(Url(group), new { name = "On", auto_assign = true })).Expect(200);
        await _app.ExpectAsync(group, vip);
        (await _admin.Put(Url(group), new { name = "None", assignment_rules = new { } })).ExpectProblem(400, "assignment_rules");
    }

    [Fact]
    public async Task A_stored_rule_that_nobody_could_store_today_can_be_put_back()
    {
        var group = await _app.SegmentAsync(Vip);
        await _app.WithDatabaseAsync(async db =>
        {
            var row = await db.Groups.AsTracking().SingleAsync(g => g.Id == group);
            (row.AssignmentRules, row.Name) = ("""{"field":"withdrawn","op":"eq","value":1}""", new string('x', 300));
            return await db.SaveChangesAsync();
        });
        var read = (await _admin.Get(Url(group))).Expect(200);

        (await _admin.Put(Url(group), read.Text)).Expect(200);
        (await _admin.Patch(Url(group), new { description = "Changed" })).Expect(200);
        (await _admin.Put(Url(group), new { name = "Shorter" })).Expect(200);
        (await _admin.Patch(Url(group), new { assignment_rules = new { field = "withdrawn", op = "eq", value = 2 } })).ExpectProblem(400);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Whatever_happens_the_members_are_those_of_a_simple_model(int seed)
    {
        var random = new Random(seed);
        var people = new List<Modelled>();
        for (var i = 0; i < 4; i++)
        {
            people.Add(new(await _app.NewCustomerAsync()));
        }

        var group = await _app.SegmentAsync(Vip);
        var on = true;
        for (var step = 0; step < 40; step++)
        {
            var one = people[random.Next(people.Count)];
            switch (random.Next(6))
            {
                case 0:
                    on = !on;
                    people.ForEach(person => person.Switch(on));
                    await SwitchAsync(group, on);
                    break;
                case 1 or 2:
                    one.IsVip = !one.IsVip;
                    await _app.PatchAsync(one.Id, new { is_vip = one.IsVip });
                    break;
                case var action:
                    var name = action switch { 3 => "add", 4 => "remove", _ => "reset" };
                    Assert.Equal(one.Decide(name, on), await _app.DecideAsync(name, group, one.Id));
                    break;
            }

            await _app.DrainAsync();
            Assert.Equal(people.Where(person => person.IsMember(on)).Select(person => person.Id).Order(), await _app.MembersAsync(group));
        }

        Assert.Equal(await _app.MembersAsync(group), Replay((await _app.ReadChangesAsync(group, null)).Changes));
        Assert.Empty(await _app.CheckAsync());
    }

    private async Task<long> VipAsync()
    {
        var id = await _app.NewCustomerAsync();
        await _app.PatchAsync(id, new { is_vip = true });
        return id;
    }

    private async Task SwitchAsync(long group, bool on)
    {
        (await _admin.Patch(Url(group), new { auto_assign = on })).Expect(200);
        await _app.DrainAsync();
    }

    private async Task<string?> OriginAsync(long group, long customer) =>
        (string?)(await _admin.Get($"{Url(group)}explain/?customer={customer}")).Expect(200).Json["origin"];

    /// <summary>A customer in a model of plain values.</summary>
    private sealed class Modelled(long id)
    {
        private bool? _byHand;
        private bool _kept;

        public long Id => id;

        public bool IsVip { get; set; }

        public bool IsMember(bool on) => _byHand ?? (on ? IsVip : _kept);

        public void Switch(bool on) => _kept = !on && _byHand is null && IsVip;

        /// <summary>Returns whether the decision changes anything.</summary>
        public bool Decide(string action, bool on)
        {
            var (before, keptBefore) = (_byHand, _kept);
            (_byHand, _kept) = action switch
            {
                "add" => (true, false),
                "remove" when on => (false, false),
                "remove" => (_byHand == false ? false : null, false),
                _ => ((bool?)null, _kept),
            };
            return (_byHand, _kept) != (before, keptBefore);
        }
    }
}
