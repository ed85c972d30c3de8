using Clientele.Client;

#pragma warning disable IDE0130 // Where applications look for methods that add services.
namespace Microsoft.Extensions.DependencyInjection;
#pragma warning restore IDE0130

/// <summary>Adds the client to an application.</summary>
public static class ClienteleServices
{
    /// <summary>
    /// Adds a <see cref="ClienteleClient"/> that the whole application shares, with one session: sign in once, for example as the shop's admin,
    /// and every class that takes a <see cref="ClienteleClient"/> uses the session. For the session of a visitor, create a client of its own.
    /// </summary>
    /// <param name="services">The application's services.</param>
    /// <param name="address">The address of the service, such as <c>http://localhost:8000</c>.</param>
    /// <param name="configure">How the client behaves; null for the defaults.</param>
    /// <returns>The client's <see cref="HttpClient"/>, for handlers of your own.</returns>
    public static IHttpClientBuilder AddClientele(
        this IServiceCollection services, Uri address, Action<IServiceProvider, ClienteleClientOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(address);
        services.AddSingleton(provider =>
        {
            var options = new ClienteleClientOptions();
            configure?.Invoke(provider, options);
            return new ClienteleClient(provider.GetRequiredService<IHttpClientFactory>().CreateClient(nameof(ClienteleClient)), options);
        });

        // The client lives as long as the application, so its connections, not its handler, are replaced from time to time.
        return services.AddHttpClient(nameof(ClienteleClient), http => (http.BaseAddress, http.Timeout) = (address, ClienteleClient.Patience))
            .ConfigurePrimaryHttpMessageHandler(ClienteleClient.Connections)
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan);
    }
}
