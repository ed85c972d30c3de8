using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>The service in its own process, to measure the cost of each request.</summary>
public sealed class RequestCosts : IAsyncLifetime
{
    // At least three times what the most expensive body cost on a machine with other load.
    private static readonly TimeSpan CpuAtLeast = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan CpuPerMebibyte = TimeSpan.FromMilliseconds(800);
    private const long AllocatedAtLeast = 4 * Mebibyte;
    private const long AllocatedPerByte = 200;
    private const int Mebibyte = 1024 * 1024;
    private const int Tries = 3;

    private readonly ProcessMeter _meter = new();
    private readonly List<string> _complaints = [];
    private TestDatabase? _database;
    private DescribedResources? _world;
    private ServerProcess? _server;
    private Actor? _admin;

    public int Measured { get; private set; }

    public bool IsCheapSoFar => _complaints.Count == 0;

    public ApiDescription Description => _world!.Description;

    public async ValueTask InitializeAsync()
    {
        (_database, _) = await ClienteleApp.DatabaseAsync(async app => _world = await DescribedResources.CreateAsync(app));
        var environment = new Dictionary<string, string>(_meter.Environment) { ["Clientele__Database"] = _database.ConnectionString };
        foreach (var limit in new[] { "SignInPerAccountAndNetwork", "SignInPerNetwork", "SignInPerAccount", "Registration" })
        {
            environment[$"RateLimits__{limit}"] = "1000000";
        }

        _server = await ServerProcess.ServeAsync(environment);
        await SignInAsync();

        // Compilation at the first call is not part of a body's cost.
        foreach (var operation in Description.Operations.Where(operation => operation.Method != "DELETE"))
        {
            await SendAsync(operation, operation.Body is null ? null : ExampleFor(operation).ToJsonString());
        }
    }

    public IEnumerable<Operation> WithBody() => Description.Operations.Where(operation => operation.Body is not null);

    public IReadOnlyList<string> Query(Operation operation) =>
        [.. Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "query").Select(parameter => (string)parameter["name"]!)];

    public JsonObject ExampleFor(Operation operation)
    {
        var body = _world!.ExampleFor(operation);
        if (operation.Name == "ChangePassword")
        {
            body["old_password"] = "not-the-password-of-anybody";
        }

        return body;
    }

    public Task<Answer> SendAsync(Operation operation, string? body) => _admin!.Send(new HttpMethod(operation.Method), _world!.PathOf(operation), body);

    /// <summary>The size of the largest body that the operation reads, at most <paramref name="size"/>: some read only 16 or 64 KiB.</summary>
    public async Task<int> LargestAsync(Operation operation, int size)
    {
        foreach (var largest in new[] { size, 60 * 1024 }.Where(largest => largest <= size))
        {
            var body = $"{{\"{new string('x', largest)}\": 1}}";
            var answer = await _admin!.Send(new HttpMethod(operation.Method), _world!.PathOf(operation), body, ("Expect", "100-continue"));
            if (answer.Status != HttpStatusCode.RequestEntityTooLarge)
            {
                return largest;
            }
        }

        return Math.Min(size, 15 * 1024);
    }

    public Task<Answer> AskAsync(Operation operation, string query) => _admin!.Get($"{_world!.PathOf(operation)}?{query}");

    public Task<Answer> StreamAsync(string lines) =>
        _admin!.SendContent(HttpMethod.Post, "/api/orders/batch/", Nonsense.Content(lines, "application/x-ndjson"));

    /// <summary>Signs in again if many bodies take longer than a token is valid.</summary>
    public async Task SignInAsync()
    {
        var admin = _world!.Admin;
        var pair = (await new Actor(_server!.Client).Post("/api/auth/token/", new { username = admin.Username, password = admin.Password })).Expect(200);
        _admin = new Actor(_server.Client) { Id = admin.Id, Password = admin.Password, Access = (string)pair["access"]! };
    }

    public Task<Answer> PostTokenAsync(string body) => _admin!.Post("/api/auth/token/", body);

    public Task<Answer> PatchMeAsync(string body) => _admin!.Patch("/api/customers/customers/update_profile/", body);

    /// <summary>Records a request that costs more than its length allows each time it is tried, or whose response is too large.</summary>
    public async Task MeasureAsync(string what, Func<Task<Answer>> send, int length, int largestAnswer)
    {
        var (cpu, allocated) = (CpuAtLeast + (CpuPerMebibyte * ((double)length / Mebibyte)), AllocatedAtLeast + (AllocatedPerByte * length));
        Usage used = default;
        for (var attempt = 0; attempt < Tries; attempt++)
        {
            var before = await _meter.ReadAsync(TestContext.Current.CancellationToken);
            var answer = await send();
            used = (await _meter.ReadAsync(TestContext.Current.CancellationToken)).Since(before);
            if ((int)answer.Status >= 500 || ((int)answer.Status >= 400 && answer.Text.Length > largestAnswer))
            {
                _complaints.Add(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{what}: {(int)answer.Status} with {answer.Text.Length} characters: {answer.Text[..Math.Min(300, answer.Text.Length)]}"));
                return;
            }

            if (used.Cpu <= cpu && used.Allocated <= allocated)
            {
                Measured++;
                await LongRun.ReportAsync("bodies", 1);
                return;
            }
        }

        _complaints.Add(string.Create(
            CultureInfo.InvariantCulture,
            $"{what}: {used.Cpu.TotalMilliseconds:N0} ms and {used.Allocated / Mebibyte:N0} MiB for {length:N0} bytes"));
    }

    /// <summary>Ends a test: fails if anything was recorded since the previous test.</summary>
    public void AssertAllWereCheap()
    {
        var (measured, complaints) = (Measured, _complaints.ToList());
        Measured = 0;
        _complaints.Clear();
        Assert.True(complaints.Count == 0, string.Join('\n', complaints.Take(30).Prepend($"{complaints.Count} are too expensive, {measured} are not:")));
        Assert.True(measured > 0, "Nothing was measured.");
    }

    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        if (_database is not null)
        {
            await _database.DisposeAsync();
        }
    }
}
