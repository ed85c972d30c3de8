using Clientele.Server.Commands;
using Clientele.Tests.Support;

namespace Clientele.Tests.Keys;

/// <summary>An operator creates, lists and revokes keys on the command line, while a service is running.</summary>
public sealed class RunningKeyCommands
{
    private const string Customers = "/api/customers/customers/";

    [Fact]
    public async Task A_key_is_created_listed_and_revoked()
    {
        await using var own = await ClienteleApp.StartAsync();

        var created = await RunAsync(
            own, "create", "--name", "Order system", "--scope", "customers:read", "--scope", "orders:write", "--expires", "2999-12-31");
        Assert.True(created is { ExitCode: 0, Errors: "" }, $"{created}");
        var key = new Actor(own.CreateClient()) { Access = created.Output.Split('\n')[0].Trim() };
        (await key.Get(Customers)).Expect(200);

        var listed = (await RunAsync(own, "list")).Output;
        Assert.Contains($"{key.KeyId}  Order system  [customers:read orders:write]  expires: 2999-12-31 00:00", listed, StringComparison.Ordinal);
        Assert.DoesNotContain("clk_", listed, StringComparison.Ordinal);

        Assert.Equal(0, (await RunAsync(own, "revoke", key.KeyId)).ExitCode);
        await Wait.UntilAsync(async () => (int)(await key.Get(Customers)).Status == 401, TimeSpan.FromSeconds(5 + 5), "the key is refused");
        Assert.DoesNotContain(key.KeyId, (await RunAsync(own, "list")).Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_one_line()
    {
        await using var own = await ClienteleApp.StartAsync();
        (string Because, string[] Verb)[] wrong =
        [
            ("scopes", ["create", "--name", "Shop", "--scope", "orders:delete"]),
            ("name", ["create", "--name", " ", "--scope", "orders:read"]),
            ("expires_at", ["create", "--name", "Shop", "--scope", "orders:read", "--expires", "tomorrow"]),
            ("expires_at", ["create", "--name", "Shop", "--scope", "orders:read", "--expires", "2020-01-01"]),
            ("networks/0", ["create", "--name", "Shop", "--scope", "orders:read", "--network", "everywhere"]),
            ("keys list", ["revoke", "k7m2q9x4tbnw"]),
        ];
        foreach (var (because, verb) in wrong)
        {
            var run = await RunAsync(own, verb);
            Assert.Equal(1, run.ExitCode);
            Assert.Contains(because, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
        }

        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM api_keys"));
    }

    private static async Task<ServerRun> RunAsync(ClienteleApp own, params string[] verb)
    {
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        string[] arguments = ["keys", .. verb, "--database", own.Database.ConnectionString];
        return new(await Cli.RunAsync(arguments, TextReader.Null, output, errors), $"{output}", $"{errors}");
    }
}
