using System.CommandLine;
using Clientele.Server.Keys;

namespace Clientele.Server.Commands;

/// <summary>Creates, lists and revokes API keys.</summary>
internal static class KeysCommand
{
    public static Command Create(string[] args) => new("keys", "API keys for other systems of the shop, and the service's own keys.")
    {
        CreateKey(args), ListKeys(args), RevokeKey(args), SigningKeysCommand.RotateSigning(args), SigningKeysCommand.EncryptRing(args),
    };

    private static Command CreateKey(string[] args)
    {
        var name = new Option<string>("--name") { Description = "What the key is for.", Required = true };
        var scopes = new Option<string[]>("--scope")
        {
            Description = "What the key may do, such as orders:write. Can be given several times.",
            Required = true,
        };
        var expires = new Option<string?>("--expires") { Description = "When the key expires: a date or an instant in UTC. Never, if left out." };
        var networks = new Option<string[]>("--network") { Description = "An address or network that the key may be used from. Can be given several times." };
        return new Command("create", "Creates a key and prints it.") { name, scopes, expires, networks }.OnDatabase(
            args,
            "Keep the key: it is not shown again.",
            async (parsed, services, token) =>
            {
                var errors = new Errors();
                var request = new ApiKeyRequest
                {
                    Name = parsed.GetValue(name)!.Trim(),
                    Scopes = parsed.GetValue(scopes),
                    ExpiresAt = Instant(parsed.GetValue(expires), errors),
                    Networks = parsed.GetValue(networks),
                };
                foreach (var (member, message) in Body<ApiKeyRequest>.Complaints(request))
                {
                    errors.Add(member, message);
                }

                var result = await services.GetRequiredService<KeyBook>().AddAsync(request, errors, token);
                if (result.Result is not Created<ApiKeyResponse> { Value: { } key })
                {
                    return Messages(result.Result);
                }

                await parsed.InvocationConfiguration.Output.WriteLineAsync(key.Key);
                return [];
            });
    }

    private static Command ListKeys(string[] args) => new Command("list", "Lists the keys, without their secrets.").OnDatabase(
        args,
        "Revoke a key with: clientele keys revoke ID",
        async (parsed, services, token) =>
        {
            var keys = await services.GetRequiredService<ClienteleDb>().ApiKeys.OrderBy(k => k.CreatedAt).ThenBy(k => k.Id).ToListAsync(token);
            if (keys.Count == 0)
            {
                await parsed.InvocationConfiguration.Output.WriteLineAsync("There are no keys. Create one with: clientele keys create --name … --scope …");
            }

            foreach (var key in keys)
            {
                var (expires, used) = (Text(key.ExpiresAt), Text(key.LastUsedAt));
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"  {key.Id}  {key.Name}  [{key.Scopes}]  expires: {expires}  last used: {used}");
            }

            return [];
        });

    private static Command RevokeKey(string[] args)
    {
        var id = new Argument<string>("id") { Description = "The key's id, which is the part between the underscores of the key." };
        return new Command("revoke", "Revokes a key.") { id }.OnDatabase(
            args,
            "The key is revoked. Nodes that are running refuse it within five seconds.",
            async (parsed, services, token) =>
                Messages((await services.GetRequiredService<KeyBook>().RevokeAsync(parsed.GetValue(id)!, http: null, token)).Result));
    }

    private static DateTime? Instant(string? text, Errors errors)
    {
        var instant = text is null ? null : ListText.Instant(text);
        errors.Require(text is null || instant is not null, "expires_at", $"Must be {ListText.Of(ListValue.Instant).Expected}.");
        return instant;
    }

    private static string Text(DateTime? instant) => instant?.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture) ?? "never";

    /// <summary>The errors of a result; none if it is a success.</summary>
    private static List<string> Messages(IResult result) => result switch
    {
        Problem { Errors: { } errors } => [.. errors.Select(error => $"{error.Key}: {string.Join(' ', error.Value)}")],
        Problem { Code: "not_found" } => ["There is no such key. clientele keys list shows all of them."],
        Problem problem => [problem.Detail],
        _ => [],
    };
}
