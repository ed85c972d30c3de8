using Microsoft.AspNetCore.Authorization;

namespace Clientele.Server.Accounts;

/// <summary>
/// With <c>Security:StaffNeedFactor</c>, staff without a second factor can set one up, step up and sign out, and call what is public. Everything else
/// gets 403 <c>factor_enrolment_required</c>.
/// </summary>
internal static class StaffEnrolment
{
    /// <summary>Staff without a second factor may call the endpoint, because they need it to set one up.</summary>
    public static RouteHandlerBuilder ForEnrolment(this RouteHandlerBuilder endpoint) => endpoint.WithMetadata(new IsForEnrolment());

    public static void UseStaffEnrolment(this WebApplication app)
    {
        if (!app.Services.GetRequiredService<IOptions<SecuritySettings>>().Value.StaffNeedFactor)
        {
            return;
        }

        app.Use(async (context, next) =>
        {
            var services = context.RequestServices;
            if (services.GetRequiredService<Caller>() is { IsAdmin: true, Id: { } id }
                && context.GetEndpoint() is { Metadata: var metadata }
                && metadata.GetMetadata<IAllowAnonymous>() is null
                && metadata.GetMetadata<IsForEnrolment>() is null
                && !await services.GetRequiredService<Factors>().ExistAsync(id, context.RequestAborted))
            {
                await Problems.WriteAsync(context, new("factor_enrolment_required", Problems.DetailOf("factor_enrolment_required")));
                return;
            }

            await next(context);
        });
    }

    private sealed record IsForEnrolment;
}
