namespace Clientele.Client;

/// <summary>The health of the service. These calls are never retried, so that they show the current state.</summary>
public sealed class HealthClient
{
    private readonly Connection _connection;

    internal HealthClient(Connection connection) => _connection = connection;

    /// <summary>Checks whether the process is alive, regardless of its database.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="HttpRequestException">The process does not respond.</exception>
    public Task<HealthResponse> GetLivenessAsync(CancellationToken cancellationToken = default) => GetAsync("health/live", cancellationToken);

    /// <summary>Checks whether the service can take requests.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>unavailable</c> (503): the database does not respond, or the service is about to stop.</exception>
    /// <exception cref="HttpRequestException">The process does not respond.</exception>
    public Task<HealthResponse> GetReadinessAsync(CancellationToken cancellationToken = default) => GetAsync("health/ready", cancellationToken);

    private Task<HealthResponse> GetAsync(string path, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Get(path) with { IsPublic = true, Repeat = Repeat.Never }, WireJson.Default.HealthResponse, cancellationToken);
}
