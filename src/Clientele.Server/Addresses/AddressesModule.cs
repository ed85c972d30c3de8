using Clientele.Server.Operations;

namespace Clientele.Server.Addresses;

/// <summary>The services and routes of addresses.</summary>
internal static class AddressesModule
{
    public static void AddAddresses(this IServiceCollection services) =>
        services.AddSettings<AddressBook.Settings>("Addresses").AddScoped<AddressBook>().AddSingleton<IPreparation, CountryRulesFile>();

    public static void MapAddresses(this IEndpointRouteBuilder api) => AddressesEndpoints.Map(api);
}
