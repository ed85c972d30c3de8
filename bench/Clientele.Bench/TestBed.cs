using System.Diagnostics;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Npgsql;

namespace Clientele.Bench;

/// <summary>A person who signs in.</summary>
internal sealed record Person(string Username, string Password, long Id, string Access);

/// <summary>The customers, and those of them who make the requests.</summary>
/// <param name="options">How many customers there are.</param>
/// <param name="database">The connection string of an empty database.</param>
/// <param name="program">The program that fills the database; null for this release.</param>
internal sealed class TestBed(BenchOptions options, string database, string? program = null)
{
    private const int Registered = 15;
    private const int AddressesEach = 2;
    private const int DeepestPages = 400;
    private static readonly string[] Cast = ["ada", "ben", "dmitri", "emi"];
    private static readonly TimeSpan SignInAgain = TimeSpan.FromMinutes(6);

    private Stopwatch? _signedIn;

    public TimeSpan Seeding { get; private set; }

    public long FirstId { get; private set; }

    public long LastId { get; private set; }

    public IReadOnlyList<Person> People { get; private set; } = [];

    public Person Admin { get; private set; } = new("bench-admin", "", 0, "");

    public int DeepPage => Math.Max(1, options.Customers * 4 / 5 / 20);

    public string DeepCursor { get; private set; } = "";

    /// <summary>Fills the database with the commands of the service.</summary>
    public async Task SeedAsync(CancellationToken cancellationToken)
    {
        var started = Stopwatch.StartNew();
        var assembly = program ?? ServerUnderTest.Clientele;
        await VerbAsync(
            assembly,
            null,
            ["seed-demo", "--customers", $"{options.Customers}", "--password", Bodies.Password, "--database", database],
            cancellationToken);
        Seeding = started.Elapsed;
        await VerbAsync(
            assembly,
            Bodies.Password,
            ["createsuperuser", "--username", Admin.Username, "--email", $"{Admin.Username}@example.com", "--password-stdin", "--database", database],
            cancellationToken);

        await using var source = NpgsqlDataSource.Create(database);
        await using (var vacuum = source.CreateCommand("VACUUM ANALYZE"))
        {
            vacuum.CommandTimeout = 600;
            await vacuum.ExecuteNonQueryAsync(cancellationToken);
        }

        await using var ids = source.CreateCommand("SELECT min(id), max(id) FROM customers WHERE NOT is_staff");
        await using var reader = await ids.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        (FirstId, LastId) = (reader.GetInt64(0), reader.GetInt64(1));
    }

