using System.Globalization;
using System.Security.Cryptography;
using Npgsql;

namespace Clientele.Bench;

/// <summary>A database with an ordinary role, as in production. Both are dropped afterwards.</summary>
internal sealed class BenchDatabase : IAsyncDisposable
{
    private readonly NpgsqlDataSource _server;
    private readonly string _name;

    private BenchDatabase(NpgsqlDataSource server, string name, string connectionString) =>
        (_server, _name, ConnectionString) = (server, name, connectionString);

    public string ConnectionString { get; }

    /// <summary>PostgreSQL's version.</summary>
    public string Version { get; private set; } = "";

    public int? Postmaster { get; private set; }

    /// <param name="server">The connection string of a role that may create roles and databases.</param>
    /// <param name="cancellationToken">Stops the run.</param>
    /// <param name="suffix">The end of the name of a second database.</param>
    public static async Task<BenchDatabase> CreateAsync(string server, CancellationToken cancellationToken, string suffix = "")
    {
        var password = Convert.ToHexString(RandomNumberGenerator.GetBytes(16));
        var name = string.Create(CultureInfo.InvariantCulture, $"clientele_bench_{Environment.ProcessId}{suffix}");
        var own = new NpgsqlConnectionStringBuilder(server) { Database = name, Username = name, Password = password };
        var database = new BenchDatabase(NpgsqlDataSource.Create(server), name, own.ConnectionString);
        await database.RunAsync($"CREATE ROLE {name} LOGIN PASSWORD '{password}'", cancellationToken);
        await database.RunAsync($"CREATE DATABASE {name} OWNER {name}", cancellationToken);
        await using var connection = await database._server.OpenConnectionAsync(cancellationToken);
        database.Version = connection.PostgreSqlVersion.ToString();
        database.Postmaster = await Cpu.PostmasterAsync(connection, cancellationToken);
        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await RunAsync($"DROP DATABASE IF EXISTS {_name} WITH (FORCE)", CancellationToken.None);
        await RunAsync($"DROP ROLE IF EXISTS {_name}", CancellationToken.None);
        await _server.DisposeAsync();
    }

    private async Task RunAsync(string sql, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // A name and a password that this class has generated.
        await using var command = _server.CreateCommand(sql);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
