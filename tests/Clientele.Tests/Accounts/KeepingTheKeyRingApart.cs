using Clientele.Tests.Support;

namespace Clientele.Tests.Accounts;

/// <summary>A service whose key ring is stored next to the data that it protects logs a warning at start.</summary>
public sealed class KeepingTheKeyRingApart
{
    private const string Warning = "The key ring is in the database, unencrypted";

    [Fact]
    public async Task A_ring_in_the_database_is_one_line_of_warning_at_start()
    {
        await using var own = await ClienteleApp.StartAsync();
        (await own.Stranger.Get("/.well-known/jwks.json")).Expect(200);

        var line = Assert.Single(own.Log.Lines, line => line.Contains(Warning, StringComparison.Ordinal));
        Assert.StartsWith("Warning ", line, StringComparison.Ordinal);
        Assert.Contains("Keys:Directory", line, StringComparison.Ordinal);
        Assert.DoesNotContain('\n', line);
    }

    [Fact]
    public async Task A_ring_in_a_folder_of_its_own_is_none()
    {
        var folder = NewFolder();
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var own = await ClienteleApp.StartAsync(With(folder, empty));
        (await own.Stranger.Get("/.well-known/jwks.json")).Expect(200);

        Assert.NotEmpty(Directory.GetFiles(folder));
        Assert.Empty(await own.Database.QueryAsync("SELECT id FROM data_protection_keys"));
        Assert.DoesNotContain(own.Log.Lines, line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_folder_that_others_may_read_is_restricted_at_start()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var folder = NewFolder();
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var own = await ClienteleApp.StartAsync(With(folder, empty));
        Assert.NotEmpty(Directory.GetFiles(folder));
        Shell.OpenToOthers([folder, .. Directory.GetFiles(folder)]);

        await using var next = await ClienteleApp.StartAsync(With(folder, empty) with { Clock = own.Clock });

        Assert.All([folder, .. Directory.GetFiles(folder)], path => Assert.False(Shell.IsOpenToOthers(path), path));
    }

    [Fact]
    public async Task A_folder_of_somebody_else_that_others_may_read_is_refused_before_it_gets_a_key()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var folder = NewFolder();
        Directory.CreateDirectory(folder);
        Shell.OpenToOthers(folder);
        await Shell.GiveAwayAsync(folder);
        await using var empty = await TestDatabase.CreateEmptyAsync();

        var refused = await Assert.ThrowsAsync<InvalidOperationException>(() => ServerProcess.ServeWithinAsync(
            Shell.WithoutOwnership, new Dictionary<string, string> { ["Clientele__Database"] = empty.ConnectionString, ["Keys__Directory"] = folder }));

        Assert.Contains("\nKeys:Directory: must be a folder that only the service can read.", refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("The database cannot be used", refused.Message, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder));
    }

    private static string NewFolder() => Path.Combine(TestDatabase.TemporaryDirectory, $"keys-{Guid.NewGuid():N}");

    private static ClienteleAppOptions With(string folder, TestDatabase database) => new() { Database = database, Settings = { ["Keys:Directory"] = folder } };
}
