namespace Clientele.Server.Accounts;

/// <summary>
/// The settings under <c>Sms:</c> that limit what codes by SMS cost. Fraudsters register numbers that earn them a share of each message, and request
/// codes for them.
/// </summary>
internal sealed class SmsBudget
{
    /// <summary>Codes in a day for all numbers with the same country calling code together.</summary>
    [Range(0, 1_000_000)]
    public int BudgetPerCountry { get; set; } = 200;
}
