namespace Clientele.Server.Groups;

/// <summary>What an admin decides about a membership.</summary>
internal enum ManualDecision
{
    Add,
    Remove,
    Reset,
}
