using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Every mapped endpoint × every kind of caller. An endpoint without a row in the table fails.</summary>
public sealed class PermittingCalls(ClienteleApp app, PermissionCast cast) : IClassFixture<PermissionCast>
{
    public static TheoryData<string> Endpoints => [.. PermissionTable.Rows.Select(row => row.Endpoint)];

    [Fact]
    public void Every_mapped_endpoint_has_a_row_in_the_table_and_every_row_an_endpoint()
    {
        var mapped = app.MappedEndpoints().Select(endpoint => PermissionCast.Unnamed(endpoint.Call));

        Assert.Equal(
            PermissionTable.Rows.Select(row => PermissionCast.Unnamed(row.Endpoint)).Order(StringComparer.Ordinal),
            mapped.Order(StringComparer.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Nobody_gets_in_with_a_token_that_is_not_good(string endpoint)
    {
        var row = Row(endpoint);
        var target = cast.Owner;
        string? refusal = null;
        foreach (var (what, token) in cast.BadTokens)
        {
            var answer = await row.SendAsync(cast.With(token), target);

            Assert.True((int)answer.Status == (row.Callers == Callers.Everybody ? row.Status : 401), $"{what}: {(int)answer.Status} {answer.Text}");
            if (row.Callers != Callers.Everybody)
            {
                Assert.Equal("Bearer", answer.Headers["WWW-Authenticate"]);
                Assert.Equal(refusal ??= WithoutTrace(answer), WithoutTrace(answer));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Endpoints))]
    public async Task Those_who_may_get_in_and_the_others_are_told_what_the_table_says(string endpoint)
    {
        var row = Row(endpoint);
        var (owner, another) = row.Callers switch
        {
            Callers.Everybody or Callers.SignedIn => (row.Status, row.Status),
            Callers.OwnerOrAdmin => (row.Status, 404),
            Callers.Admin => (403, 403),
        };

        // Callers who are refused come first, so that the target is unchanged when the owner and the admin call.
        var target = await cast.NewTargetAsync();
        (await row.SendAsync(cast.Another, target)).Expect(another);
        (await row.SendAsync(target.Owner, target)).Expect(owner);
        (await row.SendAsync(cast.Admin, row.Method == HttpMethod.Get ? target : await cast.NewTargetAsync())).Expect(row.Status);
    }

    [Fact]
    public async Task Refused_requests_change_nothing()
    {
        var target = await cast.NewTargetAsync();
        var before = await StateAsync(target);

        foreach (var row in PermissionTable.Rows.Where(row => row.Method != HttpMethod.Get && row.Callers is Callers.OwnerOrAdmin or Callers.Admin))
        {
            await row.SendAsync(cast.Another, target);
            await row.SendAsync(app.Stranger, target);
            await row.SendAsync(cast.With(cast.DemotedToken), target);
        }

        Assert.Equal(before, await StateAsync(target));
    }

    private static PermissionRow Row(string endpoint) => PermissionTable.Rows.Single(row => row.Endpoint == endpoint);

    private async Task<string> StateAsync(PermissionTarget target)
    {
        var customer = (await cast.Admin.Get(target.Owner.Url)).Expect(200);
        var group = (await cast.Admin.Get($"/api/customers/groups/{target.Group}/")).Expect(200);
        return customer.Text + customer.ETag + group.Text + group.ETag;
    }

    private static string WithoutTrace(Answer answer)
    {
        var problem = answer.Json.AsObject();
        problem.Remove("trace_id");
        return problem.ToJsonString();
    }
}
