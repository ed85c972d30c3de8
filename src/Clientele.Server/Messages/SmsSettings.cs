namespace Clientele.Server.Messages;

/// <summary>The settings under <c>Sms:</c>: the gateway that sends our SMS, and what they may cost. The defaults are the requests of Twilio.</summary>
internal sealed class SmsSettings : IValidatableObject
{
    /// <summary>The type of body in which values are escaped for JSON.</summary>
    public const string Json = "application/json";

    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>The address that takes the POST requests; null to write SMS into a folder.</summary>
    public string? Url { get; set; }

    public string? User { get; set; }

    public string? Password { get; set; }

    /// <summary>The number or name of the sender.</summary>
    public string? From { get; set; }

    /// <summary>The body of a request, in which <c>{from}</c>, <c>{to}</c>, <c>{text}</c> and <c>{id}</c> stand for the values.</summary>
    public string Body { get; set; } = "From={from}&To={to}&Body={text}";

    /// <summary>The type of the body: a form or JSON.</summary>
    public string ContentType { get; set; } = Form;

    /// <summary>How long an attempt to send an SMS may take.</summary>
    [Range(1, 60)]
    public int TimeoutSeconds { get; set; } = 30;

    /// <summary>
    /// Codes in a day for all numbers with the same country calling code together. Fraudsters register numbers that earn them a share of each message,
    /// and request codes for them.
    /// </summary>
    [Range(0, 1_000_000)]
    public int BudgetPerCountry { get; set; } = 200;

    public bool IsGateway => !string.IsNullOrEmpty(Url);

    /// <summary>The body for an SMS. Values are escaped, so that they remain values.</summary>
    public string BodyOf(Sms sms) => Body
        .Replace("{from}", Escape(From ?? ""), StringComparison.Ordinal)
        .Replace("{to}", Escape(sms.To), StringComparison.Ordinal)
        .Replace("{id}", Escape($"{sms.Id}"), StringComparison.Ordinal)
        .Replace("{text}", Escape(sms.Text), StringComparison.Ordinal);

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (IsGateway && !(Uri.TryCreate(Url, UriKind.Absolute, out var address) && IsSafe(address)))
        {
            yield return new("Sms:Url: must be an https address; http is possible only on localhost.");
        }

        if (ContentType is not (Form or Json))
        {
            yield return new($"Sms:ContentType: must be {Form} or {Json}, not {Errors.Cut(ContentType)}.");
        }

        if (!Body.Contains("{to}", StringComparison.Ordinal) || !Body.Contains("{text}", StringComparison.Ordinal))
        {
            yield return new("Sms:Body: must contain {to} and {text}, and may contain {from} and {id}.");
        }
    }

    /// <summary>Codes and the password must not travel unencrypted.</summary>
    private static bool IsSafe(Uri address) => address.Scheme == Uri.UriSchemeHttps || (address.Scheme == Uri.UriSchemeHttp && address.IsLoopback);

    private string Escape(string value) => ContentType == Json ? JsonEncodedText.Encode(value).ToString() : Uri.EscapeDataString(value);
}
