using System.Globalization;
using System.Numerics;

namespace Clientele.Tests.Loyalty;

internal enum CallResult
{
    /// <summary>The response had the new balance.</summary>
    Done,

    /// <summary>There were not enough points.</summary>
    Refused,

    /// <summary>There was no response: the call may have happened at any later time, or not.</summary>
    Unknown,
}

/// <summary>A call that changes a balance, as its client saw it.</summary>
/// <param name="Sent">When the call began, before its first byte was sent.</param>
/// <param name="Answered">When the response was complete.</param>
/// <param name="Change">The change of the balance; negative to take points away.</param>
/// <param name="Balance">The new balance in the response, if the call succeeded.</param>
internal sealed record Call(long Sent, long Answered, long Change, CallResult Result, long Balance = 0)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"[{Sent}, {Answered}] {Change:+0;-0} {(Result == CallResult.Done ? $"= {Balance}" : Result)}");
}

/// <summary>
/// Checks whether calls on one balance that never goes below zero could have happened one after the other, each at an instant between its start and
/// its response. This is Wing and Gong's search; it remembers states that led nowhere.
/// </summary>
internal sealed class CallHistory
{
    private readonly Call[] _calls;
    private readonly HashSet<(BigInteger Left, long Balance)> _deadEnds = [];

    private CallHistory(IEnumerable<Call> calls) => _calls = [.. calls];

    /// <summary>Null if they could; otherwise how far the search got.</summary>
    public static string? Complaint(long initial, IEnumerable<Call> calls)
    {
        var history = new CallHistory(calls);
        var furthest = history._calls;
        return history.Search(history._calls, initial, ref furthest)
            ? null
            : $"No order explains the calls; these are left over:\n{string.Join('\n', furthest.OrderBy(call => call.Sent))}";
    }

    private bool Search(Call[] left, long balance, ref Call[] furthest)
    {
        // A refusal changes nothing, so it can be placed as soon as it is possible.
        for (var refused = FirstRefused(left, balance); refused is not null; refused = FirstRefused(left, balance))
        {
            left = Without(left, refused);
        }

        if (left.All(call => call.Result is CallResult.Unknown))
        {
            return true;
        }

        if (left.Length < furthest.Length)
        {
            furthest = left;
        }

        if (!_deadEnds.Add((Key(left), balance)))
        {
            return false;
        }

        foreach (var call in Next(left).Where(call => call.Result is not CallResult.Refused && balance + call.Change >= 0))
        {
            if ((call.Result is CallResult.Unknown || balance + call.Change == call.Balance)
                && Search(Without(left, call), balance + call.Change, ref furthest))
            {
                return true;
            }
        }

        return false;
    }

    private static Call? FirstRefused(Call[] left, long balance) =>
        Next(left).FirstOrDefault(call => call.Result is CallResult.Refused && balance + call.Change < 0);

    /// <summary>The calls that may come next: no other call must come before them.</summary>
    private static IEnumerable<Call> Next(Call[] left)
    {
        var earliest = left.Min(call => (long?)(call.Result is CallResult.Unknown ? long.MaxValue : call.Answered));
        return left.Where(call => call.Sent <= earliest);
    }

    private static Call[] Without(Call[] left, Call one) => [.. left.Where(call => !ReferenceEquals(call, one))];

    private BigInteger Key(Call[] left)
    {
        var key = BigInteger.Zero;
        foreach (var call in left)
        {
            key |= BigInteger.One << Array.FindIndex(_calls, known => ReferenceEquals(known, call));
        }

        return key;
    }
}
