using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.Bulk;

/// <summary>Jobs that change many customers, for scenarios.</summary>
internal static class Bulking
{
    public const string Jobs = "/api/customers/customers/bulk/";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(90);

    public static string Url(JsonNode job) => $"{Jobs}{(string)job["id"]!}/";

    /// <summary>Starts a job and returns it.</summary>
    public static async Task<JsonNode> StartAsync(this Actor admin, object request) => (await admin.Post(Jobs, request)).Expect(202).Json;

    /// <summary>Starts a job and returns it as it has ended.</summary>
    public static async Task<JsonNode> ChangeAsync(this Actor admin, object request) => await admin.UntilEndedAsync(await admin.StartAsync(request));

    /// <summary>The job as it has ended.</summary>
    public static Task<JsonNode> UntilEndedAsync(this Actor admin, JsonNode job) =>
        admin.UntilAsync(job, now => now["ended_at"] is not null, "the end of the job");

    /// <summary>The job, once it has done some customers.</summary>
    public static Task<JsonNode> UntilDoneAsync(this Actor admin, JsonNode job, long least) =>
        admin.UntilAsync(job, now => (long)now["done"]! >= least, "some customers are done");

    /// <summary>Inserts customers with a word of their own, by which a search finds them all.</summary>
    public static async Task<(string Word, IReadOnlyList<long> Ids)> CrowdAsync(this ClienteleApp app, int count)
    {
        var (word, first) = ($"w{Guid.NewGuid():n}"[..12], await Population.TakeIdsAsync(app, count));
        var joined = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await Population.InsertAsync(app, [.. Enumerable.Range(0, count).Select(i => Person.Named(first + i, $"{word}.{i}", joined))]);
        return (word, [.. Enumerable.Range(0, count).Select(i => first + i)]);
    }

    private static async Task<JsonNode> UntilAsync(this Actor admin, JsonNode job, Func<JsonNode, bool> holds, string what)
    {
        await Wait.UntilAsync(async () => holds(job = (await admin.Get(Url(job))).Expect(200).Json), Patience, what);
        return job;
    }
}
