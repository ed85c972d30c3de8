using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Analytics;
using Clientele.Server.Bulk;
using Clientele.Server.ConsoleHost;
using Clientele.Server.Demo;
using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Keys;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;
using Clientele.Server.Operations;
using Clientele.Server.Privacy;
using Clientele.Server.Rules;
using Clientele.Server.Search;
using Clientele.Server.Segments;
using Clientele.Server.Webhooks;

namespace Clientele.Server;

/// <summary>Builds the service from its nouns. Each says in its module which services, settings and routes it has.</summary>
internal static class App
{
    public static WebApplication Build(string[] args, bool quiet = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions
        {
            // Our settings are read once, at the start. To watch their files is to watch every write in the working directory, such as SQLite's.
            Args = [.. args, "--hostBuilder:reloadConfigOnChange=false"],
            ApplicationName = typeof(App).Assembly.GetName().Name,
            WebRootPath = Directory.Exists(ConsoleModule.Folder) ? ConsoleModule.Folder : null,
        });
        var (services, configuration) = (builder.Services, builder.Configuration);
        Configure(configuration, args);
        builder.Logging.AddLogs(quiet);
        Add(services, configuration);

        // The database reads its connection string at once. Errors in settings come first.
        Settings.Refuse(services, configuration);
        services.AddData(configuration);

        var app = builder.Build();
        Settings.Validate(app.Services);
        app.UseHttp();
        app.UseStaffEnrolment();
        Map(app);
        app.MapConsoleFiles();
        app.MapMetrics();

        // Otherwise the endpoints are built only when the server starts, and the command "openapi" does not start it.
        app.UseEndpoints(_ => { });
        return app;
    }

    /// <summary>Adds what this service has beside the framework's sources of settings.</summary>
    public static void Configure(IConfigurationManager configuration, string[] args)
    {
        configuration.AddEnvironmentVariables("Clientele__").AddCommandLine(args);
        configuration.AddSecrets(args);
        configuration["urls"] ??= new ServerSettings().Urls;
    }

    private static void Add(IServiceCollection services, IConfiguration configuration)
    {
        services.AddOperations(configuration);
        services.AddHttp();
        services.AddAccounts(configuration);
        services.AddKeys();
        services.AddCustomers();
        services.AddMessages();
        services.AddHistory();
        services.AddLoyalty();
        services.AddPrivacy();
        services.AddAnalytics();
        services.AddAddresses();
        services.AddEvents();
        services.AddWebhooks();
        services.AddGroups();
        services.AddRules();
        services.AddSegments();
        services.AddSearch();
        services.AddBulk();
        services.AddDemo();
        services.AddConsole();
    }

    private static void Map(WebApplication app)
    {
        var api = app.MapGroup("");
        api.RequirePermissions();
        api.MapAccounts();
        api.MapKeys();
        api.MapCustomers();
        api.MapMessages();
        api.MapHistory();
        api.MapLoyalty();
        api.MapPrivacy();
        api.MapAnalytics();
        api.MapAddresses();
        api.MapGroups();
        api.MapRules();
        api.MapSearch();
        api.MapBulk();
        api.MapEvents();
        api.MapWebhooks();
        api.MapOperations();
        api.MapHttp();
        api.MapConsole();
    }
}
