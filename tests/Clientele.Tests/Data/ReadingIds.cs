using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.Data;

/// <summary>Several queries for ids in one round trip.</summary>
public sealed class ReadingIds(ClienteleApp app)
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task A_query_that_the_database_cannot_run_is_named(int broken)
    {
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() => app.WithDatabaseAsync(db => db.ReadIdsAsync(
            [.. Enumerable.Range(0, 3).Select(i => i == broken ? db.Database.SqlQuery<long>($"SELECT 1 / 0 AS \"Value\"") : db.IdBlocks.Select(b => b.Next))],
            (i, reason) => new InvalidOperationException($"Query {i}", reason),
            TestContext.Current.CancellationToken)));

        Assert.Equal($"Query {broken}", failure.Message);
    }
}
