namespace Clientele.Server.Operations;

/// <summary>A noun's part of <see cref="Check"/> that reads the whole database at once.</summary>
internal interface ICheck
{
    Task RunAsync(Findings findings, CancellationToken cancellationToken);
}
