using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>A stranger who tries all ids learns nothing: a resource of somebody else and one that does not exist give the same bytes.</summary>
public sealed class WalkingOverIds(ClienteleApp app)
{
    private const long Nobodys = 999_999_999_999;

    public static TheoryData<string> Calls =>
    [
        "GET /api/customers/customers/{customer}/",
        "PUT /api/customers/customers/{customer}/",
        "PATCH /api/customers/customers/{customer}/",
        "DELETE /api/customers/customers/{customer}/",
        "POST /api/customers/customers/{customer}/deactivate/",
        "POST /api/customers/customers/{customer}/verify/",
        "GET /api/customers/customers/{customer}/benefits/",
        "GET /api/customers/customers/{customer}/stats/",
        "GET /api/customers/customers/{customer}/orders/",
        "GET /api/customers/customers/{customer}/orders/?status=nonsense",
        "GET /api/customers/customers/{customer}/wishlist/",
        "PUT /api/customers/customers/{customer}/wishlist/p1/",
        "DELETE /api/customers/customers/{customer}/wishlist/p1/",
        "GET /api/customers/customers/{customer}/reviews/",
        "GET /api/customers/customers/{customer}/export/",
        "GET /api/customers/customers/{customer}/history/",
        "GET /api/customers/customers/{customer}/factors/",
        "GET /api/customers/customers/{customer}/sessions/",
        "DELETE /api/customers/customers/{customer}/sessions/",
        "GET /api/customers/addresses/{address}/",
        "PUT /api/customers/addresses/{address}/",
        "PATCH /api/customers/addresses/{address}/",
        "DELETE /api/customers/addresses/{address}/",
        "POST /api/customers/addresses/{address}/set_default/",
        "GET /api/customers/addresses/?customer={customer}",
        "GET /api/customers/addresses/?customer={customer}&cursor=",
    ];

    [Theory]
    [MemberData(nameof(Calls))]
    public async Task What_is_not_yours_and_what_is_not_there_are_the_same_answer(string call)
    {
        var theirs = await app.CustomerAsync();
        var address = (await theirs.Post("/api/customers/addresses/", Address)).Expect(201);
        (await theirs.Put($"{theirs.Url}wishlist/p1/", new { name = "Umbrella" })).Expect(201);
        var curious = await app.CustomerAsync();
        var (method, path) = (HttpMethod.Parse(call.Split(' ')[0]), call.Split(' ')[1]);

        var isRead = method == HttpMethod.Get || method == HttpMethod.Delete;
        foreach (var body in isRead ? [null] : new object?[] { null, new { }, Address, Profile, """{"is_default": 7}""", "{", "[]" })
        {
            foreach (var (name, value) in new[] { ("X-Nothing", "1"), ("If-Match", "\"1-0\""), ("If-None-Match", "*") })
            {
                var hidden = await curious.Send(method, Fill(path, theirs.Id, (long)address["id"]), body, (name, value));
                var missing = await curious.Send(method, Fill(path, Nobodys, Nobodys), body, (name, value));

                Assert.Equal(Seen(missing), Seen(hidden));
            }
        }
    }

    [Fact]
    public async Task Numbers_that_cannot_be_ids_are_missing_like_the_others()
    {
        var curious = await app.CustomerAsync();
        var missing = Seen((await curious.Get($"/api/customers/customers/{Nobodys}/")).ExpectProblem(404));

        foreach (var id in new[] { "0", "-1", "99999999999999999999", "abc", "1.0", "%20" })
        {
            Assert.Equal(missing, Seen(await curious.Get($"/api/customers/customers/{id}/")));
        }
    }

    private static object Address => Given.Address();

    private static object Profile => new { first_name = "Ada", last_name = "Lovelace", email = "ada@example.com" };

    private static string Fill(string path, long customer, long address) =>
        path.Replace("{customer}", $"{customer}", StringComparison.Ordinal).Replace("{address}", $"{address}", StringComparison.Ordinal);

    /// <summary>Everything visible in a response, except the two values that identify the request itself.</summary>
    private static string Seen(Answer answer)
    {
        var body = answer.Json.AsObject();
        body.Remove("trace_id");
        var headers = answer.Headers
            .Where(header => header.Key != "Date" && header.Key != "Content-Length")
            .OrderBy(header => header.Key, StringComparer.Ordinal);
        return $"{(int)answer.Status} {string.Join(" | ", headers)} {body.ToJsonString()}";
    }
}
