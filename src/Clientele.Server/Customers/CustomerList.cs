using System.Text.Json.Nodes;
using Clientele.Server.Loyalty;
using Clientele.Server.Rules;
using Microsoft.AspNetCore.WebUtilities;

namespace Clientele.Server.Customers;

/// <summary>The parameters of the list of customers and of a group's members. ids, uuid and the instants of updates cannot be stored as a rule.</summary>
internal static class CustomerList
{
    private const int MostIds = 1000;
    private const string Ordering = "ordering";
    private const string Tier = "loyalty_tier";

    private static readonly Filter[] Filters =
    [
        Boolean("is_active", "Only active, or only inactive customers."),
        Boolean("is_verified", "Only verified accounts, or only the others."),
        Boolean("is_vip", "Only VIP customers, or only the others."),
        Boolean("is_staff", "Only admins, or only the others."),
        Boolean("phone_verified", "Only customers whose phone is verified, or only the others."),
        Text(Tier, "The loyalty tier: bronze, silver, gold or platinum unless configured otherwise.", "gold", text => text, "the name of a tier"),
        Boolean("accepts_marketing_email", "Whether the customer consents to marketing by e-mail."),
        Boolean("accepts_marketing_sms", "Whether the customer consents to marketing by SMS."),
        Compared("min_orders", "At least this many orders.", ListValue.Integer, "total_orders", "gte"),
        Compared("max_orders", "At most this many orders.", ListValue.Integer, "total_orders", "lte"),
        Compared("min_spent", "At least this amount spent, in the store's currency.", ListValue.Money, "total_spent", "gte"),
        Compared("max_spent", "At most this amount spent, in the store's currency.", ListValue.Money, "total_spent", "lte"),
        Compared("min_points", "At least this many points.", ListValue.Integer, "loyalty_points", "gte"),
        Compared("max_points", "At most this many points.", ListValue.Integer, "loyalty_points", "lte"),
        Compared("joined_after", "Joined at or after this instant.", ListValue.Instant, "date_joined", "gte"),
        Compared("joined_before", "Joined at or before this instant.", ListValue.Instant, "date_joined", "lte"),
        Compared("last_order_after", "Last order at or after this instant.", ListValue.Instant, "last_order_date", "gte"),
        Compared("last_order_before", "Last order at or before this instant.", ListValue.Instant, "last_order_date", "lte"),
        Text("preferred_language", "The preferred language, a BCP 47 tag.", "en", Language, "a language tag, such as en or pt-BR"),
        Text("preferred_currency", "The preferred currency, an ISO 4217 code.", "USD", Currency, "an ISO 4217 code, such as USD"),
        Text("gender", "The gender, regardless of case.", "male", text => text, "text"),
        Text("username", "The customer with this username, regardless of case.", "johndoe", text => text, "text"),
        Text("email", "The customer with this e-mail address, regardless of case.", "john@example.com", text => text, "text"),
        Text("phone", "Customers with this phone number, however it is punctuated.", "+1234567890", Phone, "a phone number with its country code"),
        Text("source", "The source, regardless of case.", "newsletter", text => text, "text"),
        new("tag", "Customers with this tag.", ListValue.Text, "wholesale", "text", text => Condition("tags", "contains_any", new JsonArray(text))),
        Of("group", "Members of this group.", ListValue.Integer, text => ListText.Integer(text) is { } id ? new JsonObject { ["in_group"] = id } : null),
    ];

    public static readonly ListDefinition<Customer> Definition = Filters
        .Aggregate(
            new ListDefinition<Customer>(c => c.Id, "-date_joined"),
            (list, known) => known.Name == Tier
                ? list.OneOf(known.Name, known.Description, TiersOf, known.Example, known.Predicate)
                : list.Filter(known.Name, known.Description, known.Kind, known.Example, known.Expected, known.Predicate))
        .Text("uuid", "The customer with this uuid.", "0199a1b2-6c3d-7e4f-8a5b-9c6d7e8f9a0b", Uuid, "a UUID")
        .Instant("updated_after", "Profile or addresses changed at or after this instant.", value => c => c.UpdatedAt >= value)
        .Instant("updated_before", "Profile or addresses changed at or before this instant.", value => c => c.UpdatedAt <= value)
        .Integers(
            "ids", "Only the customers with these ids, at most 1000. An address of more than 8 KiB is refused (414).", MostIds,
            values => c => values.Contains(c.Id))
        .Order("date_joined", c => c.DateJoined)
        .Order("updated_at", c => c.UpdatedAt)
        .Order("name", c => c.LastNameKey)
        .Order("name", c => c.FirstNameKey)
        .Order("email", c => c.EmailKey)
        .Order("total_orders", c => c.TotalOrders)
        .Order("total_spent", c => c.TotalSpent)
        .Order("last_order_date", c => c.LastOrderDate)
        .Search(c => c.SearchText, "username, email, first name, last name and phone");