    /// <summary>Registers some more people with addresses, and finds deep pages of the list.</summary>
    public async Task PrepareAsync(HttpClient service, CancellationToken cancellationToken)
    {
        for (var i = 1; i <= Registered; i++)
        {
            var registration = Bodies.Register.Replace("%s", $"bench.person{i}", StringComparison.Ordinal);
            await PostAsync(service, "/api/customers/register/", registration, cancellationToken);
        }

        await SignInAsync(service, cancellationToken);
        foreach (var person in People.Skip(Cast.Length))
        {
            for (var i = 0; i < AddressesEach; i++)
            {
                var address = Bodies.Address.Replace("%d", $"{person.Id}", StringComparison.Ordinal);
                await PostAsync(service, "/api/customers/addresses/", address, cancellationToken, Admin.Access);
            }
        }

        var pages = Math.Min(DeepestPages, options.Customers / 250);
        var next = "/api/customers/customers/?cursor=&page_size=100";
        for (var i = 0; i < pages; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, next);
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Admin.Access);
            using var answer = await service.SendAsync(request, cancellationToken);
            answer.EnsureSuccessStatusCode();
            next = (await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)).GetProperty("next").GetString()!;
        }

        DeepCursor = next[(next.IndexOf("cursor=", StringComparison.Ordinal) + "cursor=".Length)..];
    }

    /// <summary>Access tokens expire after a quarter of an hour.</summary>
    public async Task StaySignedInAsync(HttpClient service, CancellationToken cancellationToken)
    {
        if (_signedIn!.Elapsed > SignInAgain)
        {
            await SignInAsync(service, cancellationToken);
        }
    }

    /// <summary>
    /// Sessions that have not been refreshed yet: more than there are connections. They are inserted directly, because each login would cost a
    /// password hash.
    /// </summary>
    public async Task<IReadOnlyList<string>> RefreshTokensAsync(CancellationToken cancellationToken)
    {
        var tokens = new List<string>();
        await using var source = NpgsqlDataSource.Create(database);
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        for (var i = 0; i < 2 * (options.Connections + Wrk.Threads); i++)
        {
            var id = RandomNumberGenerator.GetInt32((int)(LastId - FirstId)) + FirstId;
            var secret = RandomNumberGenerator.GetBytes(32);
            await using var command = new NpgsqlCommand(
                """
                INSERT INTO refresh_tokens (customer_id, token_hash, expires_at, family_id, security_version, signed_in_at)
                SELECT id, $2, $3, $4, 1, $5 FROM customers WHERE id = $1 AND is_active
                """,
                connection);
            command.Parameters.Add(new() { Value = id });
            command.Parameters.Add(new() { Value = SHA256.HashData(secret) });
            command.Parameters.Add(new() { Value = DateTime.UtcNow.AddDays(1) });
            command.Parameters.Add(new() { Value = Guid.CreateVersion7() });
            command.Parameters.Add(new() { Value = DateTime.UtcNow });
            if (await command.ExecuteNonQueryAsync(cancellationToken) == 1)
            {
                tokens.Add($"{id}.{System.Buffers.Text.Base64Url.EncodeToString(secret)}");
            }
            else
            {
                i--;
            }
        }

        return tokens;
    }

    private async Task SignInAsync(HttpClient service, CancellationToken cancellationToken)
    {
        Admin = await SignInAsync(service, Admin.Username, cancellationToken);
        var people = new List<Person>();
        foreach (var username in Cast.Concat(Enumerable.Range(1, Registered).Select(i => $"bench.person{i}")))
        {
            people.Add(await SignInAsync(service, username, cancellationToken));
        }

        People = people;
        _signedIn = Stopwatch.StartNew();
    }

    public static async Task<Person> SignInAsync(HttpClient service, string username, CancellationToken cancellationToken)
    {
        var answer = await PostAsync(service, "/api/auth/token/", Bodies.Token(username, Bodies.Password), cancellationToken);
        var access = answer.GetProperty("access").GetString()!;
        var claims = JsonElement.Parse(System.Buffers.Text.Base64Url.DecodeFromChars(access.Split('.')[1]));
        var id = long.Parse(claims.GetProperty("sub").GetString()!, System.Globalization.CultureInfo.InvariantCulture);
        return new Person(username, Bodies.Password, id, access);
    }

    private static async Task<JsonElement> PostAsync(HttpClient service, string path, string body, CancellationToken cancellationToken, string? access = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (access is not null)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", access);
        }

        using var answer = await service.SendAsync(request, cancellationToken);
        return answer.IsSuccessStatusCode
            ? await answer.Content.ReadFromJsonAsync<JsonElement>(cancellationToken)
            : throw new BenchException($"{path} answered {(int)answer.StatusCode}: {await answer.Content.ReadAsStringAsync(cancellationToken)}");
    }

    public static Task VerbAsync(string? input, string[] arguments, CancellationToken cancellationToken) =>
        VerbAsync(ServerUnderTest.Clientele, input, arguments, cancellationToken);

    private static async Task VerbAsync(string assembly, string? input, string[] arguments, CancellationToken cancellationToken)
    {
        var start = ServerUnderTest.Verb(assembly, arguments);
        (start.RedirectStandardInput, start.RedirectStandardOutput, start.RedirectStandardError) = (true, true, true);
        using var process = Process.Start(start)!;
        using var stop = cancellationToken.Register(() => process.Kill());
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(cancellationToken), process.StandardError.ReadToEndAsync(cancellationToken));
        await process.StandardInput.WriteLineAsync(input);
        process.StandardInput.Close();
        await process.WaitForExitAsync(cancellationToken);
        if (process.ExitCode != 0)
        {
            throw new BenchException($"clientele {arguments[0]} failed:\n{await output}{await errors}");
        }
    }
}
