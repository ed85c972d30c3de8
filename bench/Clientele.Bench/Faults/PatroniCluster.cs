using System.Diagnostics;
using System.Globalization;
using System.Net;
using Npgsql;

namespace Clientele.Bench.Faults;

/// <summary>Three members of a PostgreSQL cluster that Patroni keeps, with synchronous mode, and HAProxy in front of the primary.</summary>
internal sealed class PatroniCluster : IAsyncDisposable
{
    private const int Members = 3;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan Restart = TimeSpan.FromSeconds(60);

    private readonly string _directory;
    private readonly int[] _ports = Shell.FreePorts(2 + (2 * Members));
    private readonly Process?[] _members = new Process?[Members];
    private readonly HttpClient _client = new() { Timeout = TimeSpan.FromSeconds(2) };
    private Process? _etcd;
    private HaProxy? _proxy;

    private PatroniCluster(string directory) => _directory = directory;

    /// <summary>A connection to whichever member is the primary, without a database.</summary>
    public string Superuser => new NpgsqlConnectionStringBuilder
    {
        Host = "127.0.0.1",
        Port = _proxy!.Port,
        Database = "postgres",
        Username = "postgres",
        Password = "trial",
        Pooling = false,
    }.ConnectionString;

    public static async Task<PatroniCluster> StartAsync(CancellationToken cancellationToken)
    {
        var cluster = new PatroniCluster(await Shell.DirectoryAsync("patroni"));
        string client = Local(cluster._ports[0]), peer = Local(cluster._ports[1]);
        cluster._etcd = Shell.Start(
            Path.Combine(cluster._directory, "etcd.log"), cluster._directory, "etcd", "--name", "trial", "--data-dir", Path.Combine(cluster._directory, "etcd"),
            "--listen-client-urls", client, "--advertise-client-urls", client, "--listen-peer-urls", peer, "--initial-advertise-peer-urls", peer,
            "--initial-cluster", $"trial={peer}", "--enable-v2=true");
        for (var i = 0; i < Members; i++)
        {
            await File.WriteAllTextAsync(cluster.Settings(i), cluster.Configuration(i), cancellationToken);
            cluster.StartMember(i);
        }

        await cluster.UntilAsync(cluster.IsWholeAsync, "a primary and two members that follow it");
        cluster._proxy = await HaProxy.OfMembersAsync(Enumerable.Range(0, Members).Select(i => (cluster.Port(i), cluster.Rest(i))));
        await cluster.UntilAsync(cluster.LeadsToPrimaryAsync, "a proxy that has found the primary");
        return cluster;
    }

    /// <summary>
    /// Kills Patroni and PostgreSQL of the primary, waits for the next one, and lets the member come back as a standby. As a service manager would, it
    /// starts the member again also if the others have not agreed on a primary by then.
    /// </summary>
    public async Task FailOverAsync()
    {
        await UntilAsync(IsWholeAsync, "two members that follow the primary");
        var primary = (await PrimaryAsync())!.Value;
        await Shell.KillAsync(_members[primary]!.Id);
        for (var waited = Stopwatch.StartNew(); waited.Elapsed < Restart && await PrimaryAsync() is null;)
        {
            await Task.Delay(200);
        }

        StartMember(primary);
        await UntilAsync(IsWholeAsync, "two members that follow the primary again");
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _members.Append(_etcd).OfType<Process>())
        {
            await Shell.KillAsync(process.Id);
            process.Dispose();
        }

        await (_proxy?.DisposeAsync() ?? ValueTask.CompletedTask);
        _client.Dispose();
        await Shell.RunAsync("/", asOwner: false, "rm", "-rf", _directory);
    }

    private static string Local(int port) => string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}");

    private int Port(int member) => _ports[2 + (2 * member)];

    private int Rest(int member) => _ports[3 + (2 * member)];

    private string Settings(int member) => Path.Combine(_directory, $"member{member}.yml");

    private void StartMember(int member) => _members[member] =
        Shell.Start(Path.Combine(_directory, $"member{member}.log"), _directory, "patroni", Settings(member));

    /// <summary>The member that is the primary.</summary>
    private async Task<int?> PrimaryAsync()
    {
        for (var i = 0; i < Members; i++)
        {
            if (await IsAsync(i, "primary"))
            {
                return i;
            }
        }

        return null;
    }

    /// <summary>Until its first checks, the proxy takes all members for the primary.</summary>
    private async Task<bool> LeadsToPrimaryAsync()
    {
        for (var i = 0; i < Members; i++)
        {
            await using var connection = await Connections.OpenAsync(Superuser);
            await using var command = new NpgsqlCommand("SELECT pg_is_in_recovery()", connection);
            if (await command.ExecuteScalarAsync() is true)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> IsWholeAsync() =>
        await PrimaryAsync() is not null && await SynchronousAsync()
            && (await Task.WhenAll(Enumerable.Range(0, Members).Select(i => IsAsync(i, "replica?lag=1MB")))).Count(follows => follows) == Members - 1;

    private async Task<bool> SynchronousAsync() =>
        (await Task.WhenAll(Enumerable.Range(0, Members).Select(i => IsAsync(i, "synchronous")))).Any(is_ => is_);

    private async Task<bool> IsAsync(int member, string role)
    {
        try
        {
            using var answer = await _client.GetAsync(new Uri($"{Local(Rest(member))}/{role}"));
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private async Task UntilAsync(Func<Task<bool>> holds, string what)
    {
        for (var waited = Stopwatch.StartNew(); !await holds(); await Task.Delay(200))
        {
            if (waited.Elapsed > Patience)
            {
                var logs = Directory.GetFiles(_directory, "*.log").Select(log => $"{log}:\n{string.Join('\n', File.ReadLines(log).TakeLast(20))}");
                throw new BenchException($"Patroni did not reach {what}.\n{string.Join('\n', logs)}");
            }
        }
    }

    private string Configuration(int member) => string.Create(CultureInfo.InvariantCulture, $"""
        scope: trial
        name: member{member}
        restapi:
          listen: 127.0.0.1:{Rest(member)}
          connect_address: 127.0.0.1:{Rest(member)}
        etcd:
          host: 127.0.0.1:{_ports[0]}
        bootstrap:
          dcs:
            ttl: 20
            loop_wait: 2
            retry_timeout: 4
            synchronous_mode: true
            maximum_lag_on_failover: 1048576
            postgresql:
              use_pg_rewind: true
              parameters:
                max_connections: 200
                shared_buffers: 128MB
                wal_log_hints: 'on'
          initdb:
            - encoding: UTF8
            - locale: C.UTF-8
          pg_hba:
            - host all all 127.0.0.1/32 trust
            - host replication all 127.0.0.1/32 trust
        postgresql:
          listen: 127.0.0.1:{Port(member)}
          connect_address: 127.0.0.1:{Port(member)}
          data_dir: {Path.Combine(_directory, $"data{member}")}
          bin_dir: {PostgresServer.Binaries}
          pgpass: {Path.Combine(_directory, $"pgpass{member}")}
          authentication:
            superuser:
              username: postgres
              password: trial
            replication:
              username: replicator
              password: trial
            rewind:
              username: postgres
              password: trial
          parameters:
            unix_socket_directories: ''

        """);
}
