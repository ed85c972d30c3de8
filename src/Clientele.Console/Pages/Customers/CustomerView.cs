using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Customers;

/// <summary>The customer that the page is about, for its tabs.</summary>
public sealed class CustomerView(Versioned<CustomerResponse> customer, LoyaltyProgrammeResponse programme, Func<Task> reloadAsync)
{
    /// <summary>Raised when another version is shown.</summary>
    internal event Action? Changed;

    public Versioned<CustomerResponse> Versioned { get; private set; } = customer;

    public CustomerResponse Customer => Versioned.Value;

    public long Id => Customer.Id;

    public LoyaltyProgrammeResponse Programme => programme;

    /// <summary>The store's currency.</summary>
    public string Currency => programme.Currency;

    /// <summary>Reads the customer again, after something else than the profile has changed.</summary>
    public Task ReloadAsync() => reloadAsync();

    /// <summary>Shows a version that a response had.</summary>
    public void Show(Versioned<CustomerResponse> version)
    {
        Versioned = version;
        Changed?.Invoke();
    }
}
