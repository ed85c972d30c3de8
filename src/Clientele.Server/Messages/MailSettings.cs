using MimeKit;

namespace Clientele.Server.Messages;

/// <summary>The settings under <c>Mail:</c>, the server that sends our mails.</summary>
internal sealed class MailSettings : IValidatableObject
{
    /// <summary>The server's name; null to write mails into a folder.</summary>
    public string? Host { get; set; }

    [Range(1, 65535)]
    public int Port { get; set; } = 587;

    public MailSecurity Security { get; set; } = MailSecurity.StartTls;

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The sender, such as <c>Umbrella Shop &lt;service@shop.example&gt;</c>.</summary>
    public string? From { get; set; }

    /// <summary>How long an attempt to send a mail may take.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 30;

    public bool IsServer => !string.IsNullOrEmpty(Host);

    /// <summary>The sender. Without a name in the setting, it has the name of the shop.</summary>
    public MailboxAddress Sender(string shop)
    {
        var sender = string.IsNullOrEmpty(From) ? new MailboxAddress("", "no-reply@localhost") : MailboxAddress.Parse(From);
        return string.IsNullOrEmpty(sender.Name) ? new MailboxAddress(shop, sender.Address) : sender;
    }

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsServer && string.IsNullOrEmpty(From))
        {
            yield return new("Mail:From: must be set if Mail:Host is, to an address such as service@shop.example.");
        }

        if (!string.IsNullOrEmpty(From) && (!MailboxAddress.TryParse(From, out var from) || !from.Address.Contains('@', StringComparison.Ordinal)))
        {
            yield return new($"Mail:From: must be an address such as Umbrella Shop <service@shop.example>, not {Errors.Cut(From)}.");
        }

        if (!string.IsNullOrEmpty(User) && string.IsNullOrEmpty(Password))
        {
            yield return new("Mail:Password: must be set if Mail:User is.");
        }

        if (IsServer && !string.IsNullOrEmpty(Password) && Security == MailSecurity.None && Host is not ("localhost" or "127.0.0.1" or "::1"))
        {
            yield return new("Mail:Security: must be StartTls or Tls, because a password is sent to another machine.");
        }
    }
}
