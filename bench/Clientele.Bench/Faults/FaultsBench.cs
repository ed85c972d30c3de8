using System.Diagnostics;
using System.Globalization;
using Npgsql;
using Spectre.Console;

namespace Clientele.Bench.Faults;

/// <param name="Only">The faults to make; empty for all.</param>
/// <param name="Scale">How many faults of each kind, as a part of all.</param>
/// <param name="Former">The program of an older release, in a folder with its name; null if there is none to upgrade from.</param>
internal sealed record FaultsOptions(IReadOnlyList<string> Only, double Scale, string? Former)
{
    public string Command => Scale >= 1 ? "bin/bench faults" : string.Create(CultureInfo.InvariantCulture, $"bin/bench faults --scale {Scale}");

    public bool IsFull => Only.Count == 0;
}

/// <summary>A fault, and what writers have seen of it.</summary>
internal sealed record Trial(string Name, string Fault, int Times, Outcome Outcome, int Findings)
{
    /// <summary>The events that a webhook has sent meanwhile.</summary>
    public SentEvents? Events { get; init; }
}

/// <param name="Lost">Events that have not arrived.</param>
/// <param name="Again">Events that have arrived more than once, with the same id.</param>
/// <param name="Disordered">Events that have arrived after a later one of the same customer.</param>
internal sealed record SentEvents(int Lost, int Again, int Disordered);

/// <summary>Makes everything fail that the service depends on while writers write, and compares what was acknowledged with what is there.</summary>
internal static class FaultsBench
{
    private const int Customers = 40;
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private static readonly string[] OnServer = ["node", "terminate", "postgres", "frozen", "pool", "receiver"];

    public static readonly string[] Names = [.. OnServer, "disk", "failover", "upgrade"];

    public static async Task<int> RunAsync(FaultsOptions options, CancellationToken cancellationToken)
    {
        try
        {
            var unknown = options.Only.Except(Names).ToArray();
            if (unknown.Length > 0)
            {
                throw new BenchException($"There is no fault called {string.Join(", ", unknown)}. There are {string.Join(", ", Names)}.");
            }

            var trials = new List<Trial>();
            var report = new FaultsReport(options, trials);
            try
            {
                await Run.Bars().StartAsync(progress => TryAllAsync(progress, trials, options, cancellationToken));
            }
            finally
            {
                // If a trial could not be made, those before it are still worth seeing.
                Run.Show(report);
            }

            if (report.Broken.ToArray() is { Length: > 0 } broken)
            {
                throw new BenchException(string.Join('\n', broken));
            }

            if (report.IsFull)
            {
                await report.WriteAsync(cancellationToken);
            }

            return 0;
        }
        catch (Exception failure) when (failure is BenchException or NpgsqlException or HttpRequestException)
        {
            await Console.Error.WriteLineAsync(failure.Message);
            return 1;
        }
    }

