using System.Globalization;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Methods, paths and bodies that nobody should send. Nothing a client sends makes an error of ours.</summary>
public sealed class SendingOddRequests(ClienteleApp app, PermissionCast cast) : IClassFixture<PermissionCast>
{
    private const int Mebibyte = 1024 * 1024;

    /// <summary>The declared length of a body, and what is sent instead.</summary>
    private static readonly (string Framing, string Body)[] WrongFrames =
    [
        ("Transfer-Encoding: chunked", "zz\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "-1\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "0x2\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "FFFFFFFF\r\n{}"),
        ("Transfer-Encoding: chunked", "80000000\r\n{}"),
        ("Transfer-Encoding: chunked", "7FFFFFFF\r\n{}"),
        ("Transfer-Encoding: chunked", "FFFFFFFFFFFFFFFFFFFF\r\n{}"),
        ("Transfer-Encoding: chunked", "\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\r\n{}XX0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\n{}\n0\n\n"),
        ("Transfer-Encoding: chunked", "2;\u0001=\u0000\r\n{}\r\n0\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nno trailer\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n: empty\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\nA: \u0000\r\n\r\n"),
        ("Transfer-Encoding: chunked", "2\r\n{}\r\n0\r\n"),
        ("Transfer-Encoding: chunked", ""),
        ("Transfer-Encoding: gzip", "{}"),
        ("Transfer-Encoding: chunked, chunked", "2\r\n{}\r\n0\r\n\r\n"),
        ("Content-Length: -1", "{}"),
        ("Content-Length: two", "{}"),
        ("Content-Length: 99999999999999999999", "{}"),
        ("Content-Length: 2\r\nContent-Length: 3", "{}"),
        ("Content-Length: 2\r\nTransfer-Encoding: chunked", "zz\r\n{}"),
    ];

    public static TheoryData<string> Methods => ["OPTIONS", "TRACE", "PATCH", "PUT", "DELETE", "POST", "PROPFIND"];

    [Theory]
    [MemberData(nameof(Methods))]
    public async Task A_method_that_a_path_does_not_know_is_refused_on_every_path(string method)
    {
        foreach (var path in PermissionTable.Rows.Select(row => row.Path).Append("/").Append("/nothing").Distinct())
        {
            // An order could be called "batch".
            var call = PermissionCast.Unnamed($"{method} {path}");
            if (PermissionTable.Rows.Any(row => PermissionCast.Unnamed(row.Endpoint) == call) || call == "PUT /api/orders/batch/")
            {
                continue;
            }

            var answer = await cast.Admin.Send(new HttpMethod(method), cast.Owner.In(path), body: null);

            Assert.True((int)answer.Status is 404 or 405, $"{method} {path}: {(int)answer.Status}");
            Assert.True((int)answer.Status == 404 || answer.Headers.ContainsKey("Allow"), $"{method} {path} does not say what is allowed.");
        }
    }

    [Fact]
    public async Task A_path_without_its_last_slash_answers_identically()
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var (admin, customer) = (await own.AdminAsync(), await own.CustomerAsync());
        var group = (await admin.Post("/api/customers/groups/", new { name = "Wholesale" })).Expect(201);
        var address = (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        var uuid = (string)(await customer.Get(customer.Url)).Expect(200)["uuid"]!;
        var hook = new { url = "https://shop.invalid/", is_active = false };
        var webhook = (string)(await (await own.KeyAsync("webhooks:write")).Post("/api/webhooks/", hook)).Expect(201)["id"]!;
        var target = new PermissionTarget(customer, uuid, (long)address["id"], (long)group["id"], Entry: 1, Webhook: webhook);
        var order = new { customer = customer.Id, status = "pending", total = 1, placed_at = "2025-10-15T14:30:00Z", revision = 1 };
        (await admin.Put($"/api/orders/{target.StoredOrder}/", order)).Expect(201);
        (await admin.Put($"/api/reviews/{target.Review}/", new { customer = customer.Id, product_id = "p1", rating = 5, revision = 1 })).Expect(201);
        foreach (var row in PermissionTable.Rows.Where(row => row.Method == HttpMethod.Get && row.Status == 200))
        {
            var path = target.In(row.Path);
            var with = (await admin.Get($"{path.TrimEnd('/')}/{row.Query}")).Expect(200);
            var without = (await admin.Get($"{path.TrimEnd('/')}{row.Query}")).Expect(200);
            if (row.Path.EndsWith("/export/", StringComparison.Ordinal))
            {
                // The second export reports the first one.
                continue;
            }

            Assert.Equal(with.Text, without.Text);
            Assert.Equal(with.Headers.GetValueOrDefault("ETag"), without.Headers.GetValueOrDefault("ETag"));
        }

        (await app.Stranger.Post("/api/customers/register", Given.Registration($"slash-{Guid.NewGuid():N}"))).Expect(201);
        (await cast.Owner.Owner.Patch(cast.Owner.Owner.Url.TrimEnd('/'), new { gender = "female" })).Expect(200);
    }

    [Fact]
    public async Task A_body_of_more_than_a_mebibyte_is_refused_whether_its_length_is_told_or_not()
    {
        var told = await RawHttp.SendAsync(app.Address, [.. Post, $"Content-Length: {Mebibyte + 1}"], stream => PadAsync(stream, Mebibyte + 1));
        var chunked = await RawHttp.SendAsync(app.Address, [.. Post, "Transfer-Encoding: chunked"], async stream =>
        {
            for (var i = 0; i < 17; i++)
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes((64 * 1024).ToString("x", CultureInfo.InvariantCulture) + "\r\n"));
                await PadAsync(stream, 64 * 1024);
                await stream.WriteAsync("\r\n"u8.ToArray());
            }

            await stream.WriteAsync("0\r\n\r\n"u8.ToArray());
        });

