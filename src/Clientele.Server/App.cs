using System.Security.Cryptography;
using System.Text.Json;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Analytics;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Demo;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Clientele.Server.Operations;
using Clientele.Server.Privacy;
using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.DataProtection;
using Microsoft.AspNetCore.HostFiltering;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;

namespace Clientele.Server;

/// <summary>Configures and builds the service.</summary>
internal static partial class App
{
    private const long LargestBody = 1024 * 1024;
    private const int KeyAttempts = 20;
    private static readonly TimeSpan KeyPause = TimeSpan.FromMilliseconds(500);

    public static WebApplication Build(string[] args, bool quiet = false)
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { Args = args, ApplicationName = typeof(App).Assembly.GetName().Name });
        builder.Configuration.AddEnvironmentVariables("Clientele__").AddCommandLine(args);
        Settings.Refuse(builder.Configuration);
        if (builder.Configuration["urls"] is null)
        {
            builder.Configuration["urls"] = new ServerSettings().Urls;
        }

        AddLogging(builder.Logging, quiet);
        builder.Services.AddSettings(builder.Configuration);
        AddHosting(builder);
        AddData(builder.Services, builder.Configuration);
        AddSecurity(builder.Services);
        AddFeatures(builder.Services);
        builder.Services.AddDescription();
        return Map(builder.Build());
    }

    /// <summary>Creates or upgrades the database, rejects unsafe settings, and reads the keys, all before the first request.</summary>
    /// <param name="app">The built application.</param>
    /// <param name="serves">Whether it runs as a node, not as a command of the command line.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    public static async Task PrepareAsync(WebApplication app, bool serves, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var database = app.Services.GetRequiredService<Database>();
        if (database.IsPostgres && app.Environment.IsProduction() && !app.Services.GetRequiredService<IOptions<DatabaseSettings>>().Value.AllowSuperuser
            && await db.Database.SqlQuery<bool>($"SELECT rolsuper AS \"Value\" FROM pg_roles WHERE rolname = current_user").SingleAsync(cancellationToken))
        {
            throw new StartupException("The database role is a superuser, so privileges do not restrict it. Use an ordinary role, or set Database:AllowSuperuser to true.");
        }

        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(App));
        await Migrating.MigrateAsync(db, database, app.Services.GetRequiredService<IOptions<DatabaseSettings>>().Value.AllowNewerSchema, logger, cancellationToken);
        await app.Services.GetRequiredService<DatabaseClock>().MeasureAsync(cancellationToken);
        if (database.IsPostgres && serves)
        {
            await PostgresServer.CompareConnectionsAsync(database, logger, cancellationToken);
            await PostgresServer.LimitStatementsAsync(database, logger, cancellationToken);
        }

        if (app.Services.GetRequiredService<IOptions<AddressBook.Settings>>().Value.RulesFile is { Length: > 0 } rules)
        {
            try
            {
                CountryRules.UseOverrides(rules);
            }
            catch (Exception unusable) when (unusable is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new StartupException($"Addresses:RulesFile cannot be used: {unusable.Message}");
            }
        }

        await LoadKeysAsync(app.Services.GetRequiredService<ServerKeys>(), logger, cancellationToken);
        KeyDirectory.Restrict(app.Configuration);
    }

    /// <summary>Data protection reports every failure as a decryption failure, even if it could not read its key ring.</summary>
    private static async Task LoadKeysAsync(ServerKeys keys, ILogger logger, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await keys.LoadAsync(cancellationToken);
                return;
            }
            catch (Exception failure) when (Database.FaultIn(failure) is { } fault)
            {
                if (attempt == KeyAttempts)
                {
                    throw new StartupException($"The database failed while the keys were read: {fault.GetBaseException().Message}");
                }

                Log.KeysUnread(logger, fault.GetBaseException().Message);
            }
            catch (CryptographicException)
            {
                throw new StartupException("The keys in the database cannot be decrypted: the data protection key ring is not the one that encrypted them. Point Keys:Directory to the right one.");
            }

            await Task.Delay(KeyPause, cancellationToken);
        }
    }

    private static void AddLogging(ILoggingBuilder logging, bool quiet)
    {
        logging.ClearProviders();
        if (Console.IsOutputRedirected)
        {
            // The encoder escapes control and bidirectional characters: an event is always one line, whatever it contains.
            logging.AddJsonConsole(console =>
            {
                console.UseUtcTimestamp = true;
                console.TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
                console.JsonWriterOptions = new JsonWriterOptions { Indented = false };
            });
        }
        else
        {
            logging.AddSimpleConsole(console => console.SingleLine = true);
        }

        logging.AddFilter("Microsoft", LogLevel.Warning);
        logging.AddFilter("Microsoft.Hosting.Lifetime", quiet ? LogLevel.Warning : LogLevel.Information);
        logging.AddFilter("Microsoft.AspNetCore.DataProtection", LogLevel.Error);

        // The command line reports why the service cannot start. A failure of checking a token is logged where the request gets its response.
        logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Critical);
        logging.AddFilter("Microsoft.AspNetCore.Authentication", LogLevel.Critical);

        // A failed command is logged where the request gets its response, once and without its SQL.
        logging.AddFilter("Microsoft.EntityFrameworkCore", LogLevel.None);
    }

    private static void AddHosting(WebApplicationBuilder builder)
    {
        builder.WebHost.ConfigureKestrel(kestrel =>
        {
            kestrel.AddServerHeader = false;
            kestrel.Limits.MaxRequestBodySize = LargestBody;
        });
        builder.Services.AddOptions<HostOptions>().Configure<IOptions<ShutdownSettings>>((host, settings) => host.ShutdownTimeout = Draining.ShutdownTimeout(settings.Value));
        builder.Services.AddHostedService<Draining>();
        builder.Services.AddSingleton<Readiness>().AddSingleton<FailureLog>();
        Tracing.Listen();
        builder.Services.Configure<RouteHandlerOptions>(routes => routes.ThrowOnBadRequest = true);
        builder.Services.ConfigureHttpJsonOptions(json => json.SerializerOptions.TypeInfoResolverChain.Insert(0, Wire.ForOthers.TypeInfoResolver!));
        builder.Services.ConfigureHttpJsonOptions(json =>
        {
            json.SerializerOptions.Encoder = Wire.Encoder;
            json.SerializerOptions.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
            json.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            json.SerializerOptions.Converters.Add(new MoneyConverter());
            json.SerializerOptions.Converters.Add(new InstantConverter());
        });
        builder.Services.AddOptions<ForwardedHeadersOptions>().Configure<IOptions<ServerSettings>>((forwarded, settings) =>
        {
            // Forwarded headers are used only from configured proxies. Without proxies the middleware would trust everybody, so it is turned off.
            var proxies = settings.Value.Proxies;
            forwarded.ForwardedHeaders = proxies.Count == 0
                ? ForwardedHeaders.None
                : ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto | ForwardedHeaders.XForwardedHost;
            forwarded.KnownProxies.Clear();
            forwarded.KnownIPNetworks.Clear();
            foreach (var network in proxies.Select(ServerSettings.Network).OfType<System.Net.IPNetwork>())
            {
                forwarded.KnownIPNetworks.Add(network);
            }
        });

        // PublicAddress checks the host instead, after the forwarded headers have been applied.
        builder.Services.Configure<HostFilteringOptions>(filtering => filtering.AllowedHosts = ["*"]);
        builder.Services.AddHttpContextAccessor();
        builder.Services.TryAddClock();
    }

    private static void TryAddClock(this IServiceCollection services) => services.AddSingleton(TimeProvider.System);

    private static void AddData(IServiceCollection services, IConfiguration configuration)
    {
        // The container owns the database, because a factory creates it.
#pragma warning disable CA2000
        var database = new Database(configuration["Database"]);
#pragma warning restore CA2000
        services.AddSingleton(_ => database);
        if (database.IsPostgres)
        {
            services.AddDbContextPool<ClienteleDb, PostgresClienteleDb>(Configure);
        }
        else
        {
            services.AddDbContextPool<ClienteleDb, SqliteClienteleDb>(Configure);
        }

        void Configure(IServiceProvider provider, DbContextOptionsBuilder options)
        {
            database.Configure(options);
            options.AddInterceptors(provider.GetRequiredService<SegmentQueue>());
        }

        services.AddSingleton<DatabaseClock>().AddSingleton<IdBlocks>().AddSingleton<SegmentQueue>().AddSingleton<SegmentRules>();
        services.AddScoped<RequestTransaction>().AddScoped<Transaction>(provider => provider.GetRequiredService<RequestTransaction>());
        services.AddScoped<AuditTrail>();
        services.AddScoped<Caller>();
        services.AddHostedService<Maintenance>();

        var protection = services.AddDataProtection().SetApplicationName("clientele");
        if (KeyDirectory.Of(configuration) is { } directory)
        {
            protection.PersistKeysToFileSystem(directory);
        }
        else
        {
            protection.PersistKeysToDbContext<ClienteleDb>();
        }
    }

    private static void AddSecurity(IServiceCollection services)
    {
        services.AddMemoryCache();
        services.AddSingleton<ServerKeys>();
        services.AddSingleton<Sessions>();
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer();
        services.AddOptions<JwtBearerOptions>(JwtBearerDefaults.AuthenticationScheme).Configure<Sessions>((options, sessions) => sessions.Configure(options));
        services.AddAuthorization();
        services.AddSingleton<HeavyReads>();
        services.AddRateLimiter(RateLimits.Configure);
        services.Configure<PasswordHasherOptions>(hasher => hasher.IterationCount = Passwords.Iterations);
        services.AddSingleton<IPasswordHasher<Account>, PasswordHasher<Account>>();
        services.AddSingleton<Passwords>();
    }

    private static void AddFeatures(IServiceCollection services)
    {
        services.AddScoped<Throttles>().AddScoped<KnownNetworks>().AddScoped<SignIn>().AddScoped<RefreshTokens>().AddScoped<Registration>().AddScoped<PasswordChange>().AddScoped<Superusers>();
        services.AddScoped<CustomerProfile>().AddScoped<CustomerUpdate>().AddScoped<CustomerWrites>().AddScoped<Activation>().AddScoped<Erasure>().AddScoped<CustomerExport>();
        services.AddScoped<CustomerLookup>().AddScoped<OrderIngestion>().AddScoped<OrderBatch>().AddScoped<TierLadder>().AddScoped<Ledger>().AddScoped<Earnings>();
        services.AddScoped<Retiering>().AddScoped<Backfill>().AddSingleton<Upkeep>();
        services.AddScoped<DemoSeed>().AddScoped<Check>().AddScoped<CustomerCheck>().AddScoped<AuditCheck>();
        services.AddSingleton<Snapshots>();
        services.AddHostedService(provider => provider.GetRequiredService<Snapshots>());
        services.AddScoped<AddressBook>().AddScoped<GroupBook>().AddScoped<GroupGraph>().AddScoped<ManualMemberships>();
        services.AddScoped<Evaluation>().AddScoped<SegmentCheck>().AddSingleton<SegmentBuild>().AddSingleton<ClockSweep>();
        services.AddSingleton<SegmentWorker>().AddHostedService(provider => provider.GetRequiredService<SegmentWorker>());
    }

    private static WebApplication Map(WebApplication app)
    {
        Settings.Validate(app.Services);
        app.UseForwardedHeaders();
        app.UsePublicAddress();
        app.UseSecurityHeaders();
        app.UseDraining();
        app.UseProblems();
        app.UseDescriptionPages();
        app.UseRouting();
        app.UseRoutedIds();
        app.UseAuthentication();
        app.UseAuthorization();
        app.UseRateLimiter();
        app.UseMiddleware<Idempotency>();

        var api = app.MapGroup("");
        api.RequirePermissions();
        api.MapAccounts();
        api.MapCustomers();
        api.MapLifecycle();
        api.MapBenefits();
        api.MapStats();
        api.MapOrders();
        api.MapWishlist();
        api.MapReviews();
        api.MapLoyalty();
        api.MapPoints();
        api.MapProgramme();
        api.MapPrivacy();
        api.MapAnalytics();
        api.MapAddresses();
        api.MapGroups();
        api.MapMembers();
        api.MapChanges();
        api.MapRules();
        api.MapPreview();
        api.MapHealth();
        api.MapDescription();
        api.MapHome();

        // Otherwise the endpoints are built only when the server starts, and the command "openapi" does not start it.
        app.UseEndpoints(_ => { });
        return app;
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database failed while the keys were read. The service tries again: {Reason}")]
        public static partial void KeysUnread(ILogger logger, string reason);
    }
}
