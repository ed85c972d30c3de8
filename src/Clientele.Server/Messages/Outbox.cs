using Microsoft.AspNetCore.DataProtection;

namespace Clientele.Server.Messages;

/// <summary>Writes messages into the transaction of their cause. They are sent after its commit, and only then.</summary>
internal sealed class Outbox(ClienteleDb db, IDataProtectionProvider protection, TimeProvider clock)
{
    private readonly IDataProtector _protector = protection.CreateProtector("Clientele.Messages");

    /// <summary>Adds a message, to be saved with the rest of the transaction.</summary>
    /// <param name="customer">Whom the message is about: its language is theirs.</param>
    /// <param name="recipient">The e-mail address or phone number. It may differ from the customer's current one.</param>
    /// <param name="values">The values that the template names.</param>
    public void Add(Customer customer, Template template, string recipient, params (string Name, string Value)[] values) => db.Add(new Message
    {
        CustomerId = customer.Id,
        Id = Guid.CreateVersion7(),
        Template = template,
        Language = customer.PreferredLanguage,
        Recipient = recipient,
        Values = _protector.Protect(JsonSerializer.Serialize(values.ToDictionary(value => value.Name, value => value.Value))),
        CreatedAt = clock.Now(),
    });
}
