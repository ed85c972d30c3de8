namespace Clientele.Server.Rules;

/// <summary>Current membership of another group, as stored.</summary>
internal sealed record InGroup(long Id) : Node([])
{
    public override Facets Reads => Facets.Groups;

    public override Expression Holds(Expression row, RuleContext context)
    {
        Expression<Func<Groups.Membership, bool>> member = m => m.GroupId == Id && m.IsMember;
        return RowConditions.Any<Groups.Membership>(context.Db.Memberships, row, membership => Logic.Of(member, membership));
    }
}
