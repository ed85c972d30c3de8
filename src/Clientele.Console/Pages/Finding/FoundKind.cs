namespace Clientele.ConsoleApp.Pages.Finding;

/// <summary>What a search finds.</summary>
public enum FoundKind
{
    /// <summary>A customer.</summary>
    Customer,

    /// <summary>An order.</summary>
    Order,

    /// <summary>A group or a segment.</summary>
    Group,
}
