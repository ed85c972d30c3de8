using System.Globalization;
using System.Text.Json;
using Clientele.Client;
using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>
/// The cost of the framework and the database without the service: the same responses from the same statements, without authentication, validation or
/// middleware. It is not an example for anything else.
/// </summary>
internal static class FloorApp
{
    public static async Task<int> RunAsync(string urls, string database, CancellationToken cancellationToken)
    {
        var builder = WebApplication.CreateSlimBuilder(["--urls", urls]);
        builder.Logging.ClearProviders().AddSimpleConsole()
            .AddFilter("Microsoft", LogLevel.Warning).AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Information);
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.Converters.Add(new MoneyConverter());
            json.SerializerOptions.Converters.Add(new InstantConverter());
            json.SerializerOptions.TypeInfoResolverChain.Insert(0, FloorJson.Default);
        });
        var settings = new NpgsqlConnectionStringBuilder(database) { MaxAutoPrepare = 100, AutoPrepareMinUsages = 2, NoResetOnClose = true };
        await using var source = NpgsqlDataSource.Create(settings);
        await using var unprepared = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(database) { NoResetOnClose = true });
        builder.Services.AddSingleton(source);
        await using var app = builder.Build();
        Map(app, new FloorReads(source, unprepared), new FloorWrites(source), new FloorAccounts(source));
        await app.StartAsync(cancellationToken);
        await app.WaitForShutdownAsync(cancellationToken);
        return 0;
    }

    private static void Map(WebApplication app, FloorReads reads, FloorWrites writes, FloorAccounts accounts)
    {
        const string customers = "/api/customers/customers";
        app.MapGet("/", () => "ready");
        app.MapGet($"{customers}/me/", async (HttpContext context) =>
            TypedResults.Ok(await reads.CustomerAsync(long.Parse(context.Request.Query["_as"]!, CultureInfo.InvariantCulture), admin: false)));
        app.MapGet($"{customers}/{{id:long}}/", async (long id) => TypedResults.Ok(await reads.CustomerAsync(id, admin: true)));
        app.MapGet($"{customers}/", async (HttpContext context) => TypedResults.Ok(await reads.ListAsync(context.Request)));
        app.MapGet($"{customers}/{{id:long}}/stats/", async (long id) => TypedResults.Ok(await reads.StatsAsync(id)));
        app.MapPost("/api/customers/addresses/", async (AddressRequest request) => TypedResults.Created((string?)null, await writes.AddAddressAsync(request)));
        app.MapPut(
            "/api/orders/{number}/",
            async (string number, OrderRequest request) => TypedResults.Created((string?)null, await writes.PutOrderAsync(number, request)));
        app.MapPost("/api/customers/register/", async (RegisterRequest request) => TypedResults.Created((string?)null, await accounts.RegisterAsync(request)));
        app.MapPost("/api/auth/token/", async (TokenRequest request) => TypedResults.Ok(await accounts.SignInAsync(request)));
        app.MapPost("/api/auth/token/refresh/", async (RefreshRequest request) => TypedResults.Ok(await accounts.RefreshAsync(request)));
    }
}
