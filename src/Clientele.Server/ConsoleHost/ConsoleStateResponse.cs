namespace Clientele.Server.ConsoleHost;

/// <summary>What the sign-in page of the console must know.</summary>
internal sealed record ConsoleStateResponse
{
    /// <summary>Whether there is anybody who can sign in.</summary>
    public required bool HasAdmin { get; init; }
}
