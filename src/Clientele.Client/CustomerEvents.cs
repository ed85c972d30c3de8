using System.Text.Json;

namespace Clientele.Client;

/// <summary>The data of <c>customer.registered</c>: the new profile.</summary>
public sealed record CustomerRegisteredData
{
    /// <summary>The public, immutable id (a version 7 UUID).</summary>
    /// <example>0199d3a0-5c1e-7c3a-9b6e-2f4d8a1c0e57</example>
    public required Guid Uuid { get; init; }

    /// <summary>The name to sign in with.</summary>
    /// <example>johndoe</example>
    public required string Username { get; init; }

    /// <summary>The e-mail address.</summary>
    /// <example>john@example.com</example>
    public required string Email { get; init; }

    /// <summary>The given name.</summary>
    /// <example>John</example>
    public required string FirstName { get; init; }

    /// <summary>The family name.</summary>
    /// <example>Doe</example>
    public required string LastName { get; init; }

    /// <summary>The phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public required string? Phone { get; init; }

    /// <summary>The date of birth.</summary>
    /// <example>1990-04-01</example>
    public required DateOnly? DateOfBirth { get; init; }

    /// <summary>The gender, in the customer's own words.</summary>
    /// <example>male</example>
    public required string? Gender { get; init; }

    /// <summary>Whether the customer consents to marketing by e-mail.</summary>
    /// <example>true</example>
    public required bool AcceptsMarketingEmail { get; init; }

    /// <summary>Whether the customer consents to marketing by SMS.</summary>
    /// <example>false</example>
    public required bool AcceptsMarketingSms { get; init; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    /// <example>en</example>
    public required string PreferredLanguage { get; init; }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    /// <example>USD</example>
    public required string PreferredCurrency { get; init; }

    /// <summary>Where the customer came from.</summary>
    /// <example>spring-campaign</example>
    public required string? Source { get; init; }

    /// <summary>The loyalty tier that the customer begins with.</summary>
    /// <example>bronze</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>Whether the account is verified from the beginning.</summary>
    /// <example>false</example>
    public required bool IsVerified { get; init; }

    /// <summary>Whether the account is an admin account.</summary>
    /// <example>false</example>
    public required bool IsStaff { get; init; }

    /// <summary>When the customer joined.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime DateJoined { get; init; }
}

/// <summary>The data of <c>customer.updated</c>.</summary>
public sealed record CustomerUpdatedData
{
    /// <summary>The members that have changed, with their new values.</summary>
    /// <example>{"first_name": "Joan", "phone": null}</example>
    [Shape(typeof(CustomerChanges))]
    public required IReadOnlyDictionary<string, JsonElement> Changed { get; init; }
}

/// <summary>The members of a profile that an event of a change may have. A member that has not changed is left out.</summary>
public sealed record CustomerChanges
{
    /// <summary>The name to sign in with.</summary>
    /// <example>johndoe</example>
    public string? Username { get; init; }

    /// <summary>The e-mail address.</summary>
    /// <example>john@example.com</example>
    public string? Email { get; init; }

    /// <summary>The owner's new e-mail address that is not verified yet; null if there is none any longer.</summary>
    /// <example>john@doe.example</example>
    public string? PendingEmail { get; init; }

    /// <summary>The given name.</summary>
    /// <example>Joan</example>
    public string? FirstName { get; init; }

    /// <summary>The family name.</summary>
    /// <example>Doe</example>
    public string? LastName { get; init; }

    /// <summary>The phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public string? Phone { get; init; }

    /// <summary>Whether the phone number has been verified.</summary>
    /// <example>true</example>
    public bool? PhoneVerified { get; init; }

    /// <summary>The date of birth.</summary>
    /// <example>1990-04-01</example>
    public DateOnly? DateOfBirth { get; init; }

    /// <summary>The gender, in the customer's own words.</summary>
    /// <example>female</example>
    public string? Gender { get; init; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    /// <example>en</example>
    public string? PreferredLanguage { get; init; }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    /// <example>USD</example>
    public string? PreferredCurrency { get; init; }

    /// <summary>Where the customer came from.</summary>
    /// <example>spring-campaign</example>
    public string? Source { get; init; }

    /// <summary>False if the account is no longer verified; the opposite is the event <c>customer.verified</c>.</summary>
    /// <example>false</example>
    public bool? IsVerified { get; init; }

    /// <summary>Whether the customer is a VIP.</summary>
    /// <example>true</example>
    public bool? IsVip { get; init; }

    /// <summary>Whether the account is an admin account.</summary>
    /// <example>false</example>
    public bool? IsStaff { get; init; }

    /// <summary>Notes of the staff.</summary>
    /// <example>Prefers deliveries in the morning.</example>
    public string? Notes { get; init; }

    /// <summary>All tags.</summary>
    /// <example>["wholesale"]</example>
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>All metadata.</summary>
    /// <example>{"crm_id": "A-17"}</example>
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}

/// <summary>The data of <c>customer.verified</c>.</summary>
public sealed record CustomerVerifiedData
{
    /// <summary>True: the account is verified.</summary>
    /// <example>true</example>
    public required bool IsVerified { get; init; }
}

/// <summary>The data of <c>customer.deactivated</c> and <c>customer.reactivated</c>.</summary>
public sealed record CustomerActivationData
{
    /// <summary>Whether the account is active now.</summary>
    /// <example>false</example>
    public required bool IsActive { get; init; }
}

/// <summary>The data of <c>customer.erased</c>. Data of the customer's earlier events that names them is removed.</summary>
public sealed record CustomerErasedData
{
    /// <summary>The points that were lost with the account.</summary>
    /// <example>120</example>
    public required long ForfeitedPoints { get; init; }
}

/// <summary>The data of <c>consent.changed</c>. Consents that are given with the registration are in <c>customer.registered</c>.</summary>
public sealed record ConsentChangedData
{
    /// <summary><c>accepts_marketing_email</c> or <c>accepts_marketing_sms</c>.</summary>
    /// <example>accepts_marketing_email</example>
    [OneOf(typeof(ConsentName))]
    public required string Name { get; init; }

    /// <summary>Whether the customer consents now.</summary>
    /// <example>true</example>
    public required bool IsGiven { get; init; }
}
