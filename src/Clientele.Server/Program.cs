using Clientele.Server.Commands;

return await Cli.RunAsync(args);
