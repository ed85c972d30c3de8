using Microsoft.AspNetCore.DataProtection;

namespace Clientele.Server.Messages;

/// <summary>Encrypts the values of messages, which contain codes and links.</summary>
internal sealed class MessageValues(IDataProtectionProvider protection)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Clientele.Messages");

    public string Protect(IEnumerable<(string Name, string Value)> values) =>
        _protector.Protect(JsonSerializer.Serialize(values.ToDictionary(value => value.Name, value => value.Value)));

    /// <summary>The values of a message. Fails for good if the key that has encrypted them is gone.</summary>
    public IReadOnlyDictionary<string, string> Unprotect(string values)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, string>>(_protector.Unprotect(values))!;
        }
        catch (CryptographicException)
        {
            throw new DeliveryException("The values of the message cannot be decrypted: their key is gone.") { IsPermanent = true };
        }
    }
}
