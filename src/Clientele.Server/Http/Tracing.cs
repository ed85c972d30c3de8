using System.Diagnostics;

namespace Clientele.Server.Http;

/// <summary>Every request has a trace id: the caller's, if it sends a <c>traceparent</c>, otherwise a new one.</summary>
internal static class Tracing
{
    /// <summary>The framework creates an activity only if there is a listener.</summary>
    private static readonly ActivityListener Listener = new()
    {
        ShouldListenTo = source => source.Name == "Microsoft.AspNetCore",
        Sample = (ref _) => ActivitySamplingResult.PropagationData,
        SampleUsingParentId = (ref _) => ActivitySamplingResult.PropagationData,
    };

    public static void Listen()
    {
        // A parent that is not a W3C id is ignored; otherwise the activity would get an id without a trace.
        (Activity.DefaultIdFormat, Activity.ForceDefaultIdFormat) = (ActivityIdFormat.W3C, true);
        ActivitySource.AddActivityListener(Listener);
    }

    public static string IdOf(HttpContext context) => Activity.Current?.TraceId.ToString() ?? context.TraceIdentifier;
}
