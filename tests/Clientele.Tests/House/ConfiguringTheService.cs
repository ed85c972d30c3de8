using System.Globalization;
using System.Text.RegularExpressions;
using Clientele.Server;
using Clientele.Server.Commands;
using Clientele.Server.Operations;
using Clientele.Tests.Support;
using Npgsql;

namespace Clientele.Tests.House;

/// <summary>Settings are checked before anything starts. Each error is one line that names the setting and a valid value.</summary>
public sealed partial class ConfiguringTheService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData("Passwords:Minimum", "abc", "a whole number between 1 and 1024")]
    [InlineData("Passwords:Minimum", "", "a whole number between 1 and 1024")]
    [InlineData("Passwords:Minimum", "0", "a whole number between 1 and 1024")]
    [InlineData("Passwords:Maximum", "10", "at least Passwords:Minimum")]
    [InlineData("RateLimits:Registration", "-5", "a whole number between 1 and 1000000")]
    [InlineData("RateLimits:PerCaller", "-5", "a whole number between 0 and 1000000")]
    [InlineData("RateLimits:SignInPerNetwork", "99999999999", "a whole number between 1 and 1000000")]
    [InlineData("Proxies:0", "nonsense", "an address or a network such as 10.0.0.1")]
    [InlineData("Proxies:0", "10.0.0.0/99", "an address or a network such as 10.0.0.1")]
    [InlineData("Proxies:0", "", "an address or a network such as 10.0.0.1")]
    [InlineData("Urls", "nonsense", "addresses such as http://localhost:8000")]
    [InlineData("Urls", "http://localhost:99999", "addresses such as http://localhost:8000")]
    [InlineData("Urls", "ftp://localhost", "addresses such as http://localhost:8000")]
    [InlineData("PublicUrl", "shop.example", "an address such as https://shop.example")]
    [InlineData("PublicUrl", "https://shop.example/?x=1", "an address such as https://shop.example")]
    [InlineData("AllowedHosts", "https://shop.example", "names without scheme and port")]
    [InlineData("AllowedHosts", "shop.example:8000", "names without scheme and port")]
    [InlineData("Console:Enabled", "perhaps", "true or false")]
    [InlineData("Database:AllowSuperuser", "perhaps", "true or false")]
    [InlineData("Keys:Directory", "/proc/clientele/keys", "a folder that the service can write to")]
    [InlineData("Keys:Directory", "/proc", "a folder that the service can write to")]
    [InlineData("Messages:Folder", "/proc/clientele/messages", "a folder that the service can write to")]
    [InlineData("Messages:Folder", "/proc", "a folder that the service can write to")]
    [InlineData("Keys:Certificate", "/nowhere.pfx", "a PKCS #12 or PEM file with a certificate and its private RSA key")]
    [InlineData("Keys:FormerCertificates:0:File", "/nowhere.pem", "a PKCS #12 or PEM file with a certificate and its private RSA key")]
    [InlineData("Tokens:Issuer", " ", "not be empty")]
    [InlineData("Tokens:Audience", "", "not be empty")]
    [InlineData("Tokens:AccessLifetime", "soon", "a time such as 00:15:00 between 00:01:00 and 12:00:00")]
    [InlineData("Tokens:AccessLifetime", "15", "a time such as 00:15:00 between 00:01:00 and 12:00:00")]
    [InlineData("Tokens:AccessLifetime", "00:00:59", "a time such as 00:15:00 between 00:01:00 and 12:00:00")]
    [InlineData("Store:Currency", "EURO", "ISO 4217")]
    [InlineData("Store:Name", " ", "a name of at most 100 characters")]
    [InlineData("Mail:Port", "0", "a whole number between 1 and 65535")]
    [InlineData("Mail:Host", "mail.example", "an address such as service@shop.example")]
    [InlineData("Mail:From", "nobody", "an address such as Umbrella Shop <service@shop.example>")]
    [InlineData("Mail:Security", "Ssl", "StartTls or Tls or None")]
    [InlineData("Mail:User", "shop", "must be set if Mail:User is")]
    [InlineData("Mail:TimeoutSeconds", "61", "a whole number between 1 and 60")]
    [InlineData("Sms:Url", "http://sms.example/", "https")]
    [InlineData("Sms:Body", "To={to}", "{to} and {text}")]
    [InlineData("Sms:ContentType", "text/plain", "application/json")]
    [InlineData("Messages:Templates", "/nowhere", "a folder that exists")]
    [InlineData("Store:Country", "Germany", "ISO 3166-1")]
    [InlineData("Store:Country", "XX", "ISO 3166-1")]
    [InlineData("Cors:Origins:0", "shop.example", "an origin such as https://shop.example")]
    [InlineData("Cors:Origins:0", "https://shop.example/", "an origin such as https://shop.example")]
    [InlineData("Cors:Origins:0", "https://shop.example/path", "an origin such as https://shop.example")]
    [InlineData("Passkeys:Domain", "https://shop.example", "a domain such as shop.example")]
    [InlineData("Passkeys:Name", " ", "not be empty")]
    [InlineData("Passkeys:Origins:0", "shop.example", "an origin such as https://shop.example")]
    [InlineData("Passkeys:Origins:0", "https://shop.example", "on localhost or on a subdomain")]
    [InlineData("Addresses:PerCustomer", "0", "a whole number between 1 and 10000")]
    [InlineData("Addresses:RulesFile", "/nowhere.json", "cannot be used")]
    [InlineData("Loyalty:EarnOn", "Payment", "Counts or Delivered")]
    [InlineData("Loyalty:EarnOn", "7", "Counts or Delivered")]
    [InlineData("Loyalty:Downgrade", "Sometimes", "Automatic or Never")]
    [InlineData("Loyalty:PointsPerUnit", "many", "a number between 0 and 1000")]
    [InlineData("Loyalty:PendingDays", "1.5", "a whole number between 0 and 3650")]
    [InlineData("Loyalty:ExpireAfterMonths", "-1", "a whole number between 0 and 1200")]
    [InlineData("Loyalty:Tiers:0:From", "free", "a number")]
    [InlineData("Loyalty:Tiers:0:FreeShipping", "maybe", "true or false")]
    [InlineData("Secrets:Directory", "/nowhere", "a folder whose files the service can read")]
    [InlineData("Telemetry:OtlpEndpoint", "localhost:4317", "an address such as http://localhost:4317")]
    [InlineData("Telemetry:MetricsToken", "too short", "at least 16 ASCII characters without spaces")]
    [InlineData("Shutdown:DrainSeconds", "301", "a whole number between 0 and 300")]
    [InlineData("Shutdown:DrainSeconds", "soon", "a whole number between 0 and 300")]
    public async Task A_wrong_setting_is_one_line_that_says_what_would_be_right(string name, string value, string right)
    {
        var (exitCode, errors) = await RunAsync("migrate", "--database", NewFile(), $"--{name}={value}");

        Assert.Equal(1, exitCode);
        var line = Assert.Single(errors);
        Assert.Contains(name, line, StringComparison.Ordinal);
        Assert.Contains(right, line, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_setting_of_the_framework_that_cannot_be_is_one_line()
    {
        var (exitCode, errors) = await RunAsync("migrate", "--database", NewFile(), "--Logging:LogLevel:Default=Loud");

        Assert.Equal(1, exitCode);
        Assert.Contains("Loud", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=127.0.0.1;Maximum Pool Size=-1")]
    [InlineData("Host=127.0.0.1;Maximum Pool Size=many")]
    [InlineData("Host=127.0.0.1;Minimum Pool Size=50;Maximum Pool Size=5")]
    [InlineData("Host=127.0.0.1;Timeout=-1")]
    [InlineData("Host=127.0.0.1;SSL Mode=Perhaps")]
    [InlineData("Host=127.0.0.1;Nonsense=1")]
    [InlineData("postgres://")]
    [InlineData("postgres:///shop")]
    [InlineData("postgres://localhost/x?sslmode=perhaps")]
    public async Task A_connection_string_that_cannot_be_is_one_line(string database)
    {
        var (exitCode, errors) = await RunAsync("migrate", $"--database={database}");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The setting Database is not a valid PostgreSQL connection string: ", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_of_a_replica_that_cannot_be_is_one_line()
    {
        var (exitCode, errors) = await RunAsync(
            "migrate", "--database", "Host=127.0.0.1", "--Database:Replica=Host=127.0.0.1;Minimum Pool Size=50;Maximum Pool Size=5");

        Assert.Equal(1, exitCode);
        Assert.StartsWith("The setting Database:Replica is not a valid PostgreSQL", Assert.Single(errors), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_connection_string_may_ask_for_a_minimum_of_connections()
    {
        Assert.SkipUnless(TestDatabase.Kind is DatabaseKind.Postgres, "SQLite has no pool to fill.");
        await using var own = await ClienteleApp.StartAsync();
        var setting = new NpgsqlConnectionStringBuilder(own.Database.ConnectionString) { MinPoolSize = 8 }.ConnectionString;

        await using var node = await ClienteleApp.StartAsync(new() { Database = own.Database, Settings = { ["Database"] = setting } });

        await node.CustomerAsync();
    }

    [Fact]
    public async Task A_service_tells_up_to_three_at_once_and_nothing_else()
    {
        string[] wrong = ["--Passwords:Minimum=abc", "--RateLimits:Registration=-5", "--Loyalty:PendingDays=x", "--Loyalty:EarnOn=y"];

        var run = await ServerProcess.RunAsync(["serve", "--database", NewFile(), .. wrong]);

        Assert.Equal(1, run.ExitCode);
        var lines = (run.Output + run.Errors).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(3, lines.Length);
        Assert.All(lines, line => Assert.Matches("^(Passwords:Minimum|RateLimits:Registration|Loyalty:PendingDays|Loyalty:EarnOn): must be .*, not ", line));
    }

    [Fact]
    public async Task A_port_that_is_taken_is_a_line_or_three()
    {
        using var taken = new System.Net.Sockets.TcpListener(System.Net.IPAddress.Loopback, 0);
        taken.Start();

        var run = await ServerProcess.RunAsync(["serve", "--database", NewFile(), "--urls", $"http://{taken.LocalEndpoint}"]);

        var said = run.Output + run.Errors;
        Assert.Equal(1, run.ExitCode);
        // The first line of every log is about the release.
        Assert.InRange(said.Split('\n', StringSplitOptions.RemoveEmptyEntries).Count(line => !line.Contains("commit", StringComparison.Ordinal)), 1, 3);
        Assert.Contains($"{taken.LocalEndpoint}", run.Errors, StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Settings_that_nobody_reads_are_named_in_one_line()
    {
        await using var own = await ClienteleApp.StartAsync(new()
        {
            Settings =
            {
                ["RateLimits:PerCustomer"] = "5",
                ["RateLimit:PerCaller"] = "5",
                ["Loyalty:Tiers:0:Name"] = "bronze",
                ["Loyalty:Tiers:0:Discount"] = "5",
                ["Clientele:Databse"] = "x",
                ["Proxies"] = "10.0.0.1",
                ["Loyalty:PENDINGDAYS"] = "5",
                ["Other:Thing"] = "not ours",
                ["Thing"] = "not ours",
                ["Logging:LogLevel:Default"] = "Information",
            },
        });

        Assert.Equal(
            "Warning clientele: Unknown settings: Clientele:Databse, Loyalty:Tiers:0:Discount, Proxies, RateLimit:PerCaller, RateLimits:PerCustomer. "
                + "docs/operating.md lists all settings.",
            Assert.Single(own.Log.Lines, line => line.Contains("Unknown settings", StringComparison.Ordinal)).Trim());
    }

    [Fact]
    public async Task Without_unknown_settings_nothing_is_said()
    {
        await using var own = await ClienteleApp.StartAsync();

        Assert.DoesNotContain(own.Log.Lines, line => line.Contains("settings", StringComparison.Ordinal));
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_documentation_lists_the_settings_with_their_defaults() => Assert.Equal(
        (await SettingsAsync()).Select(setting => (setting.Name, Text(setting.Default))).OrderBy(setting => setting.Name, StringComparer.Ordinal),
        Row().Matches(Repository.Read("docs/operating.md"))
            .Select(row => (row.Groups["name"].Value, row.Groups["default"].Value))
            .OrderBy(row => row.Item1, StringComparer.Ordinal));

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_code_reads_no_setting_that_is_not_declared()
    {
        var read = Repository.Sources("src/Clientele.Server")
            .SelectMany(source => Reading().Matches(source))
            .Select(match => match.Groups["name"].Value)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);

        Assert.NotEmpty(read);
        Assert.Empty(read.Except((await SettingsAsync()).Select(setting => setting.Name), StringComparer.OrdinalIgnoreCase));
    }

    private static async Task<IReadOnlyList<Setting>> SettingsAsync()
    {
        await using var built = App.Build([], quiet: true);
        return Settings.All(built.Services);
    }

    private static string Text(object? value) => value switch
    {
        null or "" => "–",
        bool flag => flag ? "true" : "false",
        _ => string.Create(CultureInfo.InvariantCulture, $"{value}"),
    };

    private static string NewFile() => Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():n}.db");

    private static async Task<(int ExitCode, string[] Errors)> RunAsync(params string[] arguments)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        var exitCode = await Cli.RunAsync(arguments, input, output, errors).WaitAsync(Patience);
        return (exitCode, $"{errors}".Split('\n', StringSplitOptions.RemoveEmptyEntries));
    }

    [GeneratedRegex(@"^\| `(?<name>[A-Za-z0-9:]+)` \| `?(?<default>[^`|( ]+)", RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex Row();

    [GeneratedRegex(@"(?i:configuration)(\[|\.GetSection\(|\.GetValue<\w+>\()""(?<name>[^""]+)""", RegexOptions.ExplicitCapture)]
    private static partial Regex Reading();
}
