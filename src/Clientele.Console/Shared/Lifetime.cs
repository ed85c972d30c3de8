namespace Clientele.ConsoleApp.Shared;

/// <summary>Cancels what a component has started when the component is removed. Unlike that of a disposed source, the token can still be read then.</summary>
internal sealed class Lifetime : IDisposable
{
    private readonly CancellationTokenSource _source = new();

    public Lifetime() => Token = _source.Token;

    public CancellationToken Token { get; }

    /// <summary>Whether the component was removed.</summary>
    public bool IsOver => Token.IsCancellationRequested;

    public void Dispose()
    {
        if (!IsOver)
        {
            _source.Cancel();
            _source.Dispose();
        }
    }
}
