using System.CommandLine;
using Clientele.Server.Accounts;
using Spectre.Console;

namespace Clientele.Server.Commands;

/// <summary>Creates an admin.</summary>
internal static class CreateSuperuserCommand
{
    public static Command Create(string[] args, TextReader input)
    {
        var username = new Option<string?>("--username") { Description = "The username. If left out, the command asks for it." };
        var email = new Option<string?>("--email") { Description = "The e-mail; needed unless the account is an admin's." };
        var fromStdin = new Option<bool>("--password-stdin") { Description = "Reads the password from standard input." };
        var command = new Command("createsuperuser", "Creates an admin, or promotes an existing account and sets its password.") { username, email, fromStdin };
        return command.OnDatabase(
            args,
            "The admin can sign in now.",
            async (parsed, services, token) =>
            {
                // Before anybody types a password for the admin of another service.
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"The database is {services.GetRequiredService<Database>().Name}.");
                var superusers = services.GetRequiredService<Superusers>();
                var name = parsed.GetValue(username) ?? await AskAsync(new("Username:"), token);
                var address = parsed.GetValue(email);
                if (address is null && !await superusers.IsAdminAsync(name, token))
                {
                    address = parsed.GetValue(fromStdin) ? "" : await AskAsync(new("E-mail:"), token);
                }

                var password = parsed.GetValue(fromStdin)
                    ? await input.ReadLineAsync(token) ?? ""
                    : await AskAsync(new TextPrompt<string>("Password:").Secret(), token);
                return await superusers.CreateAsync(name, address, password, token);
            });
    }

    private static Task<string> AskAsync(TextPrompt<string> prompt, CancellationToken cancellationToken) => Console.IsInputRedirected
        ? throw new StartupException("There is no terminal to ask on: pass --username, --email and, with the password on standard input, --password-stdin.")
        : prompt.ShowAsync(AnsiConsole.Console, cancellationToken);
}
