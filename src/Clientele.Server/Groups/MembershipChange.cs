namespace Clientele.Server.Groups;

internal enum MembershipChange
{
    Add,
    Remove,
    Reset,
}
