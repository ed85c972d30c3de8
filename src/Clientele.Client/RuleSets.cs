namespace Clientele.Client;

/// <summary>The type of a field of rules.</summary>
public static class RuleFieldType
{
    /// <summary>True or false.</summary>
    public const string Boolean = "boolean";

    /// <summary>Text; case is ignored.</summary>
    public const string Text = "text";

    /// <summary>One of several names.</summary>
    public const string Enumeration = "enumeration";

    /// <summary>A whole number.</summary>
    public const string Number = "number";

    /// <summary>An amount of money.</summary>
    public const string Money = "money";

    /// <summary>An instant.</summary>
    public const string Instant = "instant";

    /// <summary>A date.</summary>
    public const string Date = "date";

    /// <summary>A set of texts.</summary>
    public const string Set = "set";

    /// <summary>Text, number or boolean, like the value of the condition.</summary>
    public const string Any = "any";
}

/// <summary>The form of the value of an operator.</summary>
public static class RuleValueForm
{
    /// <summary>No value.</summary>
    public const string None = "none";

    /// <summary>One value.</summary>
    public const string Value = "value";

    /// <summary>A list of values.</summary>
    public const string List = "list";

    /// <summary>Two values: from and to.</summary>
    public const string Pair = "pair";

    /// <summary>A span of time, such as <c>{"n": 90, "unit": "day"}</c>.</summary>
    public const string Span = "span";
}

/// <summary>An operator of a condition.</summary>
public static class RuleOperatorName
{
    /// <summary>Has a value.</summary>
    public const string IsSet = "is_set";

    /// <summary>Has no value.</summary>
    public const string IsMissing = "is_missing";

    /// <summary>Has no elements.</summary>
    public const string IsEmpty = "is_empty";

    /// <summary>Equals the value.</summary>
    public const string Eq = "eq";

    /// <summary>Does not equal the value.</summary>
    public const string Ne = "ne";

    /// <summary>Is in the list.</summary>
    public const string In = "in";

    /// <summary>Is not in the list.</summary>
    public const string NotIn = "not_in";

    /// <summary>Contains the text.</summary>
    public const string Contains = "contains";

    /// <summary>Does not contain the text.</summary>
    public const string NotContains = "not_contains";

    /// <summary>Begins with the text.</summary>
    public const string StartsWith = "starts_with";

    /// <summary>Ends with the text.</summary>
    public const string EndsWith = "ends_with";

    /// <summary>Is less than the value.</summary>
    public const string Lt = "lt";

    /// <summary>Is less than the value, or equal.</summary>
    public const string Lte = "lte";

    /// <summary>Is greater than the value.</summary>
    public const string Gt = "gt";

    /// <summary>Is greater than the value, or equal.</summary>
    public const string Gte = "gte";

    /// <summary>Lies between the two values.</summary>
    public const string Between = "between";

    /// <summary>Does not lie between the two values.</summary>
    public const string NotBetween = "not_between";

    /// <summary>Lies within the span before now.</summary>
    public const string WithinLast = "within_last";

    /// <summary>Does not lie within the span before now.</summary>
    public const string NotWithinLast = "not_within_last";

    /// <summary>Lies within the span after now.</summary>
    public const string WithinNext = "within_next";

    /// <summary>Its anniversary lies within the span after now.</summary>
    public const string AnniversaryWithinNext = "anniversary_within_next";

    /// <summary>Contains an element of the list.</summary>
    public const string ContainsAny = "contains_any";

    /// <summary>Contains all elements of the list.</summary>
    public const string ContainsAll = "contains_all";

    /// <summary>Contains no element of the list.</summary>
    public const string ContainsNone = "contains_none";
}

/// <summary>Rows that belong to a customer.</summary>
public static class RuleRelationName
{
    /// <summary>The orders.</summary>
    public const string Orders = "orders";

    /// <summary>The lines of the orders.</summary>
    public const string OrderLines = "order_lines";

    /// <summary>The reviews.</summary>
    public const string Reviews = "reviews";

    /// <summary>The products on the wishlist.</summary>
    public const string Wishlist = "wishlist";

    /// <summary>The addresses.</summary>
    public const string Addresses = "addresses";

    /// <summary>The entries of the points ledger.</summary>
    public const string Points = "points";
}

