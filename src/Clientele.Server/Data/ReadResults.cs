using System.Data.Common;
using Microsoft.EntityFrameworkCore.Storage;

namespace Clientele.Server.Data;

/// <summary>The results of a batch. Each call reads the result of the next statement.</summary>
internal sealed class ReadResults(RelationalDataReader results, CancellationToken cancellationToken) : IAsyncDisposable
{
    private readonly Row _row = new(results.DbDataReader);
    private bool _begun;

    private DbDataReader Reader => results.DbDataReader;

    /// <summary>The first row; the default value if there is none.</summary>
    public async Task<T?> FirstAsync<T>(Func<Row, T> read)
    {
        await BeginAsync();
        return await Reader.ReadAsync(cancellationToken) ? read(_row.Begin()) : default;
    }

    public async Task<List<T>> AllAsync<T>(Func<Row, T> read)
    {
        await BeginAsync();
        var rows = new List<T>();
        while (await Reader.ReadAsync(cancellationToken))
        {
            rows.Add(read(_row.Begin()));
        }

        return rows;
    }

    public ValueTask DisposeAsync() => results.DisposeAsync();

    private async ValueTask BeginAsync()
    {
        if (_begun)
        {
            await Reader.NextResultAsync(cancellationToken);
        }

        _begun = true;
    }
}
