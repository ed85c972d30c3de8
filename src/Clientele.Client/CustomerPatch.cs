using System.Diagnostics.CodeAnalysis;
using System.Text.Json.Nodes;

namespace Clientele.Client;

/// <summary>
/// A change of a customer: what is assigned is sent, null included; what is not stays as it is.
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

    /// <summary>The e-mail address; a changed one drops <c>is_verified</c>.</summary>
    public string? Email
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The phone number, null to remove it; a changed one drops <c>phone_verified</c>.</summary>
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

    /// <summary>Whether the account has been verified. Heeded from admins only.</summary>
    public bool? IsVerified
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether the customer is a VIP. Heeded from admins only.</summary>
    public bool? IsVip
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Whether the account is active. Heeded from admins only.</summary>
    public bool? IsActive
    {
        get => Get<bool?>();
        set => Set(value);
    }

    /// <summary>Where the customer came from, null to forget it. Heeded from admins only.</summary>
    public string? Source
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>The shop's notes, null to remove them. Heeded from admins only.</summary>
    public string? Notes
    {
        get => Get<string?>();
        set => Set(value);
    }

    /// <summary>All of the shop's tags, replacing those there are. Heeded from admins only.</summary>
    public IReadOnlyList<string>? Tags
    {
        get => Get<IReadOnlyList<string>?>();
        set => Set(value);
    }

    /// <summary>Changes of the shop's own members: text, numbers and booleans; null removes a member, those not named stay. Heeded from admins only.</summary>
    [SuppressMessage("Usage", "CA2227", Justification = "Assigning it is what puts it into the patch.")]
    public JsonObject? Metadata
    {
        get => Get<JsonObject?>();
        set => Set(value);
    }
}
