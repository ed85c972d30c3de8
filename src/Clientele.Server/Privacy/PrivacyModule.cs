using Clientele.Server.Operations;

namespace Clientele.Server.Privacy;

/// <summary>The services and routes of the audit trail, exports and erasure.</summary>
internal static class PrivacyModule
{
    public static void AddPrivacy(this IServiceCollection services) =>
        services.AddScoped<AuditTrail>().AddScoped<Erasure>().AddScoped<CustomerExport>().AddSingleton<ExportTurns>()
            .AddScoped<ICustomerCheck, AuditCheck>().AddScoped<ICheck, AuditCheck>();

    public static void MapPrivacy(this IEndpointRouteBuilder api) => PrivacyEndpoints.Map(api);
}
