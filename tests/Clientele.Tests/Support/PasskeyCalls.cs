using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>The calls that tests of passkeys have in common.</summary>
internal static class PasskeyCalls
{
    public const string Own = "/api/auth/factors/passkeys/";
    public const string SignIn = "/api/auth/passkeys/";

    /// <summary>Gets the options to create a passkey.</summary>
    public static async Task<JsonNode> PasskeyOptionsAsync(this Actor actor) => (await actor.Post($"{Own}options/")).Expect(200).Json;

    /// <summary>Creates a passkey and sends it. The actor keeps the recovery codes.</summary>
    public static async Task<Answer> AddPasskeyAsync(this Actor actor, SoftwareAuthenticator authenticator, string name = "Phone")
    {
        var added = await actor.Post(Own, new JsonObject { ["name"] = name, ["credential"] = authenticator.Create(await actor.PasskeyOptionsAsync()) });
        if ((int)added.Status == 201)
        {
            actor.KeepCodesOf(added.Json);
        }

        return added;
    }

    /// <summary>Keeps the recovery codes in the response to the first second factor.</summary>
    public static void KeepCodesOf(this Actor actor, JsonNode added) => actor.Keep(added["recovery_codes"]!.AsArray().Select(code => (string)code!));

    /// <summary>Gets the options to sign in with a passkey.</summary>
    public static async Task<JsonNode> PasskeySignInOptionsAsync(this ClienteleApp app) => (await app.Stranger.Post($"{SignIn}options/")).Expect(200).Json;

    /// <summary>Uses the passkey with new options, and sends the result.</summary>
    public static async Task<Answer> SignInAsync(this ClienteleApp app, SoftwareAuthenticator authenticator) =>
        await app.SignInAsync(authenticator.Use(await app.PasskeySignInOptionsAsync()));

    public static Task<Answer> SignInAsync(this ClienteleApp app, JsonObject credential) =>
        app.Stranger.Post(SignIn, new JsonObject { ["credential"] = credential.DeepClone() });
}
