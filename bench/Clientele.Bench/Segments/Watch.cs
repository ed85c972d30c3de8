using System.Collections.Concurrent;
using Npgsql;

namespace Clientele.Bench.Segments;

/// <summary>Polls who has entered and who has left, but not so often that polling is the database's main load.</summary>
internal sealed class Watch(NpgsqlDataSource source, long fading)
{
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(25);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly ConcurrentQueue<(long Group, long Customer, DateTime Since)> _coming = new();
    private readonly ConcurrentQueue<(long Customer, DateTime Until)> _going = new();
    private readonly List<(long Group, long Customer, DateTime Since)> _expected = [];
    private readonly Dictionary<long, (DateTime Until, bool Seen)> _leaving = [];
    private volatile bool _over;

    /// <summary>Milliseconds from the acknowledged write to the membership.</summary>
    public List<double> Visible { get; } = [];

    /// <summary>Milliseconds from the instant that ends a membership to its end; negative if it ended early.</summary>
    public List<double> Late { get; } = [];

    /// <summary>Expects a customer in a group, after a write acknowledged at an instant.</summary>
    public void Expect(long group, long customer, DateTime since) => _coming.Enqueue((group, customer, since));

    /// <summary>Expects a customer to leave the group that empties as time passes.</summary>
    public void ExpectEnd(long customer, DateTime until) => _going.Enqueue((customer, until));

    /// <summary>No more will be expected.</summary>
    public void End() => _over = true;

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            "SELECT group_id, customer_id FROM memberships WHERE customer_id = ANY($1) AND group_id = ANY($2) AND is_member",
            connection);
        var (customers, groups) = (new NpgsqlParameter<long[]>(), new NpgsqlParameter<long[]>());
        command.Parameters.Add(customers);
        command.Parameters.Add(groups);
        var prepared = false;
        for (; ; await Task.Delay(Look, cancellationToken))
        {
            var over = _over;
            Take();
            if (_expected.Count + _leaving.Count == 0)
            {
                if (over)
                {
                    return;
                }

                continue;
            }

            customers.TypedValue = [.. _expected.Select(expected => expected.Customer).Concat(_leaving.Keys).Distinct()];
            groups.TypedValue = [.. _expected.Select(expected => expected.Group).Append(fading).Distinct()];
            if (!prepared)
            {
                await command.PrepareAsync(cancellationToken);
                prepared = true;
            }

            var members = new HashSet<(long Group, long Customer)>();
            await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
            {
                while (await reader.ReadAsync(cancellationToken))
                {
                    members.Add((reader.GetInt64(0), reader.GetInt64(1)));
                }
            }

            Note(members, DateTime.UtcNow);
        }
    }

    private void Take()
    {
        while (_coming.TryDequeue(out var expected))
        {
            _expected.Add(expected);
        }

        while (_going.TryDequeue(out var leaving))
        {
            _leaving[leaving.Customer] = (leaving.Until, false);
        }
    }

    private void Note(HashSet<(long Group, long Customer)> members, DateTime now)
    {
        Visible.AddRange(_expected
            .Where(expected => members.Contains((expected.Group, expected.Customer)))
            .Select(expected => Math.Max(0, (now - expected.Since).TotalMilliseconds)));
        _expected.RemoveAll(expected => members.Contains((expected.Group, expected.Customer)));
        if (_expected.Find(expected => now - expected.Since > Patience) is { Customer: > 0 } missed)
        {
            throw new BenchException($"{missed.Customer} is still not in group {missed.Group}.");
        }

        foreach (var (customer, (until, seen)) in _leaving.ToList())
        {
            if (members.Contains((fading, customer)))
            {
                _leaving[customer] = (until, true);
            }
            else if (seen)
            {
                Late.Add((now - until).TotalMilliseconds);
                _leaving.Remove(customer);
            }

            if (now - until > Patience)
            {
                throw new BenchException($"{customer} has {(seen ? "not left" : "never entered")} group {fading}.");
            }
        }
    }
}
