using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>Anybody can make up tokens with somebody's id. Nobody is locked for them, and they wait for nobody.</summary>
public sealed class MakingUpTokens
{
    [Fact]
    public async Task A_token_that_somebody_has_made_up_is_refused_while_another_changes_the_customer()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await using var other = await own.Database.OpenAsync();
        await other.ScalarAsync(
            TestDatabase.Kind is DatabaseKind.Sqlite ? "BEGIN IMMEDIATE" : $"BEGIN; SELECT id FROM customers WHERE id = {customer.Id} FOR UPDATE");

        await ExpectAsync("/api/auth/token/refresh/", "refresh", 401);
        await ExpectAsync("/api/auth/token/revoke/", "refresh", 204);
        await ExpectAsync("/api/customers/customers/verify_email/", "token", 400);
        await ExpectAsync("/api/customers/customers/undo_email/", "token", 400);

        await other.ScalarAsync("ROLLBACK");

        async Task ExpectAsync(string path, string member, int status) =>
            (await own.Stranger.Post(path, new JsonObject { [member] = $"{customer.Id}.{new string('A', 43)}" })).Expect(status);
    }
}
