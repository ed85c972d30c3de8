using System.Linq.Expressions;
using Clientele.Server.Data;
using Clientele.Server.Http;

namespace Clientele.Server.Customers;

/// <summary>What the customers list, and the members list of a group, can be asked for.</summary>
internal static class CustomerList
{
    private const int MostIds = 1000;

    public static readonly ListDefinition<Customer> Definition = new ListDefinition<Customer>(c => c.Id, "-date_joined")
        .Boolean("is_active", "Active or inactive customers.", value => c => c.IsActive == value)
        .Boolean("is_verified", "Verified accounts or the others.", value => c => c.IsVerified == value)
        .Boolean("is_vip", "VIP customers or the others.", value => c => c.IsVip == value)
        .Boolean("is_staff", "Admins or the others.", value => c => c.IsStaff == value)
        .Boolean("phone_verified", "Customers whose phone is verified, or the others.", value => c => c.PhoneVerified == value)
        .Text("loyalty_tier", "The loyalty tier: bronze, silver, gold or platinum unless configured otherwise.", "gold", Tier, "the name of a tier")
        .Boolean("accepts_marketing_email", "Consent to marketing by e-mail.", value => c => c.AcceptsMarketingEmail == value)
        .Boolean("accepts_marketing_sms", "Consent to marketing by SMS.", value => c => c.AcceptsMarketingSms == value)
        .Integer("min_orders", "At least so many orders.", AtLeast)
        .Integer("max_orders", "At most so many orders.", AtMost)
        .Money("min_spent", "At least so much spent, in the store's currency.", value => c => c.TotalSpent >= value)
        .Money("max_spent", "At most so much spent, in the store's currency.", value => c => c.TotalSpent <= value)
        .Integer("min_points", "At least so many points.", value => c => c.LoyaltyPoints >= value)
        .Integer("max_points", "At most so many points.", value => c => c.LoyaltyPoints <= value)
        .Instant("joined_after", "Joined at or after.", value => c => c.DateJoined >= value)
        .Instant("joined_before", "Joined at or before.", value => c => c.DateJoined <= value)
        .Instant("last_order_after", "Last order at or after.", value => c => c.LastOrderDate >= value)
        .Instant("last_order_before", "Last order at or before.", value => c => c.LastOrderDate <= value)
        .Text("preferred_language", "The preferred language, a BCP 47 tag.", "en", Language, "a language tag, such as en or pt-BR")
        .Text("preferred_currency", "The preferred currency, an ISO 4217 code.", "USD", Currency, "an ISO 4217 code, such as USD")
        .Text("gender", "The gender, without regard to case.", "male", Gender)
        .Text("tag", "Customers with the tag.", "wholesale", Tag)
        .Integer("group", "Members of the group.", (db, value) => c =>
            db.Memberships.Any(m => m.GroupId == value && m.CustomerId == c.Id && m.IsMember))
        .Integers("ids", "Just these customers.", MostIds, values => c => values.Contains(c.Id))
        .Order("date_joined", c => c.DateJoined)
        .Order("total_orders", c => c.TotalOrders)
        .Order("total_spent", c => c.TotalSpent)
        .Order("last_order_date", c => c.LastOrderDate)
        .Search(c => c.SearchText, "username, email, first name, last name and phone");

    /// <summary>The members list as somebody who may see only themselves can ask for it.</summary>
    public static readonly ListDefinition<Customer> OnlySelf = new ListDefinition<Customer>(c => c.Id, "-date_joined")
        .Order("date_joined", c => c.DateJoined);

    // Compared as the column has them: a column that is cast is not looked up in its index.
    private static Expression<Func<Customer, bool>> AtLeast(long value)
    {
        var orders = (int)Math.Clamp(value, int.MinValue, int.MaxValue);
        return c => c.TotalOrders >= orders;
    }

    private static Expression<Func<Customer, bool>> AtMost(long value)
    {
        var orders = (int)Math.Clamp(value, int.MinValue, int.MaxValue);
        return c => c.TotalOrders <= orders;
    }

    private static Expression<Func<Customer, bool>> Tier(string text)
    {
        var tier = TextFolding.Fold(text);
        return c => c.LoyaltyTier == tier;
    }

    private static Expression<Func<Customer, bool>>? Language(string text)
    {
        if (!LanguageTags.TryNormalise(text, out var language))
        {
            return null;
        }

        return c => c.PreferredLanguage == language;
    }

    private static Expression<Func<Customer, bool>>? Currency(string text)
    {
        if (!Currencies.TryNormalise(text, out var currency))
        {
            return null;
        }

        return c => c.PreferredCurrency == currency;
    }

    private static Expression<Func<Customer, bool>> Gender(string text)
    {
        var gender = TextFolding.NameKey(text);
        return c => c.GenderKey == gender;
    }

    private static Expression<Func<Customer, bool>> Tag(ClienteleDb db, string text)
    {
        var tag = TextFolding.NameKey(text);
        return c => db.CustomerTags.Any(t => t.TagKey == tag && t.CustomerId == c.Id);
    }
}
