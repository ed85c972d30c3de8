using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>The store's currency, for amounts that the API gives without one, such as what a customer has spent.</summary>
internal sealed class StoreCurrency(ClienteleClient api)
{
    private Task<LoyaltyProgrammeResponse>? _reading;

    /// <summary>The ISO 4217 code; null if the service cannot be asked now. The service is asked once.</summary>
    public async Task<string?> ReadAsync()
    {
        try
        {
            return (await (_reading ??= api.Loyalty.GetProgrammeAsync()).ConfigureAwait(true)).Currency;
        }
        catch (Exception failure) when (Failures.Is(failure))
        {
            _reading = null;
            return null;
        }
    }
}
