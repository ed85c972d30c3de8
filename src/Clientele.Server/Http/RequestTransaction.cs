namespace Clientele.Server.Http;

/// <summary>
/// The transaction of a request. A result that is not a success rolls it back. If the client sent an idempotency key, it stays open after a success:
/// <see cref="Idempotency"/> stores the response in it and commits.
/// </summary>
internal sealed class RequestTransaction(ClienteleDb db, Database database, IdBlocks ids) : Transaction(db, database, ids)
{
    /// <summary>Claims the request's idempotency key; null if there is no key.</summary>
    public Func<CancellationToken, Task>? Claim { get; set; }

    /// <summary>The customers in the response: their data was changed by the request, or is shown.</summary>
    public List<long> Subjects { get; } = [];

    /// <summary>Runs the work in its own transaction.</summary>
    public async Task<T> RunAsync<T>(Func<Task<T>> work, CancellationToken cancellationToken)
        where T : IResult
    {
        var staysOpen = false;
        try
        {
            await BeginAndClaimAsync(cancellationToken);
            var result = await work();
            if (Succeeded(result))
            {
                await (Claim is null ? SaveAndCommitAsync(cancellationToken) : SaveAsync(cancellationToken));
                staysOpen = Claim is not null;
            }

            return result;
        }
        finally
        {
            if (!staysOpen)
            {
                Subjects.Clear();
                await DisposeAsync();
            }
        }
    }

    /// <summary>The key is claimed inside the transaction and not before, so that the request holds no lock until then.</summary>
    public async Task BeginAndClaimAsync(CancellationToken cancellationToken)
    {
        await BeginAsync(cancellationToken);
        await (Claim?.Invoke(cancellationToken) ?? Task.CompletedTask);
    }

    private static bool Succeeded(IResult result) =>
        ((result is INestedHttpResult nested ? nested.Result : result) as IStatusCodeHttpResult)?.StatusCode is null or < 400;
}
