namespace Clientele.Server.Groups;

/// <summary>Why a customer is or is not in a group. Excluded takes precedence over included, and included over the rule.</summary>
internal enum MembershipOrigin
{
    Excluded = 0,
    Included = 1,
    Rule = 2,
}
