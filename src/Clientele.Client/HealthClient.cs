namespace Clientele.Client;

/// <summary>How the service is. Asked once and not again: the point is to know.</summary>
public sealed class HealthClient
{
    private readonly Connection _connection;

    internal HealthClient(Connection connection) => _connection = connection;

    /// <summary>Asks whether the process is alive, whatever its database does.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public Task<HealthResponse> GetLivenessAsync(CancellationToken cancellationToken = default) => GetAsync("health/live", cancellationToken);

    /// <summary>Asks whether the service can take requests.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>unavailable</c> (503): its database does not answer, or it is about to stop.</exception>
    /// <exception cref="HttpRequestException">It does not answer.</exception>
    public Task<HealthResponse> GetReadinessAsync(CancellationToken cancellationToken = default) => GetAsync("health/ready", cancellationToken);

    private Task<HealthResponse> GetAsync(string path, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Get(path) with { IsPublic = true, Repeat = Repeat.Never }, ClientJson.Default.HealthResponse, cancellationToken);
}
