namespace Clientele.Server.Operations;

/// <summary>What a noun does on the migrated database before the first request.</summary>
internal interface IPreparation
{
    Task RunAsync(CancellationToken cancellationToken);
}
