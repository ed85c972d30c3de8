using System.Globalization;
using System.Text;
using Clientele.Server.Data;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>A second implementation of the customers list's filters and orderings, with plain LINQ over plain values.</summary>
internal static class ListModel
{
    private static readonly string[] Instants =
    [
        "2025-01-01", "2025-01-31", "2025-03-02", "2025-03-02T00:00:00Z", "2025-03-02T00:00:00.001Z", "2025-03-01T23:59:59.999Z",
        "2025-03-02T12:00:00Z", "2025-03-02T14:00:00+02:00", "2025-03-01T19:00:00-05:00", "1999-12-31", "2099-01-01", "0001-01-01", "9999-12-31",
    ];

    /// <summary>Every documented filter: how to create values for it, and which customers match.</summary>
    public static readonly IReadOnlyDictionary<string, Filter> Filters = new Dictionary<string, Filter>
    {
        ["is_active"] = Flag(person => person.IsActive),
        ["is_verified"] = Flag(person => person.IsVerified),
        ["is_vip"] = Flag(person => person.IsVip),
        ["is_staff"] = Flag(person => person.IsStaff),
        ["phone_verified"] = Flag(person => person.PhoneVerified),
        ["accepts_marketing_email"] = Flag(person => person.Mail),
        ["accepts_marketing_sms"] = Flag(person => person.Sms),
        ["loyalty_tier"] = new(_ => ["bronze", "silver", "gold", "platinum", "GOLD"], (person, value) => Same(person.Tier, value)),
        ["min_orders"] = new(Counts, (person, value) => person.Orders >= Number(value)),
        ["max_orders"] = new(Counts, (person, value) => person.Orders <= Number(value)),
        ["min_spent"] = new(Amounts, (person, value) => person.Spent >= Number(value)),
        ["max_spent"] = new(Amounts, (person, value) => person.Spent <= Number(value)),
        ["min_points"] = new(Points, (person, value) => person.Points >= Number(value)),
        ["max_points"] = new(Points, (person, value) => person.Points <= Number(value)),
        ["joined_after"] = new(_ => Instants, (person, value) => person.Joined >= Instant(value)),
        ["joined_before"] = new(_ => Instants, (person, value) => person.Joined <= Instant(value)),
        ["last_order_after"] = new(_ => Instants, (person, value) => person.LastOrder is { } last && last >= Instant(value)),
        ["last_order_before"] = new(_ => Instants, (person, value) => person.LastOrder is { } last && last <= Instant(value)),
        ["preferred_language"] = new(_ => ["en", "de", "pt-BR", "PT-br", "zh-hant-tw", "fr"], (person, value) => Same(person.Language, value)),
        ["preferred_currency"] = new(_ => ["USD", "eur", "JPY", "CHF"], (person, value) => Same(person.Currency, value)),
        ["gender"] = new(
            _ => ["female", "male", "MALE", "non-binary", "ünsure", "U\u0308NSURE", "Unsure", "other"],
            (person, value) => person.Gender is { } gender && Same(gender, value)),
        ["username"] = new(
            population => [.. population.People.Take(3).Select(person => person.Username), population.People[3].Username.ToUpperInvariant(), "nobody"],
            (person, value) => Same(person.Username, value)),
        ["email"] = new(
            population => [.. population.People.Take(3).Select(person => person.Email), population.People[3].Email.ToUpperInvariant(), "no@example.com"],
            (person, value) => Same(person.Email, value)),
        ["phone"] = new(
            population => [.. population.People.Select(person => person.Phone).OfType<string>().Take(3), Dialled(population), "+10000000"],
            (person, value) => person.Phone == string.Concat(value.Where(c => c == '+' || char.IsAsciiDigit(c)))),
        ["uuid"] = new(
            population => [$"{population.People[0].Uuid}", $"{population.People[1].Uuid:N}".ToUpperInvariant(), $"{Guid.Empty}"],
            (person, value) => person.Uuid == Guid.Parse(value)),
        ["source"] = new(_ => ["newsletter", "SHOP", "elsewhere"], (person, value) => person.Source is { } source && Same(source, value)),
        ["updated_after"] = new(_ => Instants, (person, value) => (person.Updated ?? person.Joined) >= Instant(value)),
        ["updated_before"] = new(_ => Instants, (person, value) => (person.Updated ?? person.Joined) <= Instant(value)),
        ["tag"] = new(_ => ["wholesale", "PRESS", "été", "E\u0301TE\u0301", "ete", "none"], (person, value) => person.Tags.Any(tag => Same(tag, value))),
        ["group"] = new(
            population => [.. population.Groups.Select(Text), "0", "-1", "9999999999"],
            (person, value) => person.Groups.Contains((long)Number(value))),
        ["ids"] = new(Ids, (person, value) => value.Split(',').Contains(Text(person.Id))),
    };

