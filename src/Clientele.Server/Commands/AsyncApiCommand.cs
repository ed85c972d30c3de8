using System.CommandLine;
using Clientele.Server.Events;

namespace Clientele.Server.Commands;

/// <summary>Prints the description of the events. It needs no database.</summary>
internal static class AsyncApiCommand
{
    private const string Name = "asyncapi";

    public static Command Create(string[] args)
    {
        var command = new Command(Name, "Prints the description of the events (AsyncAPI 3.0).");
        command.SetAction(async (_, _) =>
        {
            await using var app = Cli.Build([.. args.Where(arg => arg != Name)], quiet: true);
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.Write(AsyncApi.Text(app.Services));
            return 0;
        });
        return command;
    }
}
