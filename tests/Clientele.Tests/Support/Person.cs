using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Server.Customers;

namespace Clientele.Tests.Support;

/// <summary>A customer in a naive model: plain values, nothing folded or derived.</summary>
internal sealed record Person
{
    public required long Id { get; init; }

    public required string Username { get; init; }

    public required string Email { get; init; }

    public string FirstName { get; init; } = "";

    public string LastName { get; init; } = "";

    public string? Phone { get; init; }

    public bool PhoneVerified { get; init; }

    public string? Gender { get; init; }

    public bool Mail { get; init; }

    public bool Sms { get; init; }

    public string Language { get; init; } = "en";

    public string Currency { get; init; } = "USD";

    public bool IsVerified { get; init; }

    public bool IsVip { get; init; }

    public bool IsActive { get; init; } = true;

    public bool IsStaff { get; init; }

    public required DateTime Joined { get; init; }

    /// <summary>Null if it is the same as <see cref="Joined"/>.</summary>
    public DateTime? Updated { get; init; }

    public string? Source { get; init; }

    public Guid Uuid { get; init; } = Guid.CreateVersion7();

    public int Orders { get; init; }

    public decimal Spent { get; init; }

    public DateTime? LastOrder { get; init; }

    public long Points { get; init; }

    public string Tier { get; init; } = "bronze";

    public IReadOnlyList<string> Tags { get; init; } = [];

    public IReadOnlyList<long> Groups { get; init; } = [];

    /// <summary>A customer with a name and an e-mail address, and nothing else.</summary>
    public static Person Named(long id, string username, DateTime joined) => new()
    {
        Id = id,
        Username = username,
        Email = $"{username}@example.com",
        Joined = joined,
    };

    /// <summary>A customer created from a representation of the service.</summary>
    public static Person Of(JsonNode customer) => new()
    {
        Id = (long)customer["id"]!,
        Username = (string)customer["username"]!,
        Email = (string)customer["email"]!,
        FirstName = (string)customer["first_name"]!,
        LastName = (string)customer["last_name"]!,
        IsVerified = (bool)customer["is_verified"]!,
        IsStaff = (bool)customer["is_staff"]!,
        Uuid = (Guid)customer["uuid"]!,
        Updated = DateTime.Parse((string)customer["updated_at"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
        Joined = DateTime.Parse((string)customer["date_joined"]!, CultureInfo.InvariantCulture, DateTimeStyles.AdjustToUniversal),
    };

    public Customer ToRow()
    {
        var row = new Customer
        {
            Id = Id,
            Uuid = Uuid,
            Source = Source,
            Username = Username,
            Email = Email,
            FirstName = FirstName,
            LastName = LastName,
            Phone = Phone,
            PhoneVerified = PhoneVerified,
            Gender = Gender,
            AcceptsMarketingEmail = Mail,
            AcceptsMarketingSms = Sms,
            PreferredLanguage = Language,
            PreferredCurrency = Currency,
            IsVerified = IsVerified,
            IsVip = IsVip,
            IsActive = IsActive,
            IsStaff = IsStaff,
            DateJoined = Joined,
            CreatedAt = Joined,
            UpdatedAt = Updated ?? Joined,
            TotalOrders = Orders,
            TotalSpent = (long)(Spent * 100),
            LastOrderDate = LastOrder,
            LoyaltyPoints = Points,
            LoyaltyTier = Tier,
            TierChanges = 1,
        };
        row.DeriveKeys();
        return row;
    }
}
