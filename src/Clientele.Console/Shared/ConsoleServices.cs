using Clientele.ConsoleApp.Layout;
using Clientele.ConsoleApp.Pages.Customers;
using Clientele.ConsoleApp.Pages.Finding;
using MudBlazor;
using MudBlazor.Services;

namespace Clientele.ConsoleApp.Shared;

/// <summary>What the pages share.</summary>
internal static class ConsoleServices
{
    public static IServiceCollection AddShared(this IServiceCollection services) => services
        .AddMudServices(options =>
        {
            options.SnackbarConfiguration.PositionClass = Defaults.Classes.Position.BottomRight;
            options.SnackbarConfiguration.PreventDuplicates = false;
        })
        .AddSingleton(TimeProvider.System)
        .AddSingleton<Preferences>()
        .AddSingleton<RecentCustomers>()
        .AddSingleton<CustomersPlace>()
        .AddSingleton<People>()
        .AddScoped<StoreCurrency>()
        .AddScoped<StepUp>()
        .AddScoped<Save>()
        .AddScoped<PasskeyPrompt>();
}
