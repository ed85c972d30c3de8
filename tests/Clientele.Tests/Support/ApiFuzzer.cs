using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using Xunit.Sdk;

namespace Clientele.Tests.Support;

/// <summary>
/// Sends random requests to every operation of the description, as everybody who may call it and everybody who may not, and compares each response with
/// the description. What a response contains is used by later requests. One seed sends the same requests, as far as the responses are the same.
/// </summary>
internal sealed class ApiFuzzer
{
    private const int MostTries = 60;
    private const int LongestAnswer = 600;
    private const int OperationsEach = 5;
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly int _seed;
    private readonly ClienteleApp _app;
    private readonly FuzzCast _cast;
    private readonly Random _chance;
    private readonly KnownIds _known;
    private readonly DescribedAnswers _described;
    private readonly FuzzRequests _requests;
    private readonly FuzzStories _stories;
    private readonly Dictionary<string, string> _complaints = [];
    private readonly HashSet<string> _succeeded = [];

    private ApiFuzzer(ClienteleApp app, DescribedResources world, FuzzCast cast, int seed)
    {
        (_app, Description, _cast, _seed, _chance) = (app, world.Description, cast, seed, new Random(seed));
        (_known, _described) = (new KnownIds(_chance), new DescribedAnswers(Description));
        _requests = new FuzzRequests(world, cast, _known, _chance);
        _stories = new FuzzStories(this);
    }

    public ApiDescription Description { get; }

    /// <summary>How many requests were sent.</summary>
    public int Sent { get; private set; }

    /// <summary>What is wrong about responses, each with the smallest request that shows it.</summary>
    public IReadOnlyCollection<string> Complaints => _complaints.Values;

    /// <summary>The operations that never succeeded.</summary>
    public IReadOnlyList<string> Failing => [.. Description.Operations.Select(operation => operation.Name).Where(name => !_succeeded.Contains(name))];

    public static async Task<ApiFuzzer> StartAsync(ClienteleApp app, int seed)
    {
        var (world, cast) = (await DescribedResources.CreateAsync(app), new FuzzCast(app));
        await cast.StartAsync();
        return new(app, world, cast, seed);
    }

    /// <summary>Sends the example of each operation as each caller, and then random requests until the time is over.</summary>
    public async Task RunAsync(TimeSpan duration)
    {
        var (running, reported) = (Stopwatch.StartNew(), TimeSpan.Zero);

        // Lists come first, because they contain the ids for the rest, and operations that delete come last, a customer after what belongs to them.
        foreach (var operation in Description.Operations.OrderBy(operation => operation.Method switch { "GET" => 0, "DELETE" => 2, _ => 1 })
            .ThenByDescending(operation => operation.Method == "DELETE" ? operation.Path.Length : 0))
        {
            foreach (var caller in FuzzCast.Callers.Reverse())
            {
                await TryAsync(_requests.Example(operation, caller));
            }
        }

        while (running.Elapsed < duration)
        {
            var operation = Description.Operations[_chance.Next(Description.Operations.Count)];
            if (_chance.Next(10) == 0)
            {
                await _stories.TellLifeAsync(operation);
            }

            var caller = _chance.Next(2) == 0 ? FuzzCast.Admin : FuzzCast.Callers[_chance.Next(FuzzCast.Callers.Count)];
            await TryAsync(_requests.Varied(operation, caller, _cast[caller]));
            for (; reported + Second <= running.Elapsed && reported < duration; reported += Second)
            {
                await LongRun.ReportAsync("seconds", 1);
            }
        }
    }

    /// <summary>The example of an operation's body; null if it has none.</summary>
    public string? BodyOf(Operation operation) => _requests.BodyOf(operation);

    /// <summary>Sends a request and compares the response with the description. Returns null if there is no response, or one that is wrong.</summary>
    public async Task<Answer?> AskAsync(FuzzRequest request)
    {
        var (answer, complaints) = await SendAsync(request);
        foreach (var complaint in complaints)
        {
            await NoteAsync(request, complaint);
        }

        return complaints.Count == 0 ? answer : null;
    }

