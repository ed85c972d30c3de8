using Clientele.Server.Groups;
using Clientele.Server.Segments;

namespace Clientele.Server.Demo;

/// <summary>The demo groups that have a rule, and who was in them when: the same as the rules would have decided.</summary>
internal static class DemoSegments
{
    private const int WindowDays = 90;
    private const int ManyOrders = 5;
    private const long MuchSpent = 1_000_00;

    private static readonly Dictionary<string, string> Rules = new(StringComparer.Ordinal)
    {
        ["Newsletter readers"] = """{"field": "accepts_marketing_email", "op": "eq", "value": true}""",
        ["VIP lounge"] = """{"field": "is_vip", "op": "eq", "value": true}""",
        ["Frequent buyers"] = """{"field": "total_orders", "op": "gte", "value": 5}""",
        ["Big spenders"] = """{"field": "total_spent", "op": "gte", "value": "1000.00"}""",
        ["Active this quarter"] = """{"field": "last_order_date", "op": "within_last", "value": {"n": 90, "unit": "day"}}""",
    };

    /// <summary>Where the groups without a rule are in <see cref="DemoWorld.Groups"/>.</summary>
    public static int[] ByHand { get; } = [.. Enumerable.Range(0, DemoWorld.Groups.Length).Where(i => !Rules.ContainsKey(DemoWorld.Groups[i]))];

    public static string? RuleOf(string group) => Rules.GetValueOrDefault(group);

    public static Segment Segment(long group, string fingerprint, DateTime today) => new()
    {
        GroupId = group,
        State = SegmentState.Ready,
        Progress = 100,
        Version = 1,
        EvaluatedAt = today,
        SweptAt = today,
        Fingerprint = fingerprint,
        ClaimedUntil = DateTime.UnixEpoch,
    };

    /// <summary>The stays of a customer, whose data is complete by now.</summary>
    /// <param name="customer">The customer.</param>
    /// <param name="orders">The orders that count, oldest first.</param>
    /// <param name="today">Today at midnight.</param>
    /// <param name="firstGroup">The id of the first demo group.</param>
    public static IEnumerable<DemoStay> Stays(Customer customer, IReadOnlyList<(DateTime At, long Net)> orders, DateTime today, long firstGroup)
    {
        var spent = 0L;
        var crossed = orders.Where(order => (spent += order.Net) >= MuchSpent).Select(order => (DateTime?)order.At).FirstOrDefault();
        return Quarter(customer, orders, today, Id("Active this quarter"))
            .Concat(Since("Frequent buyers", Cause.Order, orders.Count >= ManyOrders ? orders[ManyOrders - 1].At : null))
            .Concat(Since("Big spenders", Cause.Order, crossed))
            .Concat(Since("VIP lounge", Cause.Profile, customer.IsVip ? Earlier(customer.DateJoined.AddDays(10), today) : null))
            .Concat(customer.AcceptsMarketingEmail ? Since("Newsletter readers", Cause.Registered, customer.DateJoined) : Unsubscribed());

        long Id(string group) => firstGroup + Array.IndexOf(DemoWorld.Groups, group);

        // An inactive customer is in no segment.
        IEnumerable<DemoStay> Since(string group, Cause cause, DateTime? at) =>
            at is { } from && customer.IsActive ? [new(customer.Id, Id(group), MembershipOrigin.Rule, cause, from)] : [];

        // One in six without the consent had given it before.
        IEnumerable<DemoStay> Unsubscribed()
        {
            var left = today.AddHours(-(customer.Id * 7 % (60 * 24)) - 1);
            return customer.Id % 6 == 0 && customer.DateJoined < left
                ? [new(customer.Id, Id("Newsletter readers"), MembershipOrigin.Rule, Cause.Registered, customer.DateJoined, Cause.Profile, left)]
                : [];
        }
    }

    /// <summary>An order makes a customer a member for today and the 89 days after it.</summary>
    private static IEnumerable<DemoStay> Quarter(Customer customer, IReadOnlyList<(DateTime At, long Net)> orders, DateTime today, long group)
    {
        for (var i = 0; i < orders.Count; i++)
        {
            var from = orders[i].At;
            while (i + 1 < orders.Count && orders[i + 1].At < End(orders[i].At))
            {
                i++;
            }

            var end = End(orders[i].At);
            if (end <= today)
            {
                yield return new(customer.Id, group, MembershipOrigin.Rule, Cause.Order, from, Cause.Clock, end);
            }
            else if (customer.IsActive)
            {
                yield return new(customer.Id, group, MembershipOrigin.Rule, Cause.Order, from);
            }
        }
    }

    private static DateTime End(DateTime order) => order.Date.AddDays(WindowDays);

    private static DateTime Earlier(DateTime one, DateTime other) => one < other ? one : other;
}
