using System.Diagnostics;

namespace Clientele.Server.Http;

/// <summary>Every request has a trace id: the caller's, where they send a <c>traceparent</c>, else one of its own.</summary>
internal static class Tracing
{
    /// <summary>The framework makes an activity only where somebody listens.</summary>
    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref _) => ActivitySamplingResult.PropagationData,
        SampleUsingParentId = (ref _) => ActivitySamplingResult.PropagationData,
    };

    public static void Listen()
    {
        // A parent that is no W3C id is ignored; it would give the activity an id without a trace.
        (Activity.DefaultIdFormat, Activity.ForceDefaultIdFormat) = (ActivityIdFormat.W3C, true);
        ActivitySource.AddActivityListener(Listener);
    }

    public static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