        foreach (var answer in new[] { told, chunked })
        {
            Assert.StartsWith("HTTP/1.1 413 ", answer, StringComparison.Ordinal);
            Assert.Contains("application/problem+json", answer, StringComparison.Ordinal);
            Assert.Contains("body_too_large", answer, StringComparison.Ordinal);
            Assert.Contains("nosniff", answer, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_body_of_just_a_mebibyte_is_read()
    {
        var body = """{"email": "x", "padding": "XX"}""";

        var name = new string('x', Mebibyte - body.Length + 2);
        (await cast.Owner.Owner.Patch(cast.Owner.Owner.Url, body.Replace("XX", name, StringComparison.Ordinal))).ExpectProblem(400, "email");
    }

    [Theory]
    [InlineData("Content-Length: 100", "{\"username\": ")]
    [InlineData("Transfer-Encoding: chunked", "64\r\n{\"username\": ")]
    [InlineData("Transfer-Encoding: chunked", "not a length\r\n")]
    public async Task A_body_that_ends_too_soon_is_the_senders_fault(string length, string body)
    {
        var answer = await RawHttp.SendAsync(app.Address, [.. Post, length], stream => stream.WriteAsync(Encoding.ASCII.GetBytes(body)).AsTask(), hangUp: true);

        Assert.Matches("^(HTTP/1.1 4|$)", answer);
    }

    [Fact]
    public async Task A_body_that_is_framed_wrongly_is_the_senders_fault_and_no_news_for_the_log()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        string[] calls =
        [
            "POST /api/customers/register/", "POST /api/auth/token/", "POST /api/customers/addresses/", "POST /api/orders/batch/",
            $"PATCH {admin.Url}", $"POST {admin.Url}verify/",
        ];
        foreach (var (framing, body) in WrongFrames)
        {
            foreach (var call in calls)
            {
                string[] headers =
                [
                    "Content-Type: application/json", "Content-Type: application/x-ndjson", "Content-Type: application/json\r\nIdempotency-Key: framed",
                ];
                foreach (var header in headers)
                {
                    var answer = await RawHttp.SendAsync(
                        own.Address,
                        [$"{call} HTTP/1.1", $"Authorization: Bearer {admin.Access}", header, framing],
                        stream => stream.WriteAsync(Encoding.Latin1.GetBytes(body)).AsTask(),
                        hangUp: !body.EndsWith("\r\n\r\n", StringComparison.Ordinal));

                    Assert.False(answer.StartsWith("HTTP/1.1 5", StringComparison.Ordinal), $"{call} {header} {framing} {body}: {answer}");
                }
            }
        }

        // Kestrel itself logs a line about what it finds when it reads on after the response.
        Assert.DoesNotContain(
            own.Log.Lines,
            line => line.StartsWith("Error", StringComparison.Ordinal)
                && !line.Contains("automatic draining of the request body failed", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_body_that_comes_too_slowly_is_cut_off()
    {
        var answer = await RawHttp.SendAsync(app.Address, [.. Post, "Content-Length: 10000"], stream => stream.WriteAsync("{"u8.ToArray()).AsTask());

        Assert.StartsWith("HTTP/1.1 408 ", answer, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("GET /%00 HTTP/1.1")]
    [InlineData("GET /%ff%fe HTTP/1.1")]
    [InlineData("GET /../../etc/passwd HTTP/1.1")]
    [InlineData("GET /api/customers/customers/?search=%ff%00 HTTP/1.1")]
    [InlineData("GET * HTTP/1.1")]
    [InlineData("BREW /coffee HTTP/1.1")]
    [InlineData("GET / HTTP/9.9")]
    [InlineData("nonsense")]
    public async Task A_request_line_that_makes_no_sense_is_the_senders_fault(string line) =>
        Assert.Matches("^HTTP/1.1 (4|505)", await RawHttp.SendAsync(app.Address, [line]));

    [Fact]
    public async Task Headers_and_addresses_that_are_too_long_are_refused()
    {
        Assert.StartsWith("HTTP/1.1 414 ", await RawHttp.SendAsync(app.Address, [$"GET /{new string('x', 20_000)} HTTP/1.1"]), StringComparison.Ordinal);
        var refused = await RawHttp.SendAsync(app.Address, ["GET / HTTP/1.1", $"X-Long: {new string('x', 40_000)}"]);
        Assert.StartsWith("HTTP/1.1 431 ", refused, StringComparison.Ordinal);
    }

    private static readonly string[] Post = ["POST /api/customers/register/ HTTP/1.1", "Content-Type: application/json"];

    private static async Task PadAsync(Stream stream, int length) => await stream.WriteAsync(Encoding.ASCII.GetBytes(new string(' ', length)));
}
