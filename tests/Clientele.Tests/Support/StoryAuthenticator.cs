using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>The authenticator of the person in a story: it signs each challenge of the page, under the names that the next request uses.</summary>
internal sealed class StoryAuthenticator : IDisposable
{
    private readonly SoftwareAuthenticator _phone = new();

    public void Answer(Dictionary<string, string> known)
    {
        if (known.TryGetValue("creation_challenge", out var created) && known.TryAdd("credential_id", SoftwareAuthenticator.Text(_phone.CredentialId)))
        {
            var options = new JsonObject { ["challenge"] = created, ["user"] = new JsonObject { ["id"] = known["user_handle"] } };
            Add(known, _phone.Create(options), "creation");
        }

        if (known.TryGetValue("sign_in_challenge", out var used) && !known.ContainsKey("sign_in_signature"))
        {
            Add(known, _phone.Use(used), "sign_in");
        }
    }

    public void Dispose() => _phone.Dispose();

    private static void Add(Dictionary<string, string> known, JsonObject credential, string prefix)
    {
        foreach (var (member, name) in new[]
        {
            ("clientDataJSON", "client_data"), ("attestationObject", "attestation"), ("authenticatorData", "authenticator_data"), ("signature", "signature"),
        })
        {
            if ((string?)credential["response"]![member] is { } value)
            {
                known[$"{prefix}_{name}"] = value;
            }
        }
    }
}
