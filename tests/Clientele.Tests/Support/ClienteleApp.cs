using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Server.Accounts;
using Clientele.Server.Data;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Identity;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;

[assembly: AssemblyFixture(typeof(ClienteleApp))]
namespace Clientele.Tests.Support;

/// <summary>How a test's own app differs from the shared one.</summary>
public sealed record ClienteleAppOptions
{
    /// <summary>The database of another app, to run as its second node; null for a new one.</summary>
    public TestDatabase? Database { get; init; }

    /// <summary>The clock of another app; null for a new one.</summary>
    public FakeClock? Clock { get; init; }

    /// <summary>The mailbox of another app; null for a new one.</summary>
    public Mailbox? Mail { get; init; }

    /// <summary>Settings by their full name, such as <c>RateLimits:Registration</c>.</summary>
    public Dictionary<string, string?> Settings { get; init; } = [];

    /// <summary>Changes the services after everything else.</summary>
    public Action<IServiceCollection>? Services { get; init; }
}

/// <summary>
/// The complete service on a real port, with its own database. All tests share one app (ask for it in the constructor), and each looks only at data
/// that it has created. Tests that need something global ask for an <see cref="OwnApp"/>: live segments, lists and figures over all customers. A test
/// that moves the clock or changes settings starts an app with <see cref="StartAsync"/>.
/// </summary>
public class ClienteleApp : IAsyncLifetime
{
    private static readonly DatabaseTemplate Template = new(MigrateAsync);

    /// <summary>The password of all customers and admins.</summary>
    public const string Password = "correct-horse-battery-staple";

    private readonly SocketsHttpHandler _connections = new() { AllowAutoRedirect = false, UseCookies = false };
    private readonly AnswerRules _rules;
    private readonly ClienteleAppOptions _options;
    private readonly bool _isShared;
    private Task<Actor>? _admin;
    private Task _starting = Task.CompletedTask;
    private TestDatabase? _database;
    private Factory? _factory;

    /// <summary>The app that all tests share. On a slow machine, they take longer than an access token lasts otherwise.</summary>
    public ClienteleApp()
        : this(new ClienteleAppOptions { Settings = { ["Tokens:AccessLifetime"] = "12:00:00" } }, isShared: true)
    {
    }

    private protected ClienteleApp(ClienteleAppOptions options, bool isShared = false)
    {
        (_options, _isShared) = (options, isShared);
        _rules = new AnswerRules(_connections, isShared);
        Clock = options.Clock ?? new();
        Mail = options.Mail ?? new();
    }

    public FakeClock Clock { get; }

    /// <summary>The mails and SMS that this app has sent: <c>(await app.Mail.NextAsync(customer.Email)).Code</c>.</summary>
    public Mailbox Mail { get; }

    /// <summary>What the service logged, at level Information and above.</summary>
    public CapturedLog Log { get; } = new();

    public TestDatabase Database => Started._database!;

    public Uri Address => Started._factory!.Address;

    /// <summary>For tests that check the app from inside; scenarios use HTTP.</summary>
    internal IServiceProvider Services => Started._factory!.Services;

    private ClienteleApp Started
    {
        get
        {
            TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
            _starting.GetAwaiter().GetResult();
            return this;
        }
    }

