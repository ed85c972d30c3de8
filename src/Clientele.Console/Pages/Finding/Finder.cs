using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Finding;

/// <summary>
/// Searches while somebody types: after a pause, one request at a time, and only the results of the last text are shown. While results are on the way, the
/// earlier ones stay.
/// </summary>
internal sealed class Finder(Func<string, CancellationToken, Task<SearchResponse>> search, TimeProvider clock, Action changed) : IDisposable
{
    /// <summary>How long the pause is.</summary>
    public static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(150);

    private Lifetime _typing = new();

    /// <summary>What was typed.</summary>
    public string Text { get; private set; } = "";

    /// <summary>The results; null if nothing was searched for.</summary>
    public IReadOnlyList<FoundItem>? Items { get; private set; }

    /// <summary>Whether there are more orders than are shown. There is no list of all orders: more of the number narrows them.</summary>
    public bool HasMoreOrders { get; private set; }

    /// <summary>Why the search failed.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Whether results for the text are on the way.</summary>
    public bool IsSearching { get; private set; }

    /// <summary>The result that Enter opens.</summary>
    public int Selected { get; private set; }

    /// <summary>Takes over what was typed. Completes when its results are there, or when something else was typed.</summary>
    public Task TypeAsync(string text, bool atOnce = false)
    {
        // The text is there before anything is awaited: the box is rendered again meanwhile, and shows it.
        Stop();
        _typing = new Lifetime();
        (Text, Failure, IsSearching) = (text, null, text.Trim().Length > 0);
        if (!IsSearching)
        {
            (Items, Selected) = (null, 0);
        }

        changed();
        return IsSearching ? SearchAsync(text.Trim(), atOnce ? TimeSpan.Zero : Pause, _typing.Token) : Task.CompletedTask;
    }

    /// <summary>Moves the selection among so many results, over the ends.</summary>
    public void Move(int by, int count) => Selected = count == 0 ? 0 : (Selected + by + count) % count;

    public void Dispose() => Stop();

    private void Stop()
    {
        _typing.Dispose();
    }

    private async Task SearchAsync(string text, TimeSpan pause, CancellationToken own)
    {
        try
        {
            await Task.Delay(pause, clock, own).ConfigureAwait(true);
            var found = await search(text, own).ConfigureAwait(true);
            own.ThrowIfCancellationRequested();
            (Items, HasMoreOrders, Selected, IsSearching) = (FoundItem.Of(found, text), found.MoreOrders, 0, false);
        }
        catch (OperationCanceledException) when (own.IsCancellationRequested)
        {
            return;
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            if (own.IsCancellationRequested)
            {
                return;
            }

            (Failure, IsSearching) = (failure, false);
        }

        changed();
    }
}
