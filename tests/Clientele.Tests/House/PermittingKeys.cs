using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Every mapped endpoint × API keys with and without its scope.</summary>
public sealed class PermittingKeys(ClienteleApp app, PermissionCast cast) : IClassFixture<PermissionCast>
{
    /// <summary>What a path names of a customer.</summary>
    private static readonly string[] Owned = ["{customer}", "{uuid}", "{address}", "{stored}", "{review}"];

    public static TheoryData<string> Endpoints => [.. PermissionTable.Rows.Select(row => row.Endpoint)];

    public static TheoryData<string> Reaching =>
    [
        .. PermissionTable.Rows.Where(row => row.Scope is not null && Owned.Any(name => row.Path.Contains(name, StringComparison.Ordinal)))
            .Select(row => row.Endpoint),
    ];

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task A_key_gets_in_with_the_scope_of_the_table_and_with_no_other(string endpoint)
    {
        var row = Row(endpoint);
        var target = await cast.NewTargetAsync();
        var without = await row.SendAsync(await app.KeyAsync([.. Keyed.AllScopes.Where(scope => scope != row.Scope)]), target);
        if (row.IgnoresKeys)
        {
            without.Expect(row.Status);
            return;
        }

        Assert.Equal("insufficient_scope", without.ExpectProblem(403).Code);
        Assert.Contains("error=\"insufficient_scope\"", without.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        if (row.Scope is null)
        {
            Assert.Contains("API keys cannot", (string)without["detail"]!, StringComparison.Ordinal);
            return;
        }

        Assert.Contains(row.Scope, (string)without["detail"]!, StringComparison.Ordinal);
        Assert.Contains(row.Scope, without.Headers["WWW-Authenticate"], StringComparison.Ordinal);
        (await row.SendAsync(await app.KeyAsync(row.Scope), target)).Expect(row.KeyStatus ?? row.Status);
    }

    [Fact]
    public void The_routes_name_the_scopes_of_the_table() => Assert.Equal(
        PermissionTable.Rows.Select(row => $"{PermissionCast.Unnamed(row.Endpoint)} {row.Scope}").Order(StringComparer.Ordinal),
        app.MappedEndpoints().Select(endpoint => $"{PermissionCast.Unnamed(endpoint.Call)} {endpoint.Scope}").Order(StringComparer.Ordinal));

    [Fact]
    public void Keys_reach_neither_auth_nor_keys_nor_what_is_a_persons_own() => Assert.All(
        PermissionTable.Rows.Where(row => new[] { "/api/auth/", "/api/keys/", "/me/", "/update_profile/", "/change_password/" }
            .Any(part => row.Path.Contains(part, StringComparison.Ordinal))),
        row => Assert.Null(row.Scope));

    [Theory]
    [MemberData(nameof(Reaching))]
    public async Task For_a_key_staff_do_not_exist(string endpoint)
    {
        var row = Row(endpoint);
        var target = await cast.TargetAsync(await app.NewAdminAsync());

        // Orders and reviews name their customer in the body: a new one of staff names nobody.
        var answer = await row.SendAsync(await app.KeyAsync(Keyed.AllScopes), target);

        Assert.Equal(row.Method == HttpMethod.Put && row.Path.Contains("{review}", StringComparison.Ordinal) ? "customer_unknown" : "not_found", answer.Code);
        (await row.SendAsync(cast.Admin, target)).Expect(row.Status);
    }

    private static PermissionRow Row(string endpoint) => PermissionTable.Rows.Single(row => row.Endpoint == endpoint);
}
