using Clientele.Server;

return await Commands.RunAsync(args);
