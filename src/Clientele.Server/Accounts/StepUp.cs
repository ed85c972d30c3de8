namespace Clientele.Server.Accounts;

/// <summary>
/// Confirms who the caller is before a sensitive change. Staff always need it, customers once they have a second factor. The access token of
/// <c>POST /api/auth/step_up/</c> says for five minutes that the caller has just proven it.
/// </summary>
internal sealed class StepUp(Caller caller, Factors factors)
{
    /// <summary>Returns a problem if the caller must step up first.</summary>
    public async Task<Problem?> RequireAsync(CancellationToken cancellationToken) =>
        caller is { Id: { } id, IsSteppedUp: false } && (caller.IsAdmin || await factors.ExistAsync(id, cancellationToken))
            ? new Problem("step_up_required", Problems.DetailOf("step_up_required"))
            : null;
}

internal static class StepUpRoutes
{
    /// <summary>Refuses callers who must step up first with 403 <c>step_up_required</c>.</summary>
    public static RouteHandlerBuilder NeedsStepUp(this RouteHandlerBuilder endpoint) =>
        endpoint.Answers("step_up_required").AddEndpointFilter(async (context, next) =>
            await context.HttpContext.RequestServices.GetRequiredService<StepUp>().RequireAsync(context.HttpContext.RequestAborted) is { } problem
                ? problem
                : await next(context));
}
