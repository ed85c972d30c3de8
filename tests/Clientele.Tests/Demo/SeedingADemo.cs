using System.Globalization;
using Clientele.Server.Commands;
using Clientele.Tests.Support;

namespace Clientele.Tests.Demo;

public sealed class SeedingADemo
{
    private const int Customers = 300;

    [Fact]
    public async Task The_shop_is_consistent_known_and_seeded_once()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        string[] verb =
        [
            "seed-demo", "--customers", Customers.ToString(CultureInfo.InvariantCulture), "--password", ClienteleApp.Password,
            "--database", database.ConnectionString,
        ];
        var seeded = await ServerProcess.RunAsync(verb);
        Assert.True(seeded.ExitCode == 0, seeded.Errors);
        Assert.Contains("ada", seeded.Output, StringComparison.Ordinal);

        var check = await ServerProcess.RunAsync(["check", "--database", database.ConnectionString]);
        Assert.True(check.ExitCode == 0, check.Errors);

        await using var errors = new StringWriter();
        string[] again = ["seed-demo", "--customers", "10", "--database", database.ConnectionString];
        Assert.Equal(1, await Cli.RunAsync(again, TextReader.Null, TextWriter.Null, errors));
        Assert.Contains("has customers already", $"{errors}", StringComparison.Ordinal);

        await using var app = await ClienteleApp.StartAsync(new() { Database = database });
        var ada = await app.SignInAsync("ada", ClienteleApp.Password);
        Assert.Equal("gold", (string)(await ada.Get("/api/customers/customers/me/")).Expect(200)["loyalty_tier"]!);

        var farid = new { username = "farid", password = ClienteleApp.Password };
        var challenge = (string)(await app.Stranger.Post("/api/auth/token/", farid)).ExpectProblem(401)["challenge"]!;
        var code = seeded.Output.Split("the recovery code ")[1].Split('\n')[0].Trim();
        (await app.Stranger.Post("/api/auth/token/factor/", new { challenge, code })).Expect(200);

        var orders = new Actor(app.CreateClient()) { Access = seeded.Output.Split("The key of its order system is ")[1].Split('\n')[0].Trim() };
        (await orders.Get("/api/customers/customers/?page_size=1")).Expect(200);
        Assert.Equal("insufficient_scope", (await orders.Get("/api/customers/analytics/")).ExpectProblem(403).Code);

        var admin = await app.AdminAsync();
        var figures = (await admin.Get("/api/customers/analytics/?granularity=month")).Expect(200);
        Assert.Equal(Customers + 1, (int)figures["total"]);
        Assert.Equal(Customers + 1, figures["joined"].AsArray().Sum(period => (int)period!["customers"]!));
        Assert.Equal(Customers + 1, figures["by_tier"].AsArray().Sum(tier => (int)tier!["customers"]!));
        Assert.Equal(20, figures["groups"].AsArray().Count);
    }
}
