namespace Clientele.Tests.Loyalty;

/// <summary>Tests the checker of recorded calls with histories that are known to be right or wrong.</summary>
[Trait("Database", "Any")]
public sealed class CheckingCallHistories
{
    [Fact]
    public void Calls_that_overlap_may_have_happened_in_any_order() =>
        Assert.Null(CallHistory.Complaint(10, [Done(0, 10, -3, 3), Done(1, 9, -4, 6), Done(2, 8, +0, 3)]));

    [Fact]
    public void A_refusal_that_overlaps_the_last_success_is_fine() =>
        Assert.Null(CallHistory.Complaint(7, [Done(0, 10, -7, 0), Refused(5, 6, -7)]));

    [Fact]
    public void The_same_points_cannot_be_spent_twice() =>
        Assert.NotNull(CallHistory.Complaint(7, [Done(0, 10, -7, 0), Done(0, 10, -7, 0)]));

    [Fact]
    public void Nobody_is_refused_what_is_there_all_the_time() =>
        Assert.NotNull(CallHistory.Complaint(14, [Done(0, 10, -7, 7), Refused(0, 10, -7)]));

    [Fact]
    public void A_refusal_that_was_over_before_the_points_were_spent_is_wrong() =>
        Assert.NotNull(CallHistory.Complaint(7, [Refused(0, 1, -7), Done(2, 3, -7, 0)]));

    [Fact]
    public void No_balance_comes_out_of_order() =>
        Assert.NotNull(CallHistory.Complaint(21, [Done(0, 1, -7, 7), Done(2, 3, -7, 14)]));

    [Fact]
    public void No_points_get_lost() =>
        Assert.NotNull(CallHistory.Complaint(21, [Done(0, 10, -7, 14), Done(0, 10, -7, 6)]));

    [Fact]
    public void No_balance_is_negative() =>
        Assert.NotNull(CallHistory.Complaint(3, [Done(0, 10, -7, -4)]));

    [Fact]
    public void An_unanswered_call_has_happened_or_not()
    {
        Assert.Null(CallHistory.Complaint(20, [Unknown(0, -7), Done(5, 6, -7, 6)]));
        Assert.Null(CallHistory.Complaint(20, [Unknown(0, -7), Done(5, 6, -7, 13)]));
    }

    [Fact]
    public void An_unanswered_call_has_not_happened_before_it_was_sent() =>
        Assert.NotNull(CallHistory.Complaint(20, [Done(0, 1, -7, 6), Unknown(2, -7)]));

    /// <summary>Small histories can be checked by trying every order.</summary>
    [Fact]
    public void It_agrees_with_trying_every_order()
    {
        var (chance, right) = (new Random(7), 0);
        for (var i = 0; i < 3000; i++)
        {
            var calls = Enumerable.Range(0, chance.Next(1, 6)).Select(_ => Drawn(chance)).ToArray();
            var expected = Permutations(calls).Any(order => Explains(order, 5));
            Assert.True(expected == CallHistory.Complaint(5, calls) is null, $"{(expected ? "Right" : "Wrong")}:\n{string.Join('\n', calls.AsEnumerable())}");
            right += expected ? 1 : 0;
        }

        Assert.InRange(right, 300, 2700);
    }

    private static Call Drawn(Random chance)
    {
        var (sent, change) = (chance.Next(6), chance.Next(-4, 3));
        return chance.Next(4) switch
        {
            0 => Refused(sent, sent + chance.Next(1, 6), change - 2),
            1 => Unknown(sent, change),
            _ => Done(sent, sent + chance.Next(1, 6), change, chance.Next(0, 7)),
        };
    }

    /// <summary>Whether the calls may have happened in exactly this order; a call without a response may be left out.</summary>
    private static bool Explains(Call[] order, long balance)
    {
        if (order.Length == 0)
        {
            return true;
        }

        var (call, rest) = (order[0], order[1..]);
        if (call.Result is CallResult.Unknown && Explains(rest, balance))
        {
            return true;
        }

        if (rest.Any(later => later.Result is not CallResult.Unknown && later.Answered < call.Sent))
        {
            return false;
        }

        return call.Result is CallResult.Refused
            ? balance + call.Change < 0 && Explains(rest, balance)
            : balance + call.Change >= 0
                && (call.Result is CallResult.Unknown || balance + call.Change == call.Balance)
                && Explains(rest, balance + call.Change);
    }

    private static IEnumerable<Call[]> Permutations(Call[] calls) => calls.Length == 0
        ? [[]]
        : calls.SelectMany((call, i) => Permutations([.. calls.Where((_, j) => j != i)]).Select(rest => (Call[])[call, .. rest]));

    private static Call Done(long sent, long answered, long change, long balance) => new(sent, answered, change, CallResult.Done, balance);

    private static Call Refused(long sent, long answered, long change) => new(sent, answered, change, CallResult.Refused);

    private static Call Unknown(long sent, long change) => new(sent, long.MaxValue, change, CallResult.Unknown);
}
