using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.JwtBearer;

namespace Clientele.Server.Keys;

/// <summary>The services and routes of API keys, and how requests with one are authenticated.</summary>
internal static class KeysModule
{
    public static void AddKeys(this IServiceCollection services)
    {
        services.AddSingleton<LiveKeys>().AddScoped<KeyBook>().AddScoped<IMaintenance, KeyUses>();
        services.AddAuthentication().AddScheme<AuthenticationSchemeOptions, KeyAuthentication>(KeyAuthentication.SchemeName, _ => { });
        services.Configure<JwtBearerOptions>(
            JwtBearerDefaults.AuthenticationScheme, options => options.ForwardDefaultSelector = KeyAuthentication.SchemeOf);
    }

    public static void MapKeys(this IEndpointRouteBuilder api) => KeysEndpoints.Map(api);
}
