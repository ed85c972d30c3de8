using System.CommandLine;
using Clientele.Server.Accounts;

namespace Clientele.Server.Commands;

/// <summary>Makes an admin a customer again.</summary>
internal static class DemoteCommand
{
    public static Command Create(string[] args)
    {
        var username = new Option<string>("--username") { Description = "The admin's username.", Required = true };
        return new Command("demote", "Makes an admin a customer again and ends their sessions.") { username }.OnDatabase(
            args,
            "The account is no longer an admin. Its sessions have ended.",
            (parsed, services, token) => services.GetRequiredService<Superusers>().DemoteAsync(parsed.GetValue(username)!, token));
    }
}
