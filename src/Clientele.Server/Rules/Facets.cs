namespace Clientele.Server.Rules;

/// <summary>
/// The parts of a customer's data: those that a rule reads, and those that a write has changed. A rule is evaluated again only if the two overlap.
/// The names are those of <see cref="Customers.Customer"/>'s properties and of the rows that belong to a customer. The numbers are stored in the
/// queue and must never change their meaning.
/// </summary>
[Flags]
internal enum Facets : long
{
    None = 0,
    Username = 1L << 0,
    Email = 1L << 1,
    FirstName = 1L << 2,
    LastName = 1L << 3,
    Phone = 1L << 4,
    PhoneVerified = 1L << 5,
    IsActive = 1L << 6,
    IsVerified = 1L << 7,
    IsVip = 1L << 8,
    IsStaff = 1L << 9,
    Gender = 1L << 10,
    DateOfBirth = 1L << 11,
    PreferredLanguage = 1L << 12,
    PreferredCurrency = 1L << 13,
    AcceptsMarketingEmail = 1L << 14,
    AcceptsMarketingSms = 1L << 15,
    Source = 1L << 16,
    Metadata = 1L << 17,
    LastLogin = 1L << 18,
    TotalOrders = 1L << 19,
    TotalSpent = 1L << 20,
    LastOrderDate = 1L << 21,
    LoyaltyTier = 1L << 22,
    LoyaltyPoints = 1L << 23,
    Tags = 1L << 24,
    Orders = 1L << 25,
    Reviews = 1L << 26,
    Wishlist = 1L << 27,
    Addresses = 1L << 28,
    Points = 1L << 29,

    /// <summary>Membership of other groups.</summary>
    Groups = 1L << 30,

    /// <summary>A customer who is new or deleted.</summary>
    All = (1L << 31) - 1,
}
