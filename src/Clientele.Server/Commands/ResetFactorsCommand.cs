using System.CommandLine;
using Clientele.Server.Accounts;

namespace Clientele.Server.Commands;

/// <summary>Removes the second factors of somebody who has lost them.</summary>
internal static class ResetFactorsCommand
{
    public static Command Create(string[] args)
    {
        var username = new Option<string>("--username") { Description = "The account's username.", Required = true };
        return new Command("reset-factors", "Removes the second factors of an account and ends its sessions.") { username }.OnDatabase(
            args,
            "The account has no second factor any longer. Its sessions have ended, and the password alone is enough to sign in.",
            (parsed, services, token) => services.GetRequiredService<Superusers>().ResetFactorsAsync(parsed.GetValue(username)!, token));
    }
}