    /// <summary>Starts an app for one test, which disposes it.</summary>
    public static async Task<ClienteleApp> StartAsync(ClienteleAppOptions? options = null)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var app = new ClienteleApp(options ?? new());
        try
        {
            await app.StartOnDatabaseAsync();
            return app;
        }
        catch
        {
            await app.DisposeAsync();
            throw;
        }
    }

    /// <summary>A database for server processes, and the admin in it, whose password is <see cref="Password"/>.</summary>
    public static async Task<(TestDatabase Database, string Admin)> DatabaseAsync(Func<ClienteleApp, Task>? prepare = null)
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var database = await Template.CreateAsync();
        await using var app = await StartAsync(new() { Database = database });
        await (prepare?.Invoke(app) ?? Task.CompletedTask);
        return (database, (await app.NewAdminAsync()).Username);
    }

    /// <summary>A caller without credentials.</summary>
    public Actor Stranger => new(CreateClient());

    /// <summary>A new customer, registered and signed in. Members of <paramref name="with"/> are added to the registration.</summary>
    public async Task<Actor> CustomerAsync(string? username = null, object? with = null)
    {
        username ??= $"customer-{Guid.NewGuid():N}";
        var body = new JsonObject
        {
            ["username"] = username,
            ["email"] = $"{username}@example.com",
            ["password"] = Password,
            ["password2"] = Password,
            ["first_name"] = "Ada",
            ["last_name"] = "Lovelace",
        };
        foreach (var (member, value) in with is null ? [] : JsonSerializer.SerializeToNode(with)!.AsObject().ToArray())
        {
            body[member] = value?.DeepClone();
        }

        var registered = (await Stranger.Post("/api/customers/register/", body)).Expect(201);
        return await SignInAsync(username, (string)body["password"]!, (long)registered["id"], (string)registered["email"]!);
    }

    /// <summary>The admin of this app.</summary>
    public Task<Actor> AdminAsync() => _admin ??= NewAdminAsync();

    /// <summary>Another admin.</summary>
    public async Task<Actor> NewAdminAsync()
    {
        var username = $"admin-{Guid.NewGuid():N}";
        await using var scope = Started._factory!.Services.CreateAsyncScope();
        var superusers = scope.ServiceProvider.GetRequiredService<Superusers>();
        Assert.Empty(await superusers.CreateAsync(username, $"{username}@example.com", Password, CancellationToken.None));
        return await SignInAsync(username, Password, (await superusers.FindAsync(username, CancellationToken.None))!.Value, $"{username}@example.com");
    }

    /// <summary>Removes an admin's rights, as the command line does; returns the reasons if that is refused.</summary>
    public async Task<IReadOnlyList<string>> DemoteAsync(string username)
    {
        await using var scope = Started._factory!.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Superusers>().DemoteAsync(username, CancellationToken.None);
    }

    /// <summary>Signs in a customer who is already registered.</summary>
    public async Task<Actor> SignInAsync(
        string username, string password, long id = 0, string email = "", params (string Name, string Value)[] headers)
    {
        var pair = (await Stranger.Post("/api/auth/token/", new { username, password }, headers)).Expect(200);
        return new Actor(CreateClient())
        {
            Id = id,
            Username = username,
            Email = email,
            Password = password,
            Access = (string)pair["access"]!,
            Refresh = (string)pair["refresh"]!,
        };
    }

    /// <summary>The same caller at this node.</summary>
    public Actor Here(Actor actor) => new(CreateClient())
    {
        Id = actor.Id,
        Username = actor.Username,
        Email = actor.Email,
        Password = actor.Password,
        Access = actor.Access,
        Refresh = actor.Refresh,
    };

    /// <summary>A second node over the database of this app, with the same clock.</summary>
    public Task<ClienteleApp> SecondNodeAsync() => StartAsync(_options with { Database = Database, Clock = Clock, Mail = Mail });

    /// <summary>All messages to this address or number, after everything that is due was sent.</summary>
    public async Task<IReadOnlyList<ReceivedMessage>> MailedAsync(string to)
    {
        await Services.GetRequiredService<Delivery>().DrainAsync(TestContext.Current.CancellationToken);
        return Mail.All(to);
    }

    /// <summary>A client without credentials.</summary>
    public HttpClient CreateClient() => new(_rules, disposeHandler: false) { BaseAddress = Address };

    public async ValueTask InitializeAsync()
    {
        if (TestDatabase.Unavailable is not null)
        {
            return;
        }

        // If the start fails, the tests that use the app throw the failure; the others can still run.
        _starting = StartOnDatabaseAsync();
        await _starting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public async ValueTask DisposeAsync()
    {
        GC.SuppressFinalize(this);
        _rules.Dispose();
        _connections.Dispose();
        if (_factory is not null)
        {
            await _factory.DisposeAsync();
        }

        if (_database is not null && _options.Database is null)
        {
            await _database.DisposeAsync();
        }

        Log.Dispose();
        if (_isShared)
        {
            await TestDatabase.EndRunAsync();
            StatementLog.ThrowIfAnyBreaksTheRules();
        }
    }

    private static async Task MigrateAsync(string connectionString)
    {
        using var log = new CapturedLog();
        await using var factory = new Factory(connectionString, new(), new FakeClock(), new Mailbox(), log);
        factory.StartServer();
    }

    private async Task StartOnDatabaseAsync()
    {
        _database = _options.Database ?? await Template.CreateAsync();
        _factory = new Factory(_database.ConnectionString, _options, Clock, Mail, Log);
        _factory.StartServer();
    }

    private sealed class Factory : WebApplicationFactory<Program>
    {
        private readonly string _connectionString;
        private readonly ClienteleAppOptions _options;
        private readonly FakeClock _clock;
        private readonly Mailbox _mail;
        private readonly CapturedLog _log;

        public Factory(string connectionString, ClienteleAppOptions options, FakeClock clock, Mailbox mail, CapturedLog log)
        {
            (_connectionString, _options, _clock, _mail, _log) = (connectionString, options, clock, mail, log);
            UseKestrel();

            Console.SetError(QuietErrors.Instance);
        }

        public Uri Address => new(Services.GetRequiredService<IServer>().Features.GetRequiredFeature<IServerAddressesFeature>().Addresses.First());

        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Production");

            // The factory assigns its own port if the host is already built; on a busy machine the service may listen before that.
            builder.UseSetting("urls", "http://127.0.0.1:0");
            builder.UseSetting("Database", _connectionString);
            builder.UseSetting("RateLimits:Registration", "1000000");
            builder.UseSetting("RateLimits:CodesPerNetwork", "1000000");
            builder.UseSetting("RateLimits:ResetPerNetwork", "1000000");
            builder.UseSetting("RateLimits:MessagesPerHour", "1000");
            builder.UseSetting("RateLimits:MessagesPerDay", "1000");
            builder.UseSetting("Webhooks:Most", "10000");
            builder.UseSetting("Messages:Folder", _mail.Folder);
            foreach (var (name, value) in _options.Settings)
            {
                builder.UseSetting(name, value);
            }

            builder.ConfigureLogging(logging => logging.ClearProviders().AddProvider(_log));
            builder.ConfigureServices(services =>
            {
                services.Replace(ServiceDescriptor.Singleton<TimeProvider>(_clock));
                services.Replace(ServiceDescriptor.Singleton<ReadDatabaseClock>(
                    provider => async token => await provider.GetRequiredService<Database>().ReadClockAsync(token) + _clock.Passed));
                services.Configure<PasswordHasherOptions>(hashing => hashing.IterationCount = 1000);
                StatementLog.ReadAlong(services);
                _options.Services?.Invoke(services);
            });
        }
    }
}
