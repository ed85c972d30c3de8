using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>What must hold for several requests together: repetitions, reading what was written, and not finding what was deleted.</summary>
internal sealed class FuzzStories(ApiFuzzer fuzzer)
{
    private const int Unauthenticated = 401;
    private const string Key = "Idempotency-Key";

    /// <summary>Members that the service changes in the background. They may change between two responses.</summary>
    private static readonly HashSet<string> Background =
        ["customer_groups", "members_count", "state", "progress", "evaluated_at", "error", "loyalty_points", "loyalty_tier"];

    /// <summary>Follows a request that has succeeded.</summary>
    public async Task ContinueAsync(FuzzRequest request, Answer answer)
    {
        if (request.Header(Key) is not null)
        {
            await RepeatAsync(request, answer);
        }

        switch (request.Operation.Method)
        {
            case "GET" when answer.Headers.ContainsKey("ETag"):
                await ReadAgainAsync(request, answer);
                break;
            case "POST" when answer.Headers.TryGetValue("Location", out var location):
                await ReadBackAsync(request, answer, location);
                break;
            case "PUT" or "PATCH":
                await ReadBackAsync(request, answer, request.Path);
                break;
            case "DELETE":
                await UseDeletedAsync(request);
                break;
        }
    }

    /// <summary>Creates a resource, reads, changes and deletes it, and uses it again.</summary>
    public async Task TellLifeAsync(Operation operation)
    {
        if (operation.Method != "POST" || operation.Path.Contains('{', StringComparison.Ordinal) || operation.Json["responses"]?["201"] is null
            || await fuzzer.AskAsync(new(operation, FuzzCast.Admin, operation.Path) { Body = fuzzer.BodyOf(operation) }) is not { } created
            || !created.Headers.TryGetValue("Location", out var path)
            || Find("GET", path) is not { } get
            || await fuzzer.AskAsync(new(get, FuzzCast.Admin, path)) is not { } read)
        {
            return;
        }

        if ((int)read.Status != 200)
        {
            fuzzer.Note(new(get, FuzzCast.Admin, path), "what was created cannot be read", created, read);
            return;
        }

        foreach (var change in new[] { Find("PUT", path), Find("PATCH", path) }.OfType<Operation>())
        {
            read = await ChangeAsync(change, path, read);
        }

        if (Find("DELETE", path) is { } delete && await fuzzer.AskAsync(new(delete, FuzzCast.Admin, path)) is { Status: System.Net.HttpStatusCode.NoContent })
        {
            await UseDeletedAsync(new(delete, FuzzCast.Admin, path));
        }
    }

    /// <summary>A change with the version that was read is made, and a change with an older one is not. Returns the newest response.</summary>
    private async Task<Answer> ChangeAsync(Operation change, string path, Answer read)
    {
        var takesVersions = fuzzer.Description.Parameters(change).Any(parameter => (string)parameter["name"]! == "If-Match");
        if (!takesVersions || !read.Headers.TryGetValue("ETag", out var etag))
        {
            return read;
        }

        var request = new FuzzRequest(change, FuzzCast.Admin, path) { Body = fuzzer.BodyOf(change), Headers = [("If-Match", etag)] };
        var changed = await fuzzer.AskAgainAsync(request);
        if (changed is { Status: System.Net.HttpStatusCode.PreconditionFailed })
        {
            fuzzer.Note(request, "the version that was read is refused", read, changed);
        }

        if (changed is not { Status: System.Net.HttpStatusCode.OK } || changed.Headers.GetValueOrDefault("ETag") == etag)
        {
            return changed ?? read;
        }

        await ReadBackAsync(request, changed, path);
        if (await fuzzer.AskAgainAsync(request) is { IsSuccess: true } overwritten)
        {
            fuzzer.Note(request, "an old version overwrites a new one", changed, overwritten);
        }

        return changed;
    }

