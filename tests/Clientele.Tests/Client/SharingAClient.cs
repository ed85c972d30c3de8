using Clientele.Client;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Client;

public sealed class SharingAClient(ClienteleApp app)
{
    [Fact]
    public async Task An_application_has_one_client_with_one_session()
    {
        var john = await app.CustomerAsync();
        var services = new ServiceCollection();
        services.AddClientele(app.Address, (_, options) => options.MaxRetries = 0);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ClienteleClient>().SignInAsync(john.Username, john.Password);
        await using var scope = provider.CreateAsyncScope();

        Assert.Equal(john.Id, (await scope.ServiceProvider.GetRequiredService<ClienteleClient>().Customers.GetMeAsync()).Value.Id);
    }

    [Fact]
    public async Task Its_requests_go_through_the_handlers_of_the_application()
    {
        var wire = new Wiretap();
        var services = new ServiceCollection();
        services.AddClientele(app.Address).ConfigurePrimaryHttpMessageHandler(() => wire);
        await using var provider = services.BuildServiceProvider();

        await provider.GetRequiredService<ClienteleClient>().Health.GetReadinessAsync();

        Assert.Single(wire.Sent);
    }
}
