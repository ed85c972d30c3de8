using Clientele.Tests.Support;
using static Clientele.Tests.Segments.Segmenting;

namespace Clientele.Tests.Segments;

/// <summary>
/// Whatever happens, in whatever order, on however many nodes: the stored members are those of a fresh evaluation, and the changes explain how they
/// came about.
/// </summary>
public sealed class BeingAlwaysRight
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task After_random_writes_and_steps_of_the_clock(int seed)
    {
        await using var own = await ClienteleApp.StartAsync();
        own.Clock.Stop();
        var chance = new Random(seed);
        var shop = await RandomShop.OpenAsync(await own.FreshAdminAsync(), own.Stranger);
        for (var round = 0; round < 10; round++)
        {
            var admin = await own.FreshAdminAsync();
            for (var step = 0; step < 20; step++)
            {
                await shop.StepAsync(admin, own.Stranger, chance, own.Clock.GetUtcNow().UtcDateTime);
            }

            own.Clock.Advance(TimeSpan.FromSeconds(chance.Next(3) switch { 0 => 1, 1 => chance.Next(200), _ => chance.Next(4000) }));
            await own.DrainAsync();
            await shop.ExpectRightAsync(own);
        }
    }

    [Fact]
    public async Task After_many_have_written_at_once_on_two_nodes()
    {
        await using var own = await ClienteleApp.StartAsync();
        // SQLite has only one node.
        await using var other = TestDatabase.Kind is DatabaseKind.Postgres ? await own.SecondNodeAsync() : null;
        var second = other ?? own;
        var admin = await own.FreshAdminAsync();
        var shop = await RandomShop.OpenAsync(admin, own.Stranger);
        for (var round = 0; round < 3; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 8).Select(async writer =>
            {
                var (node, chance) = (writer % 2 == 0 ? own : second, new Random((round * 100) + writer));
                for (var step = 0; step < 25; step++)
                {
                    await shop.StepAsync(node.Here(admin), node.Stranger, chance, node.Clock.GetUtcNow().UtcDateTime);
                }
            }));
            await Task.WhenAll(own.DrainAsync(), second.DrainAsync());
            await shop.ExpectRightAsync(own);
        }

        Assert.DoesNotContain(
            own.Log.Lines.Concat(second.Log.Lines),
            line => line.Contains("Segments could not", StringComparison.Ordinal) || line.Contains("40P01", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_reader_of_the_changes_misses_none_however_many_write()
    {
        await using var own = await ClienteleApp.StartAsync();
        // SQLite has only one node.
        await using var other = TestDatabase.Kind is DatabaseKind.Postgres ? await own.SecondNodeAsync() : null;
        var second = other ?? own;
        var admin = await own.FreshAdminAsync();
        var shop = await RandomShop.OpenAsync(admin, own.Stranger);
        await own.DrainAsync();
        using var done = new CancellationTokenSource();
        var readers = shop.Groups.Select(group => Task.Run(async () =>
        {
            var (read, cursor, last) = (new List<ChangeLine>(), (string?)null, false);
            do
            {
                last = done.IsCancellationRequested;
                var (changes, next) = await own.ReadChangesAsync(group, cursor, 5);
                read.AddRange(changes);
                cursor = next;
            }
            while (!last);
            return (Group: group, Changes: read);
        })).ToList();

        await Task.WhenAll(Enumerable.Range(0, 6).Select(async writer =>
        {
            var (node, chance) = (writer % 2 == 0 ? own : second, new Random(1000 + writer));
            for (var step = 0; step < 30; step++)
            {
                await shop.StepAsync(node.Here(admin), node.Stranger, chance, node.Clock.GetUtcNow().UtcDateTime);
            }
        }));
        await Task.WhenAll(own.DrainAsync(), second.DrainAsync());
        await done.CancelAsync();

        foreach (var (group, changes) in await Task.WhenAll(readers))
        {
            Assert.Equal((await own.ReadChangesAsync(group, null, 500)).Changes, changes);
            Assert.Equal(await own.MembersAsync(group), Replay(changes));
        }
    }
}