    /// <summary>A repetition with the same key gets the first response; another body with that key gets nothing.</summary>
    private async Task RepeatAsync(FuzzRequest request, Answer first)
    {
        if (await fuzzer.AskAgainAsync(request) is not { } second || (int)second.Status == Unauthenticated)
        {
            return;
        }

        if (second.Status != first.Status || second.Text != first.Text || second.Headers.GetValueOrDefault("Idempotent-Replayed") != "true")
        {
            fuzzer.Note(request, "a repetition with the same key gets another response", first, second);
        }

        if (request.Body is not { } body || JsonNode.Parse(body) is not JsonObject members)
        {
            return;
        }

        members["other"] = 1;
        if (await fuzzer.AskAgainAsync(request with { Body = members.ToJsonString() }) is { IsSuccess: true } third)
        {
            fuzzer.Note(request, "another body with the same key is taken", first, third);
        }
    }

    /// <summary>The caller's own copy is current, unless the resource has changed in between.</summary>
    private async Task ReadAgainAsync(FuzzRequest request, Answer first)
    {
        if (fuzzer.Description.Parameters(request.Operation).Any(parameter => (string)parameter["name"]! == "If-None-Match")
            && await fuzzer.AskAgainAsync(request with { Headers = [("If-None-Match", first.ETag)] }) is { IsSuccess: true } second
            && second.Headers.GetValueOrDefault("ETag") == first.ETag)
        {
            fuzzer.Note(request, "a current copy is sent again", first, second);
        }
    }

    /// <summary>What a write responds is what a read responds, where both have the same schema.</summary>
    private async Task ReadBackAsync(FuzzRequest request, Answer written, string path)
    {
        if (Find("GET", path) is not { } get || Schema(get, "200") is not { } schema
            || Schema(request.Operation, $"{(int)written.Status}")?.ToJsonString() != schema.ToJsonString())
        {
            return;
        }

        var read = new FuzzRequest(get, request.Caller, path);
        if (await fuzzer.AskAgainAsync(read) is not { } answer || (int)answer.Status is Unauthenticated or 403
            || ((int)answer.Status == 404 && request.Operation.Method == "POST" && request.Caller != FuzzCast.Admin))
        {
            return;
        }

        if (!answer.IsSuccess || !JsonNode.DeepEquals(Lasting(written), Lasting(answer)))
        {
            fuzzer.Note(request, "a read has another representation than the write", written, answer);
        }
    }

    /// <summary>What is deleted does not exist, whatever is done with it. Other systems may create their records again.</summary>
    private async Task UseDeletedAsync(FuzzRequest deleted)
    {
        if (!deleted.Operation.Path.EndsWith("}/", StringComparison.Ordinal))
        {
            // What is emptied stays a list.
            return;
        }

        var methods = deleted.Operation.Path.EndsWith("/{id}/", StringComparison.Ordinal) ? new[] { "DELETE", "GET", "PUT", "PATCH" } : ["DELETE", "GET"];
        foreach (var again in fuzzer.Description.Operations.Where(one => one.Path == deleted.Operation.Path && methods.Contains(one.Method)))
        {
            var request = new FuzzRequest(again, deleted.Caller, deleted.Path) { Body = fuzzer.BodyOf(again) };
            if (await fuzzer.AskAgainAsync(request) is { } answer && (int)answer.Status is not (404 or 410 or Unauthenticated))
            {
                fuzzer.Note(request, "what was deleted is still there", answer);
            }
        }
    }

    /// <summary>The operation that a path belongs to: of several paths with parameters, the one that has the fewest.</summary>
    private Operation? Find(string method, string path)
    {
        var parts = path.Split('/');
        var described = fuzzer.Description.Operations.Select(operation => operation.Path)
            .Where(one => one.Split('/') is var segments && segments.Length == parts.Length
                && segments.Zip(parts).All(pair => pair.First == pair.Second || (pair.First.StartsWith('{') && pair.Second.Length > 0)))
            .MinBy(one => one.Count(character => character == '{'));
        return fuzzer.Description.Operations.FirstOrDefault(operation => operation.Method == method && operation.Path == described);
    }

    private JsonNode? Schema(Operation operation, string status) =>
        operation.Json["responses"]?[status] is { } described ? fuzzer.Description.Resolve(described)["content"]?["application/json"]?["schema"] : null;

    private static JsonObject Lasting(Answer answer)
    {
        var value = answer.Json.AsObject();
        foreach (var name in Background)
        {
            value.Remove(name);
        }

        return value;
    }
}
