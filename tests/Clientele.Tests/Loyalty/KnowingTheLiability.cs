using Clientele.Tests.Support;

namespace Clientele.Tests.Loyalty;

public sealed class KnowingTheLiability
{
    [Fact]
    public async Task It_is_right_on_any_past_date_even_of_those_who_were_erased()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z");
        await using var _ = app;
        var another = await app.CustomerAsync();
        await admin.OrderAsync(customer, "first", 1, "100.00");
        (admin, customer) = await app.GoToAsync("2027-01-20T12:00:00Z", admin, customer);
        await admin.AdjustAsync(another, 50);
        await admin.RedeemAsync(customer, 30);
        (admin, customer) = await app.GoToAsync("2027-01-30T12:00:00Z", admin, customer);
        (await admin.Delete(customer.Url)).Expect(204);

        Assert.Equal(0, await admin.LiabilityAsync("2027-01-09"));
        Assert.Equal(0, await admin.LiabilityAsync("2027-01-10T11:59:59Z"));
        Assert.Equal(100, await admin.LiabilityAsync("2027-01-10"));
        Assert.Equal(100, await admin.LiabilityAsync("2027-01-10T13:00:00+01:00"));
        Assert.Equal(120, await admin.LiabilityAsync("2027-01-29"));
        Assert.Equal(50, await admin.LiabilityAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task What_somebody_owes_makes_nobody_elses_points_less()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z");
        await using var _ = app;
        var another = await app.CustomerAsync();
        await admin.AdjustAsync(another, 70);
        await admin.OrderAsync(customer, "first", 1, "100.00");
        await admin.RedeemAsync(customer, 90);
        await admin.OrderAsync(customer, "first", 2, "100.00", status: "cancelled");
        Assert.Equal((0, 0, 90), await customer.PointsAsync());
        Assert.Equal(70, await admin.LiabilityAsync());

        (await admin.Delete(customer.Url)).Expect(204);

        Assert.Equal(70, await admin.LiabilityAsync());
        await app.ExpectNoDriftAsync();
    }

    [Fact]
    public async Task Pending_points_are_outstanding()
    {
        var (app, admin, customer) = await Shop.AtAsync("2027-01-10T12:00:00Z", ("Loyalty:PendingDays", "10"));
        await using var _ = app;
        await admin.OrderAsync(customer, "first", 1, "100.00");
        (admin, customer) = await app.GoToAsync("2027-01-21T12:00:00Z", admin, customer);
        await app.MaintainAsync();

        Assert.Equal(100, await admin.LiabilityAsync("2027-01-15"));
        Assert.Equal(100, await admin.LiabilityAsync());
    }

    [Theory]
    [InlineData("as_of=yesterday", "as_of")]
    [InlineData("as_of=", "as_of")]
    [InlineData("as_of=2027-13-01", "as_of")]
    [InlineData("as_off=2027-01-01", "as_off")]
    public async Task What_is_no_instant_is_refused(string query, string member)
    {
        var (app, admin, _) = await Shop.AtAsync("2027-01-10T12:00:00Z");
        await using var started = app;

        (await admin.Get($"/api/customers/loyalty/liability/?{query}")).ExpectProblem(400, member);
    }
}
