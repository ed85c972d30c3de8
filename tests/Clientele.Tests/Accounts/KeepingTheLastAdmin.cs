using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>There is always an admin who can sign in, whatever admins do to each other at the same instant.</summary>
public sealed class KeepingTheLastAdmin
{
    private const string ActiveAdmins = "SELECT COUNT(*) FROM customers WHERE is_staff AND is_active";

    [Fact]
    public async Task Two_admins_who_remove_each_other_at_once_leave_one()
    {
        await using var own = await ClienteleApp.StartAsync();
        var rival = await own.NewAdminAsync();
        foreach (var way in Enumerable.Repeat(new[] { Deactivate, Patch, Erase, Mixed, Demote }, 3).SelectMany(ways => ways))
        {
            var (one, other) = (await rival.StepUpAsync(), await (await own.NewAdminAsync()).StepUpAsync());

            var answers = await Crowd.AtOnceAsync(2, i => i == 0 ? way(own, one, other, 0) : way(own, other, one, 1));

            Assert.Equal(1, await own.Database.CountAsync(ActiveAdmins));
            Assert.Equal(1, await own.Database.CountAsync("SELECT SUM(value) FROM counters WHERE name = 'active_admins'"));
            Assert.Single(answers, won => won);
            rival = answers[0] ? one : other;
        }
    }

    [Fact]
    public async Task The_last_admin_can_be_neither_deactivated_nor_erased_nor_demoted()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();

        Assert.Equal("last_admin", (await admin.Post($"{admin.Url}deactivate/")).ExpectProblem(409).Code);
        Assert.Equal("last_admin", (await admin.Patch(admin.Url, new { is_active = false })).ExpectProblem(409).Code);
        Assert.Equal("last_admin", (await admin.Delete(admin.Url)).ExpectProblem(409).Code);
        Assert.NotEmpty(await own.DemoteAsync(admin.Username));
        (await admin.Get("/api/customers/customers/me/")).Expect(200);
    }

    private static async Task<bool> Deactivate(ClienteleApp own, Actor by, Actor victim, int turn) => Won(await by.Post($"{victim.Url}deactivate/"));

    private static async Task<bool> Patch(ClienteleApp own, Actor by, Actor victim, int turn) => Won(await by.Patch(victim.Url, new { is_active = false }));

    private static async Task<bool> Erase(ClienteleApp own, Actor by, Actor victim, int turn) => Won(await by.Delete(victim.Url));

    private static Task<bool> Mixed(ClienteleApp own, Actor by, Actor victim, int turn) =>
        turn == 0 ? Erase(own, by, victim, turn) : Deactivate(own, by, victim, turn);

    private static async Task<bool> Demote(ClienteleApp own, Actor by, Actor victim, int turn) => (await own.DemoteAsync(victim.Username)).Count == 0;

    /// <summary>A request that is too late is told that the last admin must remain, or its caller is no longer an admin.</summary>
    private static bool Won(Answer answer)
    {
        if ((int)answer.Status is 200 or 204)
        {
            return true;
        }

        Assert.True((int)answer.Status is 401 or 409, answer.Text);
        Assert.True((int)answer.Status == 401 || answer.Code == "last_admin", answer.Text);
        return false;
    }
}
