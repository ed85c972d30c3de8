namespace Clientele.Server.Groups;

/// <summary>Why a customer is or is not in a group. Excluded takes precedence over included, and included over the rule.</summary>
internal enum MembershipOrigin
{
    Excluded = 0,
    Included = 1,
    Rule = 2,

    /// <summary>A member by a rule that has been switched off since. Nobody has decided by hand: the rule decides again when it is switched on.</summary>
    Kept = 3,
}
