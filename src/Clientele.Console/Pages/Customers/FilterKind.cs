namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What a filter compares, which decides how it is edited.</summary>
public enum FilterKind
{
    YesNo,
    Tier,
    Count,
    Money,
    From,
    Until,
    Text,
    Uuid,
    Group,
    Ids,
}
