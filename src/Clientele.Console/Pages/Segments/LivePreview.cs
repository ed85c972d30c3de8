using System.Text.Json;
using Clientele.Client;
using Clientele.ConsoleApp.Shared;

namespace Clientele.ConsoleApp.Pages.Segments;

/// <summary>Asks the service who matches a rule, shortly after its last change. A newer question cancels the older one.</summary>
public sealed class LivePreview(ClienteleClient api) : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private const int Shown = 10;

    private Lifetime? _asking;

    /// <summary>Called when there is something else to show.</summary>
    public Action? Changed { get; set; }

    /// <summary>The newest response, also while a newer one is awaited.</summary>
    public PreviewResponse? Result { get; private set; }

    /// <summary>Why there is no newer response.</summary>
    public Exception? Error { get; private set; }

    /// <summary>Whether the result belongs to an older rule.</summary>
    public bool IsOld { get; private set; }

    /// <summary>Whether a response is awaited.</summary>
    public bool IsAsking { get; private set; }

    /// <summary>Stops asking. The result, if there is one, is of an older rule.</summary>
    public void Stop()
    {
        _asking?.Dispose();
        _asking = null;
        (IsOld, IsAsking, Error) = (Result is not null, false, null);
    }

    /// <param name="rule">The rule.</param>
    /// <param name="group">The group that it is compared with; null for none.</param>
    public async Task AskAsync(JsonElement rule, long? group)
    {
        Stop();
        var asking = _asking = new Lifetime();
        IsAsking = true;
        try
        {
            await Task.Delay(Pause, asking.Token).ConfigureAwait(true);
            var request = new PreviewRequest { AssignmentRules = rule, Group = group, SampleSize = Shown };
            var result = await api.Groups.PreviewAsync(request, asking.Token).ConfigureAwait(true);
            if (asking == _asking)
            {
                (Result, IsOld, IsAsking) = (result, false, false);
                Changed?.Invoke();
            }
        }
        catch (OperationCanceledException)
        {
            // There is a newer rule, or nobody looks any more.
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            if (asking == _asking)
            {
                (Error, IsAsking) = (failure, false);
                Changed?.Invoke();
            }
        }
    }

    public void Dispose()
    {
        Stop();
        Changed = null;
    }
}
