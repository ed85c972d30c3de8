using System.ComponentModel.DataAnnotations;
using System.Text.Json;

namespace Clientele.Client;

/// <summary>A customer with all members that the caller may see.</summary>
public sealed record CustomerResponse
{
    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Id { get; init; }

    /// <summary>The public, immutable id (a version 7 UUID).</summary>
    /// <example>0199d3a0-5c1e-7c3a-9b6e-2f4d8a1c0e57</example>
    public required Guid Uuid { get; init; }

    /// <summary>The name to sign in with.</summary>
    /// <example>johndoe</example>
    public required string Username { get; init; }

    /// <summary>The e-mail address, with upper and lower case as entered.</summary>
    /// <example>john@example.com</example>
    public required string Email { get; init; }

    /// <summary>The owner's new e-mail address, which replaces <c>email</c> once it is verified; null if there is none.</summary>
    /// <example>john@doe.example</example>
    public required string? PendingEmail { get; init; }

    /// <summary>The given name.</summary>
    /// <example>John</example>
    public required string FirstName { get; init; }

    /// <summary>The family name.</summary>
    /// <example>Doe</example>
    public required string LastName { get; init; }

    /// <summary>Given and family name, or the username if both are empty.</summary>
    /// <example>John Doe</example>
    public required string FullName { get; init; }

    /// <summary>The phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public required string? Phone { get; init; }

    /// <summary>Whether the phone number has been verified.</summary>
    /// <example>false</example>
    public required bool PhoneVerified { get; init; }

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

    /// <summary>The number of orders that count: all except pending, cancelled and fully refunded ones.</summary>
    /// <example>15</example>
    public required int TotalOrders { get; init; }

    /// <summary>The total of those orders less refunds, in the store's currency.</summary>
    /// <example>"2450.00"</example>
    public required decimal TotalSpent { get; init; }

    /// <summary><c>total_spent / total_orders</c> to the cent; <c>"0.00"</c> without orders.</summary>
    /// <example>"163.33"</example>
    public required decimal AverageOrderValue { get; init; }

    /// <summary>When the newest order that counts was placed.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? LastOrderDate { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2450</example>
    public required long LoyaltyPoints { get; init; }

    /// <summary>The loyalty tier: <c>bronze</c>, <c>silver</c>, <c>gold</c> or <c>platinum</c> unless configured otherwise.</summary>
    /// <example>silver</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The groups the customer is a member of.</summary>
    public required IReadOnlyList<CustomerGroup> CustomerGroups { get; init; }

    /// <summary>The customer's addresses, defaults first.</summary>
    public required IReadOnlyList<AddressResponse> Addresses { get; init; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    /// <example>en</example>
    public required string PreferredLanguage { get; init; }

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    /// <example>USD</example>
    public required string PreferredCurrency { get; init; }

    /// <summary>Where the customer came from.</summary>
    /// <example>spring-campaign</example>
    public required string? Source { get; init; }

    /// <summary>Whether the e-mail address has been verified.</summary>
    /// <example>true</example>
    public required bool IsVerified { get; init; }

    /// <summary>Whether the customer is a VIP.</summary>
    /// <example>false</example>
    public required bool IsVip { get; init; }

    /// <summary>Whether the account is active.</summary>
    /// <example>true</example>
    public required bool IsActive { get; init; }

    /// <summary>When the customer joined.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime DateJoined { get; init; }

    /// <summary>When the customer was created in this service.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the profile or an address last changed.</summary>
    /// <example>2025-10-02T10:30:00Z</example>
    public required DateTime UpdatedAt { get; init; }

    /// <summary>Whether the account is an admin account. Admins only.</summary>
    /// <example>false</example>
    [AdminOnly]
    public bool? IsStaff { get; init; }

    /// <summary>When the customer last signed in. Admins only.</summary>
    /// <example>2025-10-15T14:00:00Z</example>
    [AdminOnly]
    public DateTime? LastLogin { get; init; }

    /// <summary>The shop's notes about the customer. Admins only.</summary>
    /// <example>Prefers a call before delivery.</example>
    [AdminOnly]
    public string? Notes { get; init; }

    /// <summary>The shop's tags. Admins only.</summary>
    /// <example>["wholesale"]</example>
    [AdminOnly]
    public IReadOnlyList<string>? Tags { get; init; }

    /// <summary>The shop's own members: strings, numbers and booleans. Admins only.</summary>
    /// <example>{"erp_id": "C-1077"}</example>
    [AdminOnly]
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; init; }
}

