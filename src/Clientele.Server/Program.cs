using Clientele.Server.Commands;

return await Cli.RunAsync(args, Console.In, Console.Out, Console.Error);
