using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Operations;

/// <summary>Our unit and our image run the program over a root file system that it cannot write, and a unit has no home.</summary>
public sealed class RunningReadOnly
{
    /// <summary>Makes everything read-only but one folder, in a space of its own, and runs the rest of the arguments without a home.</summary>
    private const string Script =
        """
        folder=$1
        shift
        mount -t tmpfs tmpfs "$folder" && mount -o remount,bind,ro / && cd / && exec env -u HOME -u XDG_DATA_HOME -u TMPDIR "$@"
        """;

    [Fact]
    public async Task Nothing_is_written_outside_of_the_folder_for_data()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var folder = Directory.CreateDirectory(Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}")).FullName;
        string[] within = [.. Unshare(), "/bin/sh", "-c", Script, "sh", folder];
        Assert.SkipUnless(await Shell.SucceedsAsync([.. within, "/bin/sh", "-c", "! touch /written-by-a-test 2>/dev/null"]), "This user may not mount.");
        await using var database = await TestDatabase.CreateEmptyAsync();

        await using var server = await ServerProcess.ServeWithinAsync(within, new Dictionary<string, string>
        {
            ["Clientele__Database"] = TestDatabase.Kind is DatabaseKind.Sqlite ? Path.Combine(folder, "shop.db") : database.ConnectionString,
            ["Messages__Folder"] = Path.Combine(folder, "messages"),
            ["DOTNET_EnableDiagnostics"] = "0",
        });

        var stranger = new Actor(server.Client);
        (await stranger.Post("/api/customers/register/", Given.Registration("readonly"))).Expect(201);
        (await stranger.Post("/api/auth/token/", new { username = "readonly", password = ClienteleApp.Password })).Expect(200);
        (await stranger.Get("/console/")).Expect(200);
        await Wait.UntilAsync(
            () => Task.FromResult(server.Output.Contains("was sent at attempt 1", StringComparison.Ordinal)), TimeSpan.FromSeconds(60), "the mail is written");
        Assert.DoesNotContain("Read-only file system", server.Output, StringComparison.Ordinal);
        Assert.Equal(0, await server.TerminateAsync());
    }

    private static string[] Unshare() => Environment.UserName == "root" ? ["unshare", "--mount"] : ["unshare", "--user", "--map-root-user", "--mount"];
}
