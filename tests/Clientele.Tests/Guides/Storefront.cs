using System.Globalization;
using System.Security.Claims;
using Clientele.Client;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Clientele.Tests.Guides;

/// <summary>The storefront of docs/guides/signing-in.md: its server signs shoppers in, and browsers get a cookie and no token.</summary>
internal static class Storefront
{
    public static WebApplication Build(Uri clientele)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.Services.AddHttpClient("clientele", http => http.BaseAddress = clientele);
        builder.Services.AddAuthentication(CookieAuthenticationDefaults.AuthenticationScheme)
            .AddCookie(cookie => cookie.Events.OnRedirectToLogin = context => Refuse(context.Response));
        builder.Services.AddAuthorization();

        var app = builder.Build();
        app.UseAuthentication();
        app.UseAuthorization();
        app.MapPost("/sign-in", async (Credentials given, HttpContext context, IHttpClientFactory connections) =>
        {
            using var client = await ClientAsync(context, connections);
            try
            {
                await client.SignInAsync(given.Username, given.Password);
                return Results.NoContent();
            }
            catch (ClienteleException refused) when (refused.Code == "factor_required")
            {
                return Results.Json(new { challenge = refused.Challenge, factors = refused.Factors }, statusCode: (int)refused.Status);
            }
            catch (ClienteleException refused) when (refused.Code is "invalid_credentials" or "rate_limited")
            {
                return Results.Text(refused.Message, statusCode: (int)refused.Status);
            }
        });
        app.MapGet("/account", async (HttpContext context, IHttpClientFactory connections) =>
        {
            using var client = await ClientAsync(context, connections);
            return $"Hello {(await client.Customers.GetMeAsync()).Value.FirstName}";
        }).RequireAuthorization();
        app.MapPost("/sign-out", async (HttpContext context, IHttpClientFactory connections) =>
        {
            using var client = await ClientAsync(context, connections);
            await client.SignOutAsync();
        });
        app.MapPost("/sign-in/factor", async (SecondFactor given, HttpContext context, IHttpClientFactory connections) =>
        {
            using var client = await ClientAsync(context, connections);
            try
            {
                await client.SignInWithFactorAsync(given.Challenge, given.Code);
                return Results.NoContent();
            }
            catch (ClienteleException refused) when (refused.Code is "invalid_credentials" or "rate_limited")
            {
                return Results.Text(refused.Message, statusCode: (int)refused.Status);
            }
        });
        return app;
    }

    /// <summary>The session of the shopper whose request this is.</summary>
    private static async Task<ClienteleClient> ClientAsync(HttpContext context, IHttpClientFactory connections)
    {
        var ticket = (await context.AuthenticateAsync()).Properties;
        var http = connections.CreateClient("clientele");
        http.DefaultRequestHeaders.Add("X-Forwarded-For", $"{context.Connection.RemoteIpAddress}");
        return new ClienteleClient(http, new ClienteleClientOptions
        {
            Tokens = ticket?.GetTokenValue("access") is { } access
                ? new TokenPair
                {
                    Access = access,
                    Refresh = ticket.GetTokenValue("refresh"),
                    ExpiresAt = DateTimeOffset.Parse(ticket.GetTokenValue("expires_at")!, CultureInfo.InvariantCulture),
                }
                : null,
            TokensChanged = tokens => tokens is null ? context.SignOutAsync() : StoreAsync(context, tokens),
        });
    }

    /// <summary>The cookie is encrypted, and scripts cannot read it.</summary>
    private static Task StoreAsync(HttpContext context, TokenPair tokens)
    {
        var ticket = new AuthenticationProperties { IsPersistent = true, ExpiresUtc = tokens.ExpiresAt.AddDays(14) };
        ticket.StoreTokens(
        [
            new AuthenticationToken { Name = "access", Value = tokens.Access },
            new AuthenticationToken { Name = "refresh", Value = tokens.Refresh! },
            new AuthenticationToken { Name = "expires_at", Value = tokens.ExpiresAt.ToString("O", CultureInfo.InvariantCulture) },
        ]);
        return context.SignInAsync(new ClaimsPrincipal(new ClaimsIdentity("clientele")), ticket);
    }

    private static Task Refuse(HttpResponse response)
    {
        response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    private sealed record Credentials(string Username, string Password);

    private sealed record SecondFactor(string Challenge, string Code);
}
