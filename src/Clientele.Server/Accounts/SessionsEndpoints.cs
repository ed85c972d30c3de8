namespace Clientele.Server.Accounts;

internal static class SessionsEndpoints
{
    public static void Map(IEndpointRouteBuilder api)
    {
        var own = api.MapGroup("/api/auth/sessions").WithTags("Accounts")
            .WithId("sessions", "The session's id.", "0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60");
        own.MapGet("/", ListSessions).WithName(nameof(ListSessions)).For(Who.Authenticated);
        own.MapDelete("/", EndOtherSessions).WithName(nameof(EndOtherSessions)).For(Who.Authenticated);
        own.MapDelete("/{id:guid}/", EndSession).WithName(nameof(EndSession)).For(Who.Authenticated).Answers(404);

        var customers = api.MapGroup("/api/customers/customers/{id:long}/sessions").WithTags("Accounts");
        customers.MapGet("/", ListCustomerSessions).WithName(nameof(ListCustomerSessions)).For(Who.Admin).Answers(404);
        customers.MapDelete("/", EndCustomerSessions).WithName(nameof(EndCustomerSessions)).For(Who.Admin).NeedsStepUp().Answers(404);
        customers.MapDelete("/{session:guid}/", EndCustomerSession).WithName(nameof(EndCustomerSession)).For(Who.Admin).NeedsStepUp().Answers(404);
    }

    /// <summary>List the caller's sessions</summary>
    /// <remarks>
    /// A session begins with a sign-in and ends with a sign-out, 14 days after its last refresh, or after 90 days. The list has the 100 that were used last.
    /// </remarks>
    internal static async Task<Ok<IReadOnlyList<SessionResponse>>> ListSessions(Caller caller, OpenSessions open, CancellationToken cancellationToken) =>
        TypedResults.Ok(await open.ListAsync(caller.Id!.Value, cancellationToken));

    /// <summary>End the caller's other sessions</summary>
    /// <remarks>
    /// Only the session of this call's access token stays. The refresh tokens of the others end at once, their access tokens within five seconds.
    /// </remarks>
    internal static Task<Results<NoContent, Problem>> EndOtherSessions(Caller caller, OpenSessions open, CancellationToken cancellationToken) =>
        open.EndAllAsync(caller.Id!.Value, except: caller.SessionId, cancellationToken);

    /// <summary>End one of the caller's sessions</summary>
    /// <remarks>Its refresh token ends at once, its access tokens within five seconds. The session may be the one of this call.</remarks>
    internal static Task<Results<NoContent, Problem>> EndSession(Guid id, Caller caller, OpenSessions open, CancellationToken cancellationToken) =>
        open.EndAsync(caller.Id!.Value, id, cancellationToken);

    /// <summary>List a customer's sessions</summary>
    /// <remarks>The 100 that were used last.</remarks>
    internal static async Task<Results<Ok<IReadOnlyList<SessionResponse>>, Problem>> ListCustomerSessions(
        long id, Caller caller, OpenSessions open, CancellationToken cancellationToken) =>
        await caller.Customers.AnyAsync(c => c.Id == id, cancellationToken)
            ? TypedResults.Ok(await open.ListAsync(id, cancellationToken))
            : Problems.NotFound();

    /// <summary>End all sessions of a customer</summary>
    /// <remarks>The customer must sign in again everywhere. The refresh tokens end at once, the access tokens within five seconds.</remarks>
    internal static Task<Results<NoContent, Problem>> EndCustomerSessions(long id, OpenSessions open, CancellationToken cancellationToken) =>
        open.EndAllAsync(id, except: null, cancellationToken);

    /// <summary>End one session of a customer</summary>
    /// <remarks>Its refresh token ends at once, its access tokens within five seconds.</remarks>
    internal static Task<Results<NoContent, Problem>> EndCustomerSession(long id, Guid session, OpenSessions open, CancellationToken cancellationToken) =>
        open.EndAsync(id, session, cancellationToken);
}
