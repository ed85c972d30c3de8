using System.Globalization;
using Clientele.Server.Commands;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>The commands of the command line, run by an operator while a service is running.</summary>
public sealed class RunningVerbs
{
    private const string Strong = "a-password-of-an-operator";

    /// <summary>A node that should refuse to start but serves instead would run forever.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task Createsuperuser_makes_an_admin_and_gives_an_existing_account_a_new_password()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        var made = await RunAsync(own, Strong, "createsuperuser", "--username", "root-admin", "--email", "root@example.com", "--password-stdin");
        string[] verb =
        [
            "createsuperuser", "--username", customer.Username, "--email", customer.Email, "--password-stdin", "--database", own.Database.ConnectionString,
        ];
        var promoted = await ServerProcess.RunAsync(verb, Strong + "\n");

        ExpectDone(made);
        ExpectDone(promoted);
        var admin = await own.SignInAsync("root-admin", Strong);
        Assert.Equal(2, (int)(await admin.Get("/api/customers/customers/?is_staff=true")).Expect(200)["count"]);
        (await own.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).ExpectProblem(401);
        var me = (await (await own.SignInAsync(customer.Username, Strong)).Get("/api/customers/customers/me/")).Expect(200);
        Assert.True((bool)me["is_staff"]);
    }

    [Fact]
    public async Task Createsuperuser_tells_the_owner_of_an_account_by_mail_that_the_password_has_changed()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        ExpectDone(await RunAsync(own, Strong, "createsuperuser", "--username", customer.Username, "--email", customer.Email, "--password-stdin"));
        ExpectDone(await RunAsync(own, Strong, "createsuperuser", "--username", "root-admin", "--email", "root@example.com", "--password-stdin"));

        await own.Mail.NextAsync(customer.Email, "Your password has changed");
        Assert.Empty(await own.MailedAsync("root@example.com"));
    }

    [Fact]
    public async Task Createsuperuser_says_what_is_wrong_and_changes_nothing()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();

        string[] named = ["createsuperuser", "--username", "root-admin", "--email", "root@example.com", "--password-stdin"];
        ExpectRefused(await RunAsync(own, "password12345678", named), "password");
        ExpectRefused(await RunAsync(own, Strong, "createsuperuser", "--username", "root-admin", "--password-stdin"), "email");
        ExpectRefused(await RunAsync(own, Strong, "createsuperuser"), "--password-stdin");
        ExpectRefused(await RunAsync(own, "12345678", [.. named[..3], "--password-stdin"]), "at least 15 characters");
        string[] known = ["createsuperuser", "--username", customer.Username, "--email", customer.Email, "--password-stdin"];
        ExpectRefused(await RunAsync(own, "kX9!vq2#", known), "at least 15 characters");

        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM customers WHERE is_staff"));
        await own.SignInAsync(customer.Username, customer.Password);
    }

    [Fact]
    public async Task Createsuperuser_promotes_nobody_who_only_has_the_username()
    {
        await using var own = await ClienteleApp.StartAsync();
        var stranger = await own.CustomerAsync("root-admin");
        await Authenticator.OfAsync(stranger, own.Clock);
        string[] verb = ["createsuperuser", "--username", stranger.Username, "--password-stdin"];

        ExpectRefused(await RunAsync(own, Strong, verb), stranger.Email);
        ExpectRefused(await RunAsync(own, Strong, [.. verb, "--email", "owner@example.com"]), stranger.Email);
        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM customers WHERE is_staff"));

        ExpectDone(await RunAsync(own, Strong, [.. verb, "--email", stranger.Email.ToUpperInvariant()]));
        Assert.Equal(0, await own.Database.CountAsync("SELECT COUNT(*) FROM totp_secrets"));
        ExpectDone(await RunAsync(own, Strong, verb));
    }

    [Fact]
    public async Task Demote_takes_the_rights_of_all_admins_but_the_last()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (one, other) = (await own.NewAdminAsync(), await own.NewAdminAsync());

        ExpectDone(await RunAsync(own, null, "demote", "--username", one.Username));
        ExpectRefused(await RunAsync(own, null, "demote", "--username", other.Username), "last active admin");
        ExpectRefused(await RunAsync(own, null, "demote", "--username", "nobody"), "nobody");

        Assert.Equal(1, await own.Database.CountAsync("SELECT COUNT(*) FROM customers WHERE is_staff"));
        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = one.Refresh })).ExpectProblem(401);
    }

    [Fact]
    public async Task Migrate_prepares_an_empty_database_and_may_be_repeated()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();

        ExpectDone(await RunAsync(["migrate", "--database", database.ConnectionString]));
        ExpectDone(await RunAsync(["migrate", "--database", database.ConnectionString]));

        Assert.Equal(0, await database.CountAsync("SELECT COUNT(*) FROM customers"));
        if (TestDatabase.Kind is DatabaseKind.Sqlite && !OperatingSystem.IsWindows())
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(database.ConnectionString));
        }
    }

    [Theory]
    [InlineData("--username", "demote")]
    [InlineData("--username", "reset-factors", "--username")]
    [InlineData("--database", "migrate", "--database", "one.db", "--database", "two.db")]
    [InlineData("a whole number of at least 10", "seed-demo", "--customers", "many")]
    [InlineData("a whole number of at least 10", "seed-demo", "--customers", "9")]
    [InlineData("--customers", "seed-demo", "--customers")]
    [InlineData("--scope", "keys create")]
    [InlineData("'revoke'", "keys revoke")]
    [InlineData("ommand", "keys")]
    public async Task Arguments_that_cannot_be_are_one_line_that_leads_to_the_help(string because, string verb, params string[] arguments)
    {
        var run = await RunAsync([.. verb.Split(' '), .. arguments]);

        ExpectRefused(run, because);
        Assert.EndsWith($" See clientele {verb} --help.", run.Errors.TrimEnd(), StringComparison.Ordinal);
        Assert.Equal("", run.Output);
    }

    [Theory]
    [InlineData("chekc", "chekc")]
    [InlineData("Store:Country=GB", "migrate", "Store:Country=GB")]
    [InlineData("perhaps", "keys", "rotate-signing", "--now=perhaps")]
    [InlineData("two", "check", "--Store:Country", "GB", "two")]
    public async Task An_argument_that_nobody_knows_is_refused(string unknown, params string[] arguments) =>
        ExpectRefused(await RunAsync(arguments), $"'{unknown}'");

    [Fact]
    public async Task An_SQLite_file_that_others_may_read_is_its_owners_alone_after_a_start()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "PostgreSQL's files are its own.");
        await using var own = await ClienteleApp.StartAsync();

        // The files next to the database stay as long as it is open.
        await using var open = await own.Database.OpenAsync();
        await open.ScalarAsync("SELECT COUNT(*) FROM customers");
        string[] files = [own.Database.ConnectionString, own.Database.ConnectionString + "-wal", own.Database.ConnectionString + "-shm"];
        Shell.OpenToOthers(files);

        ExpectDone(await RunAsync(own, null, "migrate"));

        Assert.All(files, file => Assert.False(Shell.IsOpenToOthers(file), file));
    }

    [Fact]
    public async Task An_SQLite_file_of_somebody_else_that_others_may_read_is_used_with_a_warning()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Sqlite, "PostgreSQL's files are its own.");
        await using var database = await TestDatabase.CreateEmptyAsync();
        ExpectDone(await RunAsync(["migrate", "--database", database.ConnectionString]));
        Shell.OpenToOthers(database.ConnectionString);
        await Shell.GiveAwayAsync(database.ConnectionString);

        await using var server = await ServerProcess.ServeWithinAsync(
            Shell.WithoutOwnership, new Dictionary<string, string> { ["Clientele__Database"] = database.ConnectionString });

        Assert.Contains($"Others may read {database.ConnectionString}, which belongs to another user", server.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Check_prints_a_line_for_each_finding()
    {
        await using var own = await ClienteleApp.StartAsync();
        var (one, other) = (await own.CustomerAsync(), await own.CustomerAsync());
        await own.Database.ExecuteAsync("UPDATE customers SET total_orders = total_orders + 1");

        var run = await RunAsync(own, null, "check");

        Assert.Equal(1, run.ExitCode);
        var lines = run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.All(lines, line => Assert.Matches($"^Customer ({one.Id}|{other.Id}): ", line));
        Assert.All([one, other], customer => Assert.Contains(lines, line => line.StartsWith($"Customer {customer.Id}: ", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_database_that_cannot_be_used_is_one_line_and_exit_code_1()
    {
        string[] unusable = TestDatabase.Kind is DatabaseKind.Sqlite
            ? ["/proc/clientele/no.db", Path.GetTempPath()]
            : ["Host=127.0.0.1;Port=1;Username=nobody", "Host=127.0.0.1;Nonsense=1", "postgres://nobody@127.0.0.1:99999/none"];

        foreach (var database in unusable)
        {
            ExpectRefused(await RunAsync(["migrate", "--database", database]), "atabase");
        }

        ExpectRefused(await RunAsync(["serve", "--database", unusable[0]]), "atabase");
    }

    [Fact]
    public async Task A_superuser_is_refused_in_production_unless_allowed()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no roles.");
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        var superuser = (await PostgresCluster.SharedAsync()).SuperuserConnectionString;
        Assert.SkipWhen(superuser is null, "The server is not ours.");
        await using var database = await TestDatabase.CreateEmptyAsync();
        var name = new NpgsqlConnectionStringBuilder(database.ConnectionString).Database;
        var asSuperuser = new NpgsqlConnectionStringBuilder(superuser) { Database = name }.ConnectionString;

        ExpectRefused(await RunAsync(["serve", "--database", asSuperuser]), "superuser");
        await using var allowed = await ServerProcess.ServeAsync(asSuperuser, "--Database:AllowSuperuser=true");
    }

    [Fact]
    public async Task Settings_come_from_the_environment_and_the_database_may_be_a_uri()
    {
        await using var own = await ClienteleApp.StartAsync();
        var customer = await own.CustomerAsync();
        await using var server = await ServerProcess.ServeAsync(new Dictionary<string, string>
        {
            ["Clientele__Database"] = AsUri(own.Database.ConnectionString),
            ["RateLimits__PerCaller"] = "3",
        });
        var chatty = new Actor(server.Client) { Access = customer.Access };

        var answers = new List<Answer>();
        for (var i = 0; i < 8; i++)
        {
            answers.Add(await chatty.Get("/api/customers/customers/me/"));
        }

        // A minute may end meanwhile, and then another three are accepted.
        Assert.InRange(answers.Count(answer => (int)answer.Status == 200), 3, 6);
        var refused = answers.First(answer => (int)answer.Status != 200).ExpectProblem(429);
        Assert.InRange(int.Parse(refused.Headers["Retry-After"], CultureInfo.InvariantCulture), 1, 60);
        (await new Actor(server.Client).Get("/.well-known/jwks.json")).Expect(200);
    }

    private static Task<ServerRun> RunAsync(ClienteleApp own, string? stdin, params string[] arguments) =>
        RunAsync([.. arguments, "--database", own.Database.ConnectionString], stdin is null ? null : stdin + "\n");

    /// <summary>Runs a command in this process, because starting a process takes seconds.</summary>
    private static async Task<ServerRun> RunAsync(string[] arguments, string? stdin = null)
    {
        using var input = new StringReader(stdin ?? "");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Cli.RunAsync(arguments, input, output, errors).WaitAsync(Patience);
        return new(exitCode, $"{output}", $"{errors}");
    }

    private static void ExpectDone(ServerRun run) => Assert.True(run is { ExitCode: 0, Errors: "" }, $"{run}");

    /// <summary>Expects one line with the reason.</summary>
    private static void ExpectRefused(ServerRun run, string because)
    {
        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Contains(because, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }

    private static string AsUri(string connectionString)
    {
        if (TestDatabase.Kind is DatabaseKind.Sqlite)
        {
            return connectionString;
        }

        var server = new NpgsqlConnectionStringBuilder(connectionString);
        return $"postgres://{server.Username}:{Uri.EscapeDataString(server.Password!)}@{server.Host}:{server.Port}/{server.Database}";
    }
}
