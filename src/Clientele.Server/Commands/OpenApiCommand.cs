using System.CommandLine;

namespace Clientele.Server.Commands;

/// <summary>Prints the description of the API. It needs no database.</summary>
internal static class OpenApiCommand
{
    private const string Name = "openapi";

    public static Command Create(string[] args)
    {
        var command = new Command(Name, "Prints the description of the API (OpenAPI 3.1).");
        command.SetAction(async (_, cancellationToken) =>
        {
            await using var app = Cli.Build([.. args.Where(arg => arg != Name)], quiet: true);
            Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
            Console.Write(await OpenApi.TextAsync(app.Services, cancellationToken));
            return 0;
        });
        return command;
    }
}