/// <summary>A group in the representation of a customer.</summary>
public sealed record CustomerGroup
{
    /// <summary>The group's id.</summary>
    /// <example>5</example>
    public required long Id { get; init; }

    /// <summary>The group's name.</summary>
    /// <example>VIP Gold Members</example>
    public required string Name { get; init; }

    /// <summary>The group's discount in per cent.</summary>
    /// <example>"15.00"</example>
    public required decimal DiscountPercentage { get; init; }

    /// <summary>Whether members get priority support.</summary>
    /// <example>true</example>
    public required bool PrioritySupport { get; init; }

    /// <summary>Whether members get free shipping.</summary>
    /// <example>true</example>
    public required bool FreeShipping { get; init; }
}

/// <summary>A row of the customers list.</summary>
public sealed record CustomerSummary
{
    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long Id { get; init; }

    /// <summary>The public, immutable id (a version 7 UUID).</summary>
    /// <example>0199d3a0-5c1e-7c3a-9b6e-2f4d8a1c0e57</example>
    public required Guid Uuid { get; init; }

    /// <summary>The name to sign in with.</summary>
    /// <example>johndoe</example>
    public required string Username { get; init; }

    /// <summary>The e-mail address.</summary>
    /// <example>john@example.com</example>
    public required string Email { get; init; }

    /// <summary>Given and family name, or the username if both are empty.</summary>
    /// <example>John Doe</example>
    public required string FullName { get; init; }

    /// <summary>The phone number in E.164 form.</summary>
    /// <example>+1234567890</example>
    public required string? Phone { get; init; }

    /// <summary>Whether the account is active.</summary>
    /// <example>true</example>
    public required bool IsActive { get; init; }

    /// <summary>Whether the account has been verified.</summary>
    /// <example>true</example>
    public required bool IsVerified { get; init; }

    /// <summary>Whether the customer is a VIP.</summary>
    /// <example>false</example>
    public required bool IsVip { get; init; }

    /// <summary>The loyalty tier.</summary>
    /// <example>gold</example>
    public required string LoyaltyTier { get; init; }

    /// <summary>The points that can be spent now.</summary>
    /// <example>2450</example>
    public required long LoyaltyPoints { get; init; }

    /// <summary>The number of orders that count.</summary>
    /// <example>15</example>
    public required int TotalOrders { get; init; }

    /// <summary>The total of those orders, in the store's currency.</summary>
    /// <example>"5450.00"</example>
    public required decimal TotalSpent { get; init; }

    /// <summary>When the newest of those orders was placed.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime? LastOrderDate { get; init; }

    /// <summary>When the customer joined.</summary>
    /// <example>2025-10-01T09:00:00Z</example>
    public required DateTime DateJoined { get; init; }

    /// <summary>When the profile or an address last changed. Orders, points and memberships do not count.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime UpdatedAt { get; init; }
}

/// <summary>The writable members of a customer: <c>PUT</c> replaces them, <c>PATCH</c> merges into them (RFC 7396).</summary>
public sealed record UpdateCustomerRequest
{
    /// <summary>The given name.</summary>
    /// <example>John</example>
    [Required, StringLength(150), OneLine]
    public string FirstName { get; set; } = "";

    /// <summary>The family name; empty for people with one name.</summary>
    /// <example>Smith</example>
    [Required(AllowEmptyStrings = true), StringLength(150), OneLine]
    public string LastName { get; set; } = "";

    /// <summary>
    /// The e-mail address. The customer's own new address needs <c>current_password</c>, and waits as <c>pending_email</c> until it is verified. If an
    /// admin changes another customer's address, the change takes effect at once and sets <c>is_verified</c> to false.
    /// </summary>
    /// <example>john@example.com</example>
    [Required, StringLength(254), OneLine]
    public string Email { get; set; } = "";