    /// <summary>The list of members for a caller who may see only themselves.</summary>
    public static readonly ListDefinition<Customer> OnlySelf = new ListDefinition<Customer>(c => c.Id, "-date_joined").Order("date_joined", c => c.DateJoined);

    /// <summary>
    /// The rule that is equivalent to a list's query string. A list shows inactive customers and a segment does not, so the rule includes both
    /// if the query string does not filter by activity. Pages and orderings have no meaning in a rule.
    /// </summary>
    public static JsonObject? RuleOf(string query, IReadOnlyList<string> tiers, string member, Errors errors)
    {
        var wrong = new Errors();
        var parameters = ListQuery.Parameters(QueryHelpers.ParseQuery(query), wrong);
        var conditions = new JsonArray();
        foreach (var (name, text) in parameters.Where(parameter => parameter.Key != Ordering && !ListQuery.PagingParameters.Contains(parameter.Key)))
        {
            if (Array.Find(Filters, filter => filter.Name == name) is not { } known)
            {
                wrong.Add(name, $"{name} cannot be stored as a rule. These filters can: {string.Join(", ", Filters.Select(filter => filter.Name))}.");
            }
            else if ((name == Tier ? ListText.OneOf(tiers, text) : text) is not { } value)
            {
                wrong.Add(name, $"{name}: must be {ListText.Either(tiers)}.");
            }
            else if (known.Means(value) is { } condition)
            {
                conditions.Add(condition);
            }
            else
            {
                wrong.Add(name, $"{name}: {text} is not a valid value.");
            }
        }

        foreach (var message in wrong.ToDictionary().Values.SelectMany(messages => messages))
        {
            errors.Add(member, message);
        }

        if (!parameters.ContainsKey(Vocabulary.Activity))
        {
            conditions.Add(Condition(Vocabulary.Activity, "in", new JsonArray(true, false)));
        }

        return wrong.Any ? null : new JsonObject { ["v"] = 1, ["all"] = conditions };
    }

    private static Filter Boolean(string name, string description) =>
        Of(name, description, ListValue.Boolean, text => ListText.Boolean(text) is { } value ? Condition(name, "eq", value) : null);

    private static Filter Text(string name, string description, string example, Func<string, string?> normalise, string expected) =>
        new(name, description, ListValue.Text, example, expected, text => normalise(text) is { } value ? Condition(name, "eq", value) : null);

    private static IReadOnlyList<string> TiersOf(IServiceProvider services) => services.GetRequiredService<IOptions<Programme>>().Value.TierNames;

    private static string? Phone(string text) => PhoneNumbers.TryNormalise(text, region: null, out var phone) ? phone : null;

    private static Expression<Func<Customer, bool>>? Uuid(string text) => Guid.TryParse(text, out var uuid) ? c => c.Uuid == uuid : null;

    private static string? Language(string text) => LanguageTags.TryNormalise(text, out var tag) ? tag : null;

    private static string? Currency(string text) => Currencies.TryNormalise(text, out var code) ? code : null;

    private static Filter Compared(string name, string description, ListValue kind, string field, string op) =>
        Of(name, description, kind, text => Value(kind, text) is { } value ? Condition(field, op, value) : null);

    private static Filter Of(string name, string description, ListValue kind, Func<string, JsonObject?> means) =>
        new(name, description, kind, ListText.Of(kind).Example, ListText.Of(kind).Expected, means);

    private static JsonNode? Value(ListValue kind, string text) => kind switch
    {
        ListValue.Integer => ListText.Integer(text),
        ListValue.Money => ListText.Money(text),
        _ => ListText.Instant(text) is { } instant ? JsonSerializer.SerializeToNode(instant, WireJson.Default.DateTime) : null,
    };

    private static JsonObject Condition(string field, string op, JsonNode value) => new() { ["field"] = field, ["op"] = op, ["value"] = value };

    /// <summary>A filter of the list. <paramref name="Means"/> turns the text of the query string into a condition; null if the text is not valid.</summary>
    private sealed record Filter(string Name, string Description, ListValue Kind, string Example, string Expected, Func<string, JsonObject?> Means)
    {
        public Expression<Func<Customer, bool>>? Predicate(ClienteleDb db, string text)
        {
            if (Means(text) is not { } condition)
            {
                return null;
            }

            string[] tiers = condition["value"] is JsonValue value && value.TryGetValue<string>(out var tier) ? [tier] : [];
            var json = JsonSerializer.SerializeToElement(condition, WireJson.Default.JsonObject);
            return Rule.Parse(json, "", tiers, region: null, new Errors()) is { } rule ? Rule.Means(rule.Root, rule.At(db, DateTime.UnixEpoch)) : null;
        }
    }
}
