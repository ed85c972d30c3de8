using System.CommandLine;
using Clientele.Server.Accounts;

namespace Clientele.Server.Commands;

/// <summary>The keys that sign access tokens, and the ring that encrypts them: parts of the command <c>keys</c>.</summary>
internal static class SigningKeysCommand
{
    /// <summary>A node reads new keys once a minute, so this works on the database and on no node.</summary>
    public static Command RotateSigning(string[] args)
    {
        var now = new Option<bool>("--now") { Description = "Signs with the new key as soon as all nodes have read it, in two minutes, instead of in a day." };
        var revoke = new Option<bool>("--revoke")
        {
            Description = "For a key that somebody may have copied: signs with the new key at once and deletes all others. Their access tokens are refused "
                + "within a minute; sessions continue with their refresh tokens.",
        };
        var command = new Command("rotate-signing", "Makes a new key for signing access tokens, and publishes it.") { now, revoke };
        return command.OnDatabase(
            args,
            "All nodes read the new key within a minute.",
            async (parsed, services, token) =>
            {
                var keys = services.GetRequiredService<ServerKeys>();
                var signsFrom = await keys.RotateAsync(parsed.GetValue(now), parsed.GetValue(revoke), token);
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"The new key signs from {signsFrom:u} on.");
                return [];
            });
    }

    public static Command EncryptRing(string[] args) =>
        new Command("encrypt-ring", "Encrypts the keys that the key ring in the database had before Keys:Certificate was set.").OnDatabase(
            args,
            "No key of the ring is in the clear.",
            async (_, services, token) => await services.GetRequiredService<PlainRingKeys>().EncryptAsync(token) is null
                ? ["Set Keys:Certificate first: without it, the ring cannot be encrypted."]
                : []);
}
