using Microsoft.Net.Http.Headers;

namespace Clientele.Server.Addresses;

internal static class CountriesEndpoints
{
    public static void Map(IEndpointRouteBuilder addresses)
    {
        var countries = addresses.MapGroup("/countries").WithId("countries", "The country: ISO 3166-1 alpha-2 or alpha-3.", "JP")
            .WithMetadata(new ResourceMetadata());
        countries.MapGet("/", ListCountries).WithName(nameof(ListCountries)).For(Who.Public).Produces<IReadOnlyList<CountryResponse>>();
        countries.MapGet("/{code}/", GetCountry).WithName(nameof(GetCountry)).For(Who.Public).Produces<CountryResponse>().Answers(404);
    }

    /// <summary>List countries and their rules for addresses</summary>
    /// <remarks>Returns what a form for addresses needs for all countries, in the order of their names. It may be cached for an hour.</remarks>
    internal static FileContentHttpResult ListCountries(HttpContext context, CountryDirectory directory) => Cached(context, directory.All);

    /// <summary>Get a country's rules for addresses</summary>
    /// <remarks>Returns what a form for addresses in the country needs. It may be cached for an hour.</remarks>
    internal static Results<FileContentHttpResult, Problem> GetCountry(string code, HttpContext context, CountryDirectory directory) =>
        directory.Find(code) is { } country ? Cached(context, country) : Problems.NotFound();

    private static FileContentHttpResult Cached(HttpContext context, CountryDirectory.Document document)
    {
        context.Response.Headers.CacheControl = "public, max-age=3600";
        return TypedResults.Bytes(document.Json, "application/json; charset=utf-8", entityTag: new EntityTagHeaderValue(document.Tag));
    }
}
