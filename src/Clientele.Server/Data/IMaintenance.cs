namespace Clientele.Server.Data;

/// <summary>Work that runs once a minute, on every node: what expires or is due as time passes.</summary>
internal interface IMaintenance
{
    Task RunAsync(CancellationToken cancellationToken);
}
