using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Guides;

/// <summary>The other service of docs/guides/signing-in.md: it checks access tokens offline.</summary>
internal static class OrderService
{
    public static WebApplication Build(Uri clientele)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(options =>
        {
            options.MetadataAddress = $"{clientele}.well-known/openid-configuration";
            options.RequireHttpsMetadata = !clientele.IsLoopback;
            options.Audience = "clientele";
            options.MapInboundClaims = false;
            options.TokenValidationParameters.ValidTypes = ["at+jwt"];
            options.TokenValidationParameters.ValidAlgorithms = ["ES256"];
            options.TokenValidationParameters.NameClaimType = "sub";
            options.TokenValidationParameters.RoleClaimType = "role";
            options.AutomaticRefreshInterval = TimeSpan.FromHours(1);
        });
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapGet("/carts/mine", (ClaimsPrincipal caller) => $"The cart of customer {caller.Identity!.Name}").RequireAuthorization();
        app.MapGet("/carts", () => "All carts").RequireAuthorization(policy => policy.RequireRole("admin"));
        return app;
    }
}
