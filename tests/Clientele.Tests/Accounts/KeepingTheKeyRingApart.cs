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
        var folder = Path.Combine(TestDatabase.TemporaryDirectory, $"keys-{Guid.NewGuid():N}");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var own = await ClienteleApp.StartAsync(new() { Database = empty, Settings = { ["Keys:Directory"] = folder } });
        (await own.Stranger.Get("/.well-known/jwks.json")).Expect(200);

        Assert.NotEmpty(Directory.GetFiles(folder));
        Assert.Empty(await own.Database.QueryAsync("SELECT id FROM data_protection_keys"));
        Assert.DoesNotContain(own.Log.Lines, line => line.Contains(Warning, StringComparison.Ordinal));
    }
}
