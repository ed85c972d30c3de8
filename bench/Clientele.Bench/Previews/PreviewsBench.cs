using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Clientele.Bench.Segments;
using Spectre.Console;

namespace Clientele.Bench.Previews;

/// <summary>Measures how previews affect other callers: reads of customers, alone and while admins try out a rule of many nodes.</summary>
internal static class PreviewsBench
{
    private const int Readers = 4;
    private const int Admins = 4;
    private const int Nodes = 200;

    public static Task<int> RunAsync(int customers, int seconds, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            var bed = new TestBed(new BenchOptions(customers, seconds, 1, []), database.ConnectionString);
            await progress.StepAsync("seed", _ => bed.SeedAsync(cancellationToken));
            await using var service = await ServerUnderTest.StartAsync(
                "the service", Bench.Service(database.ConnectionString), "/health/ready", cancellationToken);
            using var client = new HttpClient { BaseAddress = service.Address };
            await progress.StepAsync("sign in", _ => bed.PrepareAsync(client, cancellationToken));
            var (quiet, beside, previews) = (new List<double>(), new List<double>(), new Previews());
            await progress.StepAsync("reads warm up", _ => ReadAsync(client, bed, seconds, [], cancellationToken));
            await progress.StepAsync("reads", _ => ReadAsync(client, bed, seconds, quiet, cancellationToken));
            await progress.StepAsync("reads during previews", async _ =>
            {
                using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
                var admins = Enumerable.Range(0, Admins).Select(_ => PreviewAsync(client, bed, previews, over.Token)).ToList();
                await ReadAsync(client, bed, seconds, beside, cancellationToken);
                await over.CancelAsync();
                await Task.WhenAll(admins);
            });
            return new Report(customers, quiet, beside, previews);
        },
        cancellationToken);

    private static async Task ReadAsync(HttpClient client, TestBed bed, int seconds, List<double> milliseconds, CancellationToken cancellationToken)
    {
        var told = await Task.WhenAll(Enumerable.Range(0, Readers).Select(async reader =>
        {
            var times = new List<double>();
            for (var total = Stopwatch.StartNew(); total.Elapsed < TimeSpan.FromSeconds(seconds);)
            {
                var person = bed.People[(reader + times.Count) % bed.People.Count];
                var started = Stopwatch.GetTimestamp();
                using var answer = await SendAsync(client, HttpMethod.Get, "/api/customers/customers/me/", null, person.Access, cancellationToken);
                times.Add(Stopwatch.GetElapsedTime(started).TotalMilliseconds);
                answer.EnsureSuccessStatusCode();
            }

            return times;
        }));
        milliseconds.AddRange(told.SelectMany(times => times).Order());
    }

    private static async Task PreviewAsync(HttpClient client, TestBed bed, Previews previews, CancellationToken over)
    {
        // Each rule differs, so the server has not planned its statement before.
        for (var n = 0; !over.IsCancellationRequested; n++)
        {
            var rule = string.Join(", ", Enumerable.Range(0, (Nodes / 2) - 1).Select(i => RuleMix.Rule(((i % 2) * 2) + (21 * (n + i)), 0)));
            try
            {
                var body = $$"""{"assignment_rules": {"any": [{{rule}}]} }""";
                using var answer = await SendAsync(client, HttpMethod.Post, "/api/customers/groups/preview/", body, bed.Admin.Access, over);
                previews.Note(answer.StatusCode, answer.StatusCode == HttpStatusCode.BadRequest ? await answer.Content.ReadAsStringAsync(over) : "");
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private static Task<HttpResponseMessage> SendAsync(
        HttpClient client, HttpMethod method, string path, string? body, string access, CancellationToken cancellationToken)
    {
        var request = new HttpRequestMessage(method, path)
        {
            Content = body is null ? null : new StringContent(body, Encoding.UTF8, "application/json"),
            Headers = { Authorization = new AuthenticationHeaderValue("Bearer", access) },
        };
        return client.SendAsync(request, cancellationToken);
    }

    private sealed class Previews
    {
        private int _answered;
        private int _refused;

        public int Answered => _answered;

        public int Refused => _refused;

        public void Note(HttpStatusCode status, string complaint)
        {
            _ = status switch
            {
                HttpStatusCode.OK => Interlocked.Increment(ref _answered),
                HttpStatusCode.ServiceUnavailable => Interlocked.Increment(ref _refused),
                _ => throw new BenchException($"A preview answered {(int)status}: {complaint}"),
            };
        }
    }

    /// <summary>For the terminal only.</summary>
    private sealed class Report(int customers, List<double> quiet, List<double> beside, Previews previews) : IReport
    {
        public bool IsFull => false;

        public IEnumerable<Table> Tables()
        {
            var table = new Table().AddColumns(string.Create(CultureInfo.InvariantCulture, $"{customers:N0} customers"), "reads", "p50 ms", "p99 ms");
            Add("quiet", quiet);
            Add(string.Create(CultureInfo.InvariantCulture, $"beside {Admins} admins with rules of {Nodes} nodes"), beside);
            yield return table.Caption(string.Create(
                CultureInfo.InvariantCulture,
                $"p99 {At(beside, 0.99) / At(quiet, 0.99):0.00} times the quiet one (bar: 2); "
                    + $"previews: {previews.Answered} answered, {previews.Refused} refused"));

            void Add(string title, List<double> times) => table.AddRow(
                title,
                times.Count.ToString("N0", CultureInfo.InvariantCulture),
                At(times, 0.5).ToString("0.0", CultureInfo.InvariantCulture),
                At(times, 0.99).ToString("0.0", CultureInfo.InvariantCulture));
        }

        public Task WriteAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        private static double At(List<double> sorted, double share) => sorted[(int)(share * (sorted.Count - 1))];
    }
}
