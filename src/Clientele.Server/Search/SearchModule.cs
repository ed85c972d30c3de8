namespace Clientele.Server.Search;

/// <summary>The services and routes of the search over everything.</summary>
internal static class SearchModule
{
    public static void AddSearch(this IServiceCollection services) => services.AddScoped<QuickSearch>();

    public static void MapSearch(this IEndpointRouteBuilder api) => SearchEndpoints.Map(api);
}