    public static string[] Orderings { get; } = ["date_joined", "updated_at", "name", "email", "total_orders", "total_spent", "last_order_date"];

    /// <summary>Ties are ordered by id in the direction of the last key; missing values come last in both directions.</summary>
    public static long[] Ordered(IEnumerable<Person> people, string ordering)
    {
        var keys = ordering.Split(',');
        var result = people.ToList();
        result.Sort((left, right) =>
        {
            foreach (var key in keys)
            {
                var sign = key.StartsWith('-') ? -1 : 1;
                var (one, other) = (Key(left, key.TrimStart('-')), Key(right, key.TrimStart('-')));
                var order = (one, other) switch
                {
                    (string text, string otherText) => sign * string.CompareOrdinal(text, otherText),
                    (null, null) => 0,
                    (null, _) => 1,
                    (_, null) => -1,
                    _ => sign * one.CompareTo(other),
                };
                if (order != 0)
                {
                    return order;
                }
            }

            return (keys[^1].StartsWith('-') ? -1 : 1) * left.Id.CompareTo(right.Id);
        });
        return [.. result.Select(person => person.Id)];
    }

    /// <summary>An ordering of one to three keys.</summary>
    public static string RandomOrdering(Random random)
    {
        var keys = Orderings.ToArray();
        random.Shuffle(keys);
        return string.Join(',', keys.Take(random.Next(1, 4)).Select(key => random.Next(2) == 0 ? key : "-" + key));
    }

    private static IComparable? Key(Person person, string name) => name switch
    {
        "date_joined" => person.Joined,
        "updated_at" => person.Updated ?? person.Joined,

        // Nothing in a name is smaller than the character between the two.
        "name" => $"{TextFolding.NameKey(person.LastName)}\0{TextFolding.NameKey(person.FirstName)}",
        "email" => TextFolding.NameKey(person.Email),
        "total_orders" => person.Orders,
        "total_spent" => person.Spent,
        "last_order_date" => person.LastOrder,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
    };

    private static Filter Flag(Func<Person, bool> of) =>
        new(
            _ => ["true", "false", "1", "0", "True", "FALSE", "tRuE"],
            (person, value) => of(person) == (value is "1" || value.Equals("true", StringComparison.OrdinalIgnoreCase)));

    /// <summary>A number as people write it.</summary>
    private static string Dialled(Population population)
    {
        var phone = population.People.Select(person => person.Phone).OfType<string>().First();
        return $"{phone[..3]} ({phone[3..6]}) {phone[6..]}";
    }

    private static string[] Counts(Population population) => ["0", "1", "5", "6", "-1", "3000000000"];

    private static string[] Amounts(Population population) =>
        ["0", "0.01", "1000", "1000.00", "1000.01", "999.99", "1000.1", "-5", "12345.67", "12345.68", "99999999999"];

    private static string[] Points(Population population) => ["0", "1", "20", "-20", "500", "501", "5000000000", "5000000001"];

    private static string[] Ids(Population population)
    {
        var first = population.People[0].Id;
        return [Text(first), $"{first},{first + 7},{first + 3}", $"{first},{first}", "0", $"-1,{first + Population.Size - 1}"];
    }

    // Normalised and without case, but with accents: what a reader would call the same word.
    private static bool Same(string left, string right) =>
        string.Equals(left.Normalize(NormalizationForm.FormC), right.Normalize(NormalizationForm.FormC), StringComparison.OrdinalIgnoreCase);

    private static decimal Number(string text) => decimal.Parse(text, CultureInfo.InvariantCulture);

    private static DateTime Instant(string text) =>
        DateTimeOffset.Parse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal).UtcDateTime;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    internal sealed record Filter(Func<Population, string[]> Values, Func<Person, string, bool> LetsThrough);
}
