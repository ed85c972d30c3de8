namespace Clientele.Server;

/// <summary>A reason not to start, to show to the user.</summary>
internal sealed class StartupException(IReadOnlyList<string> reasons) : Exception(string.Join(' ', reasons))
{
    public StartupException(string reason)
        : this([reason])
    {
    }

    public IReadOnlyList<string> Reasons => reasons;
}
