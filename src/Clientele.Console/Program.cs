using Clientele.Client;
using Clientele.ConsoleApp.Shared;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.AspNetCore.Components.WebAssembly.Hosting;

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
        builder.Services.AddSingleton(_ => new HttpClient { BaseAddress = api });
        builder.Services.AddSingleton(services => new ClienteleClient(services.GetRequiredService<HttpClient>(), new ClienteleClientOptions { MaxRetries = 2 }));
        builder.Services.AddSingleton<SignedIn>();
        builder.Services.AddShared();
        await builder.Build().RunAsync().ConfigureAwait(true);
    }
}