    /// <summary>The same for a request that follows another. Returns null also if the caller was replaced, who then has other rights.</summary>
    public async Task<Answer?> AskAgainAsync(FuzzRequest request)
    {
        var before = _cast.Renewals;
        var answer = await AskAsync(request);
        return _cast.Renewals == before ? answer : null;
    }

    /// <summary>Records a fault that needs more than one request.</summary>
    public void Note(FuzzRequest request, string complaint, params IEnumerable<Answer> answers) =>
        Record(request, complaint, answers.Select(answer => $"{(int)answer.Status} {answer.Text}"));

    private async Task TryAsync(FuzzRequest request)
    {
        if (await AskAsync(request) is { } answer && (int)answer.Status < 300)
        {
            await _stories.ContinueAsync(request, answer);
        }
    }

    private async Task<(Answer? Answer, IReadOnlyList<string> Complaints)> SendAsync(FuzzRequest request)
    {
        try
        {
            var answer = await OnceAsync(request);
            if ((int)answer.Status == 401 && await _cast.RenewAsync(request.Caller))
            {
                answer = await OnceAsync(request);
            }

            Learn(request, answer);
            return (answer, _described.Complaints(request, answer));
        }
        catch (Exception failure) when (failure is XunitException or HttpRequestException or JsonException)
        {
            return (null, [failure.Message.Split('\n')[0]]);
        }
    }

    private async Task<Answer> OnceAsync(FuzzRequest request)
    {
        Sent++;
        using var content = request.Body is null ? null : Nonsense.Content(request.Body, request.MediaType);
        return await _cast[request.Caller].SendContent(new HttpMethod(request.Operation.Method), request.Url, content, [.. request.Headers]);
    }

    private void Learn(FuzzRequest request, Answer answer)
    {
        if ((int)answer.Status >= 300)
        {
            return;
        }

        _succeeded.Add(request.Operation.Name);
        _requests.Learn(request, answer);
        if (answer.Headers.TryGetValue("Content-Type", out var type) && type.StartsWith("application/json", StringComparison.Ordinal))
        {
            _known.Learn(request, JsonNode.Parse(answer.Text));
        }
    }

    /// <summary>Records a wrong response, after leaving out of the request whatever is not needed for it.</summary>
    private async Task NoteAsync(FuzzRequest request, string complaint)
    {
        if (IsKnown(request, complaint))
        {
            return;
        }

        var (tries, smallest) = (0, request);
        for (var isSmaller = true; isSmaller && tries < MostTries;)
        {
            isSmaller = false;
            foreach (var smaller in smallest.Smaller().TakeWhile(_ => tries++ < MostTries))
            {
                if ((await SendAsync(smaller)).Complaints.Any(other => Kind(other) == Kind(complaint)))
                {
                    (smallest, isSmaller) = (smaller, true);
                    break;
                }
            }
        }

        var (answer, complaints) = await SendAsync(smallest);
        string[] repeated = complaints.Count == 0 ? ["(The last repetition was right.)"] : [];
        Record(request, complaint, [$"{(int?)answer?.Status} {answer?.Text}", .. repeated], smallest);
    }

    private void Record(FuzzRequest request, string complaint, IEnumerable<string> answers, FuzzRequest? smallest = null)
    {
        if (IsKnown(request, complaint))
        {
            return;
        }

        _complaints[Key(request, complaint)] = string.Create(CultureInfo.InvariantCulture, $"""
            {request.Operation} as {request.Caller}: {complaint}
              seed {_seed}, request {Sent}: {(smallest ?? request).ToCurl(_app.Address)}
              {string.Join("\n  ", answers.Select(text => text[..Math.Min(text.Length, LongestAnswer)]))}
            """);
    }

    /// <summary>Whether the same is recorded for this operation, or for enough others.</summary>
    private bool IsKnown(FuzzRequest request, string complaint) =>
        _complaints.ContainsKey(Key(request, complaint))
        || _complaints.Keys.Count(key => key.EndsWith($": {Kind(complaint)}", StringComparison.Ordinal)) >= OperationsEach;

    private static string Key(FuzzRequest request, string complaint) => $"{request.Operation.Name}: {Kind(complaint)}";

    /// <summary>The words of a complaint without the values in it.</summary>
    private static string Kind(string complaint) => string.Join(' ', complaint.Split(' ').Take(8));
}
