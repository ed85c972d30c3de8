namespace Clientele.Server.Messages;

/// <summary>A mail or SMS to a customer: waiting to be sent, sent, or given up.</summary>
[Table("messages", TableClass.Owned, Cascades = true)]
[PrimaryKey(nameof(CustomerId), nameof(Id))]
internal sealed class Message
{
    public required long CustomerId { get; init; }

    public required Guid Id { get; init; }

    public required Template Template { get; init; }

    /// <summary>The customer's preferred language when the message was written.</summary>
    public required string Language { get; init; }

    /// <summary>The e-mail address or phone number.</summary>
    public required string Recipient { get; init; }

    /// <summary>The values for the template, encrypted, because they contain codes and links. Empty once the message is sent or given up.</summary>
    public required string Values { get; set; }

    public required DateTime CreatedAt { get; init; }
}
