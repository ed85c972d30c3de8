using Clientele.Client;
using Clientele.ConsoleApp.Shared;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;
using Microsoft.JSInterop;

namespace Clientele.ConsoleApp;

internal static class Program
{
    private static async Task Main(string[] args)
    {
        var builder = WebAssemblyHostBuilder.CreateDefault(args);
        builder.RootComponents.Add<App>("#app");
        builder.RootComponents.Add<HeadOutlet>("head::after");
        // The API is on the console's own host, one folder up.
        var api = new Uri(new Uri(builder.HostEnvironment.BaseAddress), "..");
        builder.Services.AddSingleton(services => new HttpClient(new AskedAhead(services.GetRequiredService<IJSRuntime>(), api)) { BaseAddress = api });
        builder.Services.AddSingleton<ConsoleSession>();
        builder.Services.AddSingleton(Client);
        builder.Services.AddSingleton<SignedIn>();
        builder.Services.AddShared();
        await builder.Build().RunAsync().ConfigureAwait(true);
    }

    private static ClienteleClient Client(IServiceProvider services)
    {
        var session = services.GetRequiredService<ConsoleSession>();
        return new(services.GetRequiredService<HttpClient>(), new()
        {
            MaxRetries = 2,
            RenewTokens = (old, _) => session.RenewAsync(old),
            TokensChanged = session.TellAsync,
        });
    }
}
