using Clientele.Server.Operations;

namespace Clientele.Server.Groups;

/// <summary>The services and routes of groups, their members and benefits.</summary>
internal static class GroupsModule
{
    public static void AddGroups(this IServiceCollection services) =>
        services.AddScoped<GroupBook>().AddScoped<Memberships>().AddScoped<ICheck, MembersCheck>();

    public static void MapGroups(this IEndpointRouteBuilder api)
    {
        GroupsEndpoints.Map(api);
        MembersEndpoints.Map(api);
        BenefitsEndpoints.Map(api);
    }
}
