using Clientele.Server.Operations;

namespace Clientele.Server.Groups;

/// <summary>The services and routes of groups, their members, changes and benefits.</summary>
internal static class GroupsModule
{
    public static void AddGroups(this IServiceCollection services) =>
        services.AddScoped<GroupBook>().AddScoped<GroupGraph>().AddScoped<ManualMemberships>().AddScoped<ICheck, MembersCheck>();

    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        GroupsEndpoints.Map(api);
        MembersEndpoints.Map(api);
        MembershipsEndpoints.Map(api);
        BenefitsEndpoints.Map(api);
        ChangesEndpoints.Map(api);
        PreviewEndpoints.Map(api);
    }
}
