using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>An admin's decision takes precedence over the rule, until it is reset.</summary>
public sealed class DecidingByHand : IAsyncLifetime
{
    private ClienteleApp _app = null!;
    private long _vip;
    private long _other;
    private long _segment;

    public async ValueTask InitializeAsync()
    {
        _app = await ClienteleApp.StartAsync();
        (_vip, _other) = (await _app.NewCustomerAsync(), await _app.NewCustomerAsync());
        await _app.PatchAsync(_vip, new { is_vip = true });
        _segment = await _app.SegmentAsync(Vip);
    }

    public ValueTask DisposeAsync() => _app?.DisposeAsync() ?? ValueTask.CompletedTask;

    [Fact]
    public async Task Somebody_added_is_a_member_at_once_whatever_the_rule_says()
    {
        Assert.True(await _app.DecideAsync("add", _segment, _other));

        Assert.Equal([_vip, _other], await _app.MembersAsync(_segment));
        Assert.False(await _app.DecideAsync("add", _segment, _other));
        await _app.PatchAsync(_other, new { is_vip = true });
        await _app.PatchAsync(_other, new { is_vip = false });
        await _app.ExpectAsync(_segment, _vip, _other);
        Assert.Equal([$"{_vip} entered rule", $"{_other} entered by_hand"], await _app.ChangesAsync(_segment));
    }

    [Fact]
    public async Task Somebody_removed_stays_out_until_reset()
    {
        Assert.True(await _app.DecideAsync("remove", _segment, _vip));

        Assert.Empty(await _app.MembersAsync(_segment));
        await _app.PatchAsync(_vip, new { is_vip = false });
        await _app.DrainAsync();
        await _app.PatchAsync(_vip, new { is_vip = true });
        await _app.ExpectAsync(_segment);
        (await (await _app.FreshAdminAsync()).Post($"{Url(_segment)}rebuild/")).Expect(202);
        await _app.ExpectAsync(_segment);
        Assert.True(await _app.DecideAsync("reset", _segment, _vip));
        Assert.Equal([_vip], await _app.MembersAsync(_segment));
        Assert.False(await _app.DecideAsync("reset", _segment, _vip));
        Assert.Equal([$"{_vip} entered rule", $"{_vip} left by_hand", $"{_vip} entered by_hand"], await _app.ChangesAsync(_segment));
    }

    [Fact]
    public async Task A_reset_takes_somebody_out_whom_the_rule_does_not_mean()
    {
        Assert.True(await _app.DecideAsync("add", _segment, _other));

        Assert.True(await _app.DecideAsync("reset", _segment, _other));

        Assert.Equal([_vip], await _app.MembersAsync(_segment));
    }

    [Fact]
    public async Task A_member_by_the_rule_who_is_added_stays_when_the_rule_does_not_hold_any_more()
    {
        Assert.True(await _app.DecideAsync("add", _segment, _vip));
        await _app.PatchAsync(_vip, new { is_vip = false });

        await _app.ExpectAsync(_segment, _vip);
        Assert.Equal([$"{_vip} entered rule"], await _app.ChangesAsync(_segment));
    }

    [Fact]
    public async Task Who_was_added_is_no_member_while_inactive()
    {
        var admin = await _app.FreshAdminAsync();
        await _app.DecideAsync("add", _segment, _other);

        (await admin.Post($"{Lists.Customers}{_other}/deactivate/")).Expect(200);
        await _app.ExpectAsync(_segment, _vip);
        (await admin.Post($"{Lists.Customers}{_other}/reactivate/")).Expect(200);
        await _app.ExpectAsync(_segment, _vip, _other);
        (await admin.Post($"{Lists.Customers}{_vip}/deactivate/")).Expect(200);
        Assert.True(await _app.DecideAsync("add", _segment, _vip));
        await _app.ExpectAsync(_segment, _other);
    }

    [Fact]
    public async Task A_group_without_a_rule_keeps_its_members_whatever_their_state()
    {
        var group = await _app.GroupAsync();
        await _app.DecideAsync("add", group, _other);

        (await (await _app.FreshAdminAsync()).Post($"{Lists.Customers}{_other}/deactivate/")).Expect(200);

        await _app.ExpectAsync(group, _other);
        Assert.Equal([$"{_other} entered by_hand"], await _app.ChangesAsync(group));
    }

    [Fact]
    public async Task Members_from_before_a_rule_is_switched_on_count_as_added()
    {
        var admin = await _app.FreshAdminAsync();
        var group = await _app.GroupAsync();
        await _app.DecideAsync("add", group, _other);

        (await admin.Patch(Url(group), new { auto_assign = true, assignment_rules = Vip })).Expect(200);

        await _app.ExpectAsync(group, _vip, _other);
        await _app.DecideAsync("reset", group, _other);
        await _app.ExpectAsync(group, _vip);
    }

    [Fact]
    public async Task Inactive_members_leave_when_a_rule_is_switched_on_and_return_when_it_is_switched_off()
    {
        var admin = await _app.FreshAdminAsync();
        var group = await _app.GroupAsync();
        await _app.DecideAsync("add", group, _other);
        (await admin.Post($"{Lists.Customers}{_other}/deactivate/")).Expect(200);

        (await admin.Patch(Url(group), new { auto_assign = true, assignment_rules = Vip })).Expect(200);
        await _app.ExpectAsync(group, _vip);
        (await admin.Patch(Url(group), new { auto_assign = false })).Expect(200);

        await _app.ExpectAsync(group, _vip, _other);
        await _app.PatchAsync(_vip, new { is_vip = false });
        await _app.ExpectAsync(group, _vip, _other);
        Assert.Null((await admin.Get(Url(group))).Json["state"]);
        Assert.Equal(await _app.MembersAsync(group), Replay((await _app.ReadChangesAsync(group, null)).Changes));
    }

    [Fact]
    public async Task Who_was_removed_stays_out_when_the_rule_is_switched_off_and_on_again()
    {
        var admin = await _app.FreshAdminAsync();
        await _app.DecideAsync("remove", _segment, _vip);

        (await admin.Patch(Url(_segment), new { auto_assign = false })).Expect(200);
        Assert.False(await _app.DecideAsync("remove", _segment, _vip));
        (await admin.Patch(Url(_segment), new { auto_assign = true })).Expect(200);

        await _app.ExpectAsync(_segment);
        Assert.Empty(await _app.CheckAsync());
    }

    [Fact]
    public async Task Another_rule_after_the_switch_is_the_one_that_counts()
    {
        var admin = await _app.FreshAdminAsync();
        (await admin.Patch(Url(_segment), new { auto_assign = false })).Expect(200);
        await _app.DecideAsync("remove", _segment, _vip);

        (await admin.Patch(Url(_segment), new { auto_assign = true, assignment_rules = Not(Vip) })).Expect(200);

        await _app.ExpectAsync(_segment, _other, (await _app.FreshAdminAsync()).Id);
    }
}