    private static async Task TryAllAsync(ProgressContext progress, List<Trial> trials, FaultsOptions options, CancellationToken cancellationToken)
    {
        await OnServerAsync();
        await OnSmallDiskAsync();
        await OnPatroniAsync();
        await OnUpgradeAsync();
        return;

        bool Wanted(string name) => options.Only.Count == 0 || options.Only.Contains(name);

        int Times(int all) => Math.Max(1, (int)(all * options.Scale));

        async Task OnServerAsync()
        {
            if (!OnServer.Any(Wanted))
            {
                return;
            }

            await using var server = await PostgresServer.StartAsync();
            await using var bed = await FaultBed.CreateAsync(server.Superuser, nodes: 3, Customers, cancellationToken);
            await TryAsync("node", "a node is killed (SIGKILL), of three behind HAProxy", Times(100), bed, async i =>
            {
                await bed.Nodes.KillAsync(i % 3);
                await bed.Nodes.StartAsync(i % 3, cancellationToken);
            });
            await TryAsync("terminate", "a node is stopped (SIGTERM) and started, of three behind HAProxy", Times(10), bed, async i =>
            {
                await bed.Nodes.TerminateAsync(i % 3);
                await bed.Nodes.StartAsync(i % 3, cancellationToken);
                await Task.Delay(Pause, cancellationToken);
            });
            await TryAsync("postgres", "PostgreSQL is killed (SIGKILL) and started", Times(20), bed, async _ =>
            {
                await server.KillAsync();
                await server.StartAgainAsync();
                await Task.Delay(2 * Pause, cancellationToken);
            });
            await TryAsync("frozen", "PostgreSQL stands still for 60 s (SIGSTOP)", 1, bed, async _ =>
            {
                await server.FreezeAsync();
                await Task.Delay(TimeSpan.FromSeconds(60) * Math.Min(1, options.Scale * 2), cancellationToken);
                await server.ThawAsync();
            });
            await TryAsync("pool", "a lock on all orders and points holds every connection of the nodes for 20 s", 1, bed, async _ =>
            {
                // Nobody else may lock the ledger: not even the owner may change its rows.
                var superuser = new NpgsqlConnectionStringBuilder(server.Superuser) { Database = new NpgsqlConnectionStringBuilder(bed.Database).Database };
                await using var connection = await Connections.OpenAsync(superuser.ConnectionString, cancellationToken);
                await using var holding = await connection.BeginTransactionAsync(cancellationToken);
                await using var command = new NpgsqlCommand("LOCK TABLE orders, points_entries IN ACCESS EXCLUSIVE MODE", connection, holding);
                await command.ExecuteNonQueryAsync(cancellationToken);
                await Task.Delay(TimeSpan.FromSeconds(20), cancellationToken);
            });
            await OnReceiverAsync(bed);
        }

        async Task OnReceiverAsync(FaultBed bed)
        {
            if (!Wanted("receiver"))
            {
                return;
            }

            await using var receiver = new MortalReceiver();
            await receiver.StartAsync();
            var (_, first) = await bed.EventsAsync(0, cancellationToken);
            await bed.SendEventsToAsync(receiver.Address, cancellationToken);
            await TryAsync("receiver", "a receiver of webhooks dies for 5 s and comes back", Times(10), bed, async _ =>
            {
                await receiver.KillAsync();
                await Task.Delay(5 * Pause, cancellationToken);
                await receiver.StartAsync();
                await Task.Delay(3 * Pause, cancellationToken);
            });
            var (expected, _) = await bed.EventsAsync(first, cancellationToken);
            for (var waited = Stopwatch.StartNew(); waited.Elapsed < TimeSpan.FromMinutes(2) && receiver.Accepted.Count < expected.Count;)
            {
                await Task.Delay(Pause, cancellationToken);
            }

            trials[^1] = trials[^1] with { Events = new(expected.Except(receiver.Accepted).Count(), receiver.Again, receiver.Disordered) };
        }

        async Task OnSmallDiskAsync()
        {
            if (!Wanted("disk"))
            {
                return;
            }

            await using var disk = await SmallDisk.MountAsync(megabytes: 400);
            await using var server = await PostgresServer.StartAsync(disk.Path);
            await using var bed = await FaultBed.CreateAsync(server.Superuser, nodes: 2, Customers, cancellationToken);
            await TryAsync("disk", "the disk of PostgreSQL is full for 10 s", 1, bed, async _ =>
            {
                await disk.FillAsync();
                await Task.Delay(10 * Pause, cancellationToken);
                disk.Empty();
                if (!server.IsRunning)
                {
                    await server.StartAgainAsync();
                }
            });
        }

        async Task OnPatroniAsync()
        {
            if (!Wanted("failover"))
            {
                return;
            }

            await using var cluster = await PatroniCluster.StartAsync(cancellationToken);
            await using var bed = await FaultBed.CreateAsync(cluster.Superuser, nodes: 2, Customers, cancellationToken);
            await TryAsync("failover", "the primary of three members of a Patroni cluster is killed, with synchronous mode", Times(3), bed, async _ =>
            {
                await cluster.FailOverAsync();
                await Task.Delay(2 * Pause, cancellationToken);
            });
        }

        async Task OnUpgradeAsync()
        {
            if (options.Former is not { } former || !Wanted("upgrade"))
            {
                return;
            }

            var release = Path.GetFileName(Path.GetDirectoryName(former));
            await using var server = await PostgresServer.StartAsync();
            await using var bed = await FaultBed.CreateAsync(server.Superuser, nodes: 3, Customers, cancellationToken, former);
            bed.Nodes.Program = Nodes.ThisRelease;
            await TryAsync("upgrade", $"one node of three after the other is replaced: release {release} by this one", 3, bed, async i =>
            {
                await bed.Nodes.TerminateAsync(i);
                await bed.Nodes.StartAsync(i, cancellationToken);
                await Task.Delay(2 * Pause, cancellationToken);
            });
        }

        async Task TryAsync(string name, string fault, int times, FaultBed bed, Func<int, Task> act)
        {
            if (!Wanted(name))
            {
                return;
            }

            var step = progress.AddTask(fault, maxValue: times);
            await using var writers = await Writers.StartAsync(bed.Nodes.Address, bed.Database, bed.Key, bed.Customers);
            await Task.Delay(2 * Pause, cancellationToken);
            for (var i = 0; i < times; i++)
            {
                await act(i);
                step.Increment(1);
            }

            await Task.Delay(2 * Pause, cancellationToken);
            trials.Add(new(name, fault, times, await writers.EndAsync(), await bed.CheckAsync(cancellationToken)));
            step.StopTask();
        }
    }
}
