using System.Text.RegularExpressions;
using Clientele.ConsoleApp.Layout;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Web;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.JSInterop;
using MudBlazor;
using MudBlazor.Services;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The colours and sizes of the console are a file, so that no browser has to work them out at each start.</summary>
[Trait("Database", "Any")]
public sealed partial class LookingTheSame
{
    [Fact]
    public async Task The_file_has_what_the_component_library_makes_of_the_look()
    {
        var light = await StyleAsync(isDark: false);
        var dark = (await StyleAsync(isDark: true)).Split('\n').Except(light.Split('\n')).ToList();
        Assert.All(dark, line => Assert.StartsWith("--", line, StringComparison.Ordinal));
        var right = $"/* Made from Layout/Look.cs. If that changes, a test fails and writes it again. */\n{light}\n"
            + $":root[data-theme=\"dark\"]{{\n{string.Join('\n', dark)}\n}}\n";

        var file = Path.Combine(Repository.Root, "src", "Clientele.Console", "wwwroot", "theme.css");
        if (await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken) != right)
        {
            await File.WriteAllTextAsync(file, right, TestContext.Current.CancellationToken);
            Assert.Fail($"{file} was not what the component library makes of Layout/Look.cs. It is now: build again.");
        }
    }

    /// <summary>The style sheet that the component library would otherwise write into each page.</summary>
    private static async Task<string> StyleAsync(bool isDark)
    {
        await using var services = new ServiceCollection().AddLogging().AddMudServices().AddSingleton<IJSRuntime, NoBrowser>().BuildServiceProvider();
        await using var renderer = new HtmlRenderer(services, NullLoggerFactory.Instance);
        var html = await renderer.Dispatcher.InvokeAsync(async () =>
        {
            var parameters = ParameterView.FromDictionary(new Dictionary<string, object?> { ["Theme"] = Look.Theme, ["IsDarkMode"] = isDark });
            return (await renderer.RenderComponentAsync<MudThemeProvider>(parameters)).ToHtmlString();
        });
        return string.Join('\n', Style().Matches(html).Select(style => style.Groups[1].Value.Trim()));
    }

    [GeneratedRegex("<style[^>]*>(.*?)</style>", RegexOptions.Singleline)]
    private static partial Regex Style();

    /// <summary>A text is rendered without a browser.</summary>
    private sealed class NoBrowser : IJSRuntime
    {
        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, object?[]? args) => ValueTask.FromResult(default(TValue)!);

        public ValueTask<TValue> InvokeAsync<TValue>(string identifier, CancellationToken cancellationToken, object?[]? args) =>
            InvokeAsync<TValue>(identifier, args);
    }
}
