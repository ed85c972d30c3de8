namespace Clientele.Server.Rules;

/// <summary>The services and routes of the rule language.</summary>
internal static class RulesModule
{
    public static void AddRules(this IServiceCollection services) => services.AddScoped<SeenValues>();

    public static void MapRules(this IEndpointRouteBuilder api) => RulesEndpoints.Map(api);
}