    /// <summary>
    /// The phone number, in any usual spelling; it is stored in E.164 form. Without its country code it belongs to the store's country, if one is set.
    /// Changing it sets <c>phone_verified</c> to false.
    /// </summary>
    /// <example>+1234567890</example>
    [StringLength(40)]
    public string? Phone { get; set; }

    /// <summary>The date of birth.</summary>
    /// <example>1990-04-01</example>
    public DateOnly? DateOfBirth { get; set; }

    /// <summary>The gender in the customer's own words, at most 20 characters.</summary>
    /// <example>male</example>
    [StringLength(20), OneLine]
    public string? Gender { get; set; }

    /// <summary>Whether the customer consents to marketing by e-mail.</summary>
    /// <example>true</example>
    public bool AcceptsMarketingEmail { get; set; }

    /// <summary>Whether the customer consents to marketing by SMS.</summary>
    /// <example>false</example>
    public bool AcceptsMarketingSms { get; set; }

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    /// <example>en</example>
    [StringLength(35)]
    public string PreferredLanguage { get; set; } = "en";

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    /// <example>USD</example>
    [StringLength(3)]
    public string PreferredCurrency { get; set; } = "USD";

    /// <summary>The customer's current password, which a new e-mail of their own needs unless the access token is stepped up. It does not change.</summary>
    /// <example>SecureP@ssw0rd123!</example>
    [StringLength(1024)]
    public string? CurrentPassword { get; set; }

    /// <summary>Whether the account has been verified. Only admins can write it; if it is left out, it does not change.</summary>
    [AdminOnly]
    public bool? IsVerified { get; set; }

    /// <summary>Whether the customer is a VIP. Only admins can write it; if it is left out, it does not change.</summary>
    [AdminOnly]
    public bool? IsVip { get; set; }

    /// <summary>Whether the account is active. Only admins can write it; if it is left out, it does not change.</summary>
    [AdminOnly]
    public bool? IsActive { get; set; }

    /// <summary>Where the customer came from. Only admins can write it; if it is left out, it does not change.</summary>
    [AdminOnly, StringLength(100), OneLine]
    public string? Source { get; set; }

    /// <summary>The shop's notes. Only admins can write them; if they are left out, they do not change.</summary>
    [AdminOnly, StringLength(10_000)]
    public string? Notes { get; set; }

    /// <summary>The shop's tags, at most 100 of at most 50 characters. Only admins can write them; if they are left out, they do not change.</summary>
    [AdminOnly]
    public IReadOnlyList<string>? Tags { get; set; }

    /// <summary>
    /// The shop's own members, at most 100: strings, numbers and booleans. Only admins can write them; if they are left out, they do
    /// not change.
    /// </summary>
    [AdminOnly]
    public IReadOnlyDictionary<string, JsonElement>? Metadata { get; set; }
}

/// <summary>Gives or removes the VIP status: <c>POST …/make_vip/</c>.</summary>
public sealed record MakeVipRequest
{
    /// <summary>False removes the status.</summary>
    /// <example>true</example>
    public bool IsVip { get; set; } = true;
}

/// <summary>The response of <c>verify</c>.</summary>
public sealed record VerifyResponse
{
    /// <summary>What happened.</summary>
    /// <example>Customer verified.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>Whether the account is verified now.</summary>
    /// <example>true</example>
    public required bool IsVerified { get; init; }
}

/// <summary>The response of <c>make_vip</c>.</summary>
public sealed record MakeVipResponse
{
    /// <summary>What happened.</summary>
    /// <example>Customer is a VIP now.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }

    /// <summary>Whether the customer is a VIP now.</summary>
    /// <example>true</example>
    public required bool IsVip { get; init; }
}

/// <summary>The response of <c>deactivate</c> and <c>reactivate</c>.</summary>
public sealed record ActivationResponse
{
    /// <summary>What happened.</summary>
    /// <example>Customer deactivated.</example>
    public required string Message { get; init; }

    /// <summary>The customer's id.</summary>
    /// <example>123</example>
    public required long CustomerId { get; init; }
}
