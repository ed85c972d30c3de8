using Clientele.Server.Operations;

namespace Clientele.Server.Addresses;

/// <summary>Reads the operator's own rules for countries.</summary>
internal sealed class CountryRulesFile(IOptions<AddressBook.Settings> settings) : IPreparation
{
    public Task RunAsync(CancellationToken cancellationToken)
    {
        if (settings.Value.RulesFile is { Length: > 0 } rules)
        {
            try
            {
                CountryRules.UseOverrides(rules);
            }
            catch (Exception unusable) when (unusable is IOException or InvalidDataException or UnauthorizedAccessException)
            {
                throw new StartupException($"Addresses:RulesFile cannot be used: {unusable.Message}");
            }
        }

        return Task.CompletedTask;
    }
}