/// <summary>A figure of several rows.</summary>
public static class RuleAggregateName
{
    /// <summary>The number of rows.</summary>
    public const string Count = "count";

    /// <summary>The number of different values.</summary>
    public const string CountDistinct = "count_distinct";

    /// <summary>The sum.</summary>
    public const string Sum = "sum";

    /// <summary>The least value.</summary>
    public const string Min = "min";

    /// <summary>The greatest value.</summary>
    public const string Max = "max";

    /// <summary>The average.</summary>
    public const string Avg = "avg";
}

/// <summary>A unit of time.</summary>
public static class RuleUnit
{
    /// <summary>A second.</summary>
    public const string Second = "second";

    /// <summary>A minute.</summary>
    public const string Minute = "minute";

    /// <summary>An hour.</summary>
    public const string Hour = "hour";

    /// <summary>A calendar day.</summary>
    public const string Day = "day";

    /// <summary>Seven calendar days.</summary>
    public const string Week = "week";

    /// <summary>A calendar month.</summary>
    public const string Month = "month";

    /// <summary>A calendar year.</summary>
    public const string Year = "year";
}

/// <summary>The fields of a customer that rules can test, in addition to <c>metadata.</c> and a key.</summary>
public static class CustomerField
{
    /// <summary>The customer's id.</summary>
    public const string Id = "id";

    /// <summary>The username.</summary>
    public const string Username = "username";

    /// <summary>The e-mail address.</summary>
    public const string Email = "email";

    /// <summary>The part of the e-mail address after the @.</summary>
    public const string EmailDomain = "email_domain";

    /// <summary>The first name.</summary>
    public const string FirstName = "first_name";

    /// <summary>The last name.</summary>
    public const string LastName = "last_name";

    /// <summary>The phone number in E.164 form, such as +1234567890.</summary>
    public const string Phone = "phone";

    /// <summary>Whether the phone number is verified.</summary>
    public const string PhoneVerified = "phone_verified";

    /// <summary>Whether the account is active. A rule that does not test it matches active customers only.</summary>
    public const string IsActive = "is_active";

    /// <summary>Whether the account is verified.</summary>
    public const string IsVerified = "is_verified";

    /// <summary>Whether the customer is a VIP.</summary>
    public const string IsVip = "is_vip";

    /// <summary>Whether the customer is an admin.</summary>
    public const string IsStaff = "is_staff";

    /// <summary>The gender.</summary>
    public const string Gender = "gender";

    /// <summary>The date of birth.</summary>
    public const string DateOfBirth = "date_of_birth";

    /// <summary>Completed years since the date of birth; 29 February counts as 28 February in common years.</summary>
    public const string Age = "age";

    /// <summary>The preferred language, a BCP 47 tag.</summary>
    public const string PreferredLanguage = "preferred_language";

    /// <summary>The preferred currency, an ISO 4217 code.</summary>
    public const string PreferredCurrency = "preferred_currency";

    /// <summary>Consent to marketing by e-mail.</summary>
    public const string AcceptsMarketingEmail = "accepts_marketing_email";

    /// <summary>Consent to marketing by SMS.</summary>
    public const string AcceptsMarketingSms = "accepts_marketing_sms";

    /// <summary>Where the customer came from.</summary>
    public const string Source = "source";

    /// <summary>The customer's tags.</summary>
    public const string Tags = "tags";

    /// <summary>When the customer joined.</summary>
    public const string DateJoined = "date_joined";

    /// <summary>When the customer last signed in.</summary>
    public const string LastLogin = "last_login";

    /// <summary>The number of orders that count in the statistics.</summary>
    public const string TotalOrders = "total_orders";

    /// <summary>The amount spent, in the store's currency.</summary>
    public const string TotalSpent = "total_spent";

    /// <summary>total_spent / total_orders, compared exactly; missing without orders.</summary>
    public const string AverageOrderValue = "average_order_value";

    /// <summary>When the newest order that counts was placed.</summary>
    public const string LastOrderDate = "last_order_date";

    /// <summary>The loyalty tier; tiers are ordered.</summary>
    public const string LoyaltyTier = "loyalty_tier";

    /// <summary>The points that can be spent.</summary>
    public const string LoyaltyPoints = "loyalty_points";
}
