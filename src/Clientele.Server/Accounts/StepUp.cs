namespace Clientele.Server.Accounts;

/// <summary>
/// Confirms who the caller is before a sensitive change. Staff always need it, customers once they have a second factor. The access token of
/// <c>POST /api/auth/step_up/</c> says for five minutes that the caller has just proven it.
/// </summary>
internal sealed class StepUp(ClienteleDb db, Caller caller, Factors factors, TimeProvider clock)
{
    /// <summary>How long after the sign-in a customer can add the first factor without a step-up.</summary>
    private static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    /// <summary>Returns a problem if the caller must step up first.</summary>
    public async Task<Problem?> RequireAsync(CancellationToken cancellationToken) =>
        caller is { Id: { } id, IsSteppedUp: false } && (caller.IsAdmin || await factors.ExistAsync(id, cancellationToken)) ? Needed() : null;

    /// <summary>
    /// The same for adding a factor. The first one needs a step-up, too, unless the caller has just signed in: otherwise somebody with a stolen access
    /// token could add a factor of their own and lock the owner out.
    /// </summary>
    public async Task<Problem?> RequireForNewFactorAsync(CancellationToken cancellationToken) =>
        await RequireAsync(cancellationToken) is { } problem ? problem
        : caller.IsSteppedUp || await HasJustSignedInAsync(cancellationToken) ? null
        : Needed();

    /// <summary>A refresh does not count: it continues the session of the sign-in.</summary>
    private async Task<bool> HasJustSignedInAsync(CancellationToken cancellationToken)
    {
        var (id, session, since) = (caller.Id, caller.SessionId, clock.Now() - Recent);
        return await db.Sessions.AnyAsync(s => s.CustomerId == id && s.Id == session && s.CreatedAt > since, cancellationToken);
    }

    private static Problem Needed() => new("step_up_required", Problems.DetailOf("step_up_required"));
}

internal static class StepUpRoutes
{
    /// <summary>Refuses callers who must step up first with 403 <c>step_up_required</c>.</summary>
    public static RouteHandlerBuilder NeedsStepUp(this RouteHandlerBuilder endpoint) =>
        endpoint.Needs((stepUp, cancellationToken) => stepUp.RequireAsync(cancellationToken));

    /// <summary>The same for endpoints that add a second factor.</summary>
    public static RouteHandlerBuilder NeedsStepUpForNewFactor(this RouteHandlerBuilder endpoint) =>
        endpoint.Needs((stepUp, cancellationToken) => stepUp.RequireForNewFactorAsync(cancellationToken));

    private static RouteHandlerBuilder Needs(this RouteHandlerBuilder endpoint, Func<StepUp, CancellationToken, Task<Problem?>> requireAsync) =>
        endpoint.Answers("step_up_required").AddEndpointFilter(async (context, next) =>
            await requireAsync(context.HttpContext.RequestServices.GetRequiredService<StepUp>(), context.HttpContext.RequestAborted) is { } problem
                ? problem
                : await next(context));
}
