using System.Linq.Expressions;
using System.Text.Json;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;

namespace Clientele.Server.Segments;

/// <summary>A group's rule, understood: what it reads, and whom it means. Provisional.</summary>
internal sealed class SegmentRule
{
    private Func<ClienteleDb, DateTime, Expression<Func<Customer, bool>>> _matches = null!;
    private readonly List<Func<ClienteleDb, DateTime, DateTime, IQueryable<long>>> _crossed = [];
    private Facets _reads;
    private readonly HashSet<long> _groups = [];
    private bool _tests;

    public Facets Reads => _reads;

    public IReadOnlySet<long> Groups => _groups;

    public bool TestsActivity => _tests;

    public bool MovesWithClock => _crossed.Count > 0;

    public static SegmentRule? Parse(JsonElement rule, string pointer, IReadOnlyList<string> tiers, Errors errors)
    {
        var parsed = new SegmentRule();
        try
        {
            parsed._matches = parsed.Node(rule);
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or KeyNotFoundException or FormatException)
        {
            errors.Add(pointer, wrong.Message);
            return null;
        }

        return parsed;
    }

    public Expression<Func<Customer, bool>> Matches(ClienteleDb db, DateTime now)
    {
        var matches = _matches(db, now);
        return _tests ? matches : Combine(matches, c => c.IsActive, Expression.AndAlso);
    }

    public IEnumerable<IQueryable<long>> Crossed(ClienteleDb db, DateTime from, DateTime to) => _crossed.Select(crossed => crossed(db, from, to));

    private Func<ClienteleDb, DateTime, Expression<Func<Customer, bool>>> Node(JsonElement node)
    {
        foreach (var name in new[] { "all", "any" })
        {
            if (node.TryGetProperty(name, out var inner))
            {
                var nodes = inner.EnumerateArray().Select(Node).ToList();
                return (db, now) => nodes.Select(one => one(db, now)).Aggregate<Expression<Func<Customer, bool>>, Expression<Func<Customer, bool>>>(
                    _ => name == "all", (all, one) => Combine(all, one, name == "all" ? Expression.AndAlso : Expression.OrElse));
            }
        }

        if (node.TryGetProperty("not", out var not))
        {
            var inside = Node(not);
            return (db, now) =>
            {
                var one = inside(db, now);
                return Expression.Lambda<Func<Customer, bool>>(Expression.Not(one.Body), one.Parameters);
            };
        }

        if (node.TryGetProperty("in_group", out var group))
        {
            var id = group.GetInt64();
            _groups.Add(id);
            _reads |= Facets.Groups;
            return (db, _) => c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == id && m.IsMember);
        }

        return Field(node.GetProperty("field").GetString()!, node.GetProperty("op").GetString()!, node.GetProperty("value"));
    }

    private Func<ClienteleDb, DateTime, Expression<Func<Customer, bool>>> Field(string field, string op, JsonElement value)
    {
        switch (field, op)
        {
            case ("is_vip", "eq"):
                _reads |= Facets.IsVip;
                var vip = value.GetBoolean();
                return (_, _) => c => c.IsVip == vip;
            case ("username", "eq"):
                _reads |= Facets.Username;
                var username = value.GetString();
                return (_, _) => c => c.Username == username;
            case ("is_active", "eq"):
                _reads |= Facets.IsActive;
                _tests = true;
                var active = value.GetBoolean();
                return (_, _) => c => c.IsActive == active;
            case ("total_spent", "gte"):
                _reads |= Facets.TotalSpent;
                var spent = (long)(value.GetDecimal() * 100);
                return (_, _) => c => c.TotalSpent >= spent;
            case ("total_orders", "gte"):
                _reads |= Facets.TotalOrders;
                var orders = value.GetInt32();
                return (_, _) => c => c.TotalOrders >= orders;
            case ("loyalty_points", "gte"):
                _reads |= Facets.LoyaltyPoints;
                var points = value.GetInt64();
                return (_, _) => c => c.LoyaltyPoints >= points;
            case ("tags", "contains_any"):
                _reads |= Facets.Tags;
                var keys = value.EnumerateArray().Select(tag => TextFolding.NameKey(tag.GetString()!)).ToArray();
                return (db, _) => c => db.CustomerTags.Any(t => t.CustomerId == c.Id && keys.Contains(t.TagKey));
            case ("last_order_date", "within_last"):
                _reads |= Facets.LastOrderDate;
                var length = TimeSpan.FromSeconds(value.GetProperty("n").GetInt32() * (value.GetProperty("unit").GetString() switch { "day" => 86400, "hour" => 3600, "minute" => 60, "second" => 1, _ => throw new FormatException("unit") }));
                _crossed.Add((db, from, to) => db.Customers.Where(c => c.LastOrderDate >= from - length && c.LastOrderDate <= to - length).Select(c => c.Id));
                _crossed.Add((db, from, to) => db.Customers.Where(c => c.LastOrderDate >= from && c.LastOrderDate <= to).Select(c => c.Id));
                return (_, now) =>
                {
                    var least = now - length;
                    return c => c.LastOrderDate > least && c.LastOrderDate <= now;
                };
            default:
                throw new FormatException($"{field} {op} is not known.");
        }
    }

    private static Expression<Func<Customer, bool>> Combine(Expression<Func<Customer, bool>> left, Expression<Func<Customer, bool>> right, Func<Expression, Expression, Expression> with) =>
        Expression.Lambda<Func<Customer, bool>>(with(left.Body, Swap.In(right.Body, right.Parameters[0], left.Parameters[0])), left.Parameters);
}
