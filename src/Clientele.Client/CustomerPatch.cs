using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Clientele.Client;

/// <summary>
/// A change of a customer: properties that are assigned are sent, including null; the others do not change.
/// <code>await client.Customers.UpdateMeAsync(new CustomerPatch { LastName = "Smith", Phone = null });</code>
/// </summary>
public sealed class CustomerPatch : MergePatch
{
    /// <summary>The given name.</summary>
    public string? FirstName
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The family name.</summary>
    public string? LastName
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The e-mail address. The customer's own new address needs the current password, and waits until it is verified.</summary>
    public string? Email
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The current password, for a new e-mail of the customer's own.</summary>
    public string? CurrentPassword
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The phone number, null to remove it; changing it sets <c>phone_verified</c> to false.</summary>
    public string? Phone
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The date of birth, null to remove it.</summary>
    public DateOnly? DateOfBirth
    {
        get => Get<DateOnly?>();
        set => Set(value);
    }

    /// <summary>The gender, null to remove it.</summary>
    public string? Gender
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>Consent to marketing by e-mail.</summary>
    public bool? AcceptsMarketingEmail
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Consent to marketing by SMS.</summary>
    public bool? AcceptsMarketingSms
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    public string? PreferredLanguage
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    public string? PreferredCurrency
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>Whether the account has been verified. Ignored unless the caller is an admin.</summary>
    public bool? IsVerified
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether the customer is a VIP. Ignored unless the caller is an admin.</summary>
    public bool? IsVip
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether the account is active. Ignored unless the caller is an admin.</summary>
    public bool? IsActive
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Where the customer came from, null to remove it. Ignored unless the caller is an admin.</summary>
    public string? Source
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The shop's notes, null to remove them. Ignored unless the caller is an admin.</summary>
    public string? Notes
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>All of the shop's tags; they replace the existing ones. Ignored unless the caller is an admin.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => Get<IReadOnlyList<string>?>();
        set => Set(value);
    }

    /// <summary>
    /// Changes of the shop's own members: text, numbers and booleans; null removes a member, other members do not change. Ignored
    /// unless the caller is an admin.
    /// </summary>
    [SuppressMessage("Usage", "CA2227", Justification = "Assigning the property adds it to the patch.")]
    public JsonObject? Metadata
    {
        get => Get<JsonObject?>();
        set => Set(value);
    }
}
