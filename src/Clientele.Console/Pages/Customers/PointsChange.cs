namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>What a person does with points.</summary>
public enum PointsChange
{
    Add,
    Take,
    Redeem,

    /// <summary>Gives back what a redemption has spent.</summary>
    Reverse,
}
