using System.Text.Json;
using System.Text.RegularExpressions;
using Clientele.Tests.House;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Deque.AxeCore.Commons;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Goes to pages of the console that have something to show, and asks axe about them.</summary>
public abstract partial class PageInspection(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    private const string Background = "colour => getComputedStyle(document.body).backgroundColor === colour";

    /// <summary>What loads has come, and what changes its colour has it: a button that gets its text in a moment has no contrast meanwhile.</summary>
    private const string IsStill = """
        () => !document.querySelector('.mud-skeleton')
            && document.getAnimations().every(a => a.playState !== 'running' || a.effect.getComputedTiming().endTime === Infinity)
        """;

    /// <summary>Runs axe in the page. Deque.AxeCore.Playwright opens another page for each result, which takes four times as long.</summary>
    private const string Axe = """
        async options => (await axe.run(document, { ...options, resultTypes: ['violations'] })).violations
            .map(v => `${v.id}: ${v.help}: ${v.nodes.slice(0, 3).map(n => n.html).join(' | ')}`)
        """;

    private static readonly string AxeScript = ReadAxeScript();
    private static readonly (ColorScheme Scheme, string Background)[] Themes =
        [(ColorScheme.Light, "rgb(245, 246, 248)"), (ColorScheme.Dark, "rgb(18, 21, 28)")];

    /// <summary>The theme that is shown.</summary>
    private int _theme;

    /// <summary>
    /// What axe says about a page in both themes, which differ in their colours only. A page is looked at in the theme of the one before, and then in the
    /// other one.
    /// </summary>
    private protected async Task<IEnumerable<string>> ComplaintsAsync(IPage page, string name, params string[] rulesOff)
    {
        if (!await page.EvaluateAsync<bool>("() => 'axe' in globalThis"))
        {
            await page.EvaluateAsync(AxeScript);
        }

        await page.WaitForFunctionAsync(IsStill);
        var found = await RunAsync(new { rules = rulesOff.ToDictionary(rule => rule, _ => new { enabled = false }) });
        _theme = 1 - _theme;
        var (scheme, background) = Themes[_theme];
        await page.EmulateMediaAsync(new() { ColorScheme = scheme });
        await page.WaitForFunctionAsync(Background, background);

        // The colours of what has a transition follow in the next frame.
        await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
        await page.WaitForFunctionAsync(IsStill);
        return found.Concat(await RunAsync(new { runOnly = new[] { "color-contrast" } }));

        async Task<string[]> RunAsync(object options) =>
            Array.ConvertAll(await page.EvaluateAsync<string[]>(Axe, options), violation => $"{name} ({Themes[_theme].Scheme}): {violation}");
    }

    private protected static async Task GoAsync(IPage page, string address, Dictionary<string, string> ids)
    {
        var path = Placeholder().Replace(address, name => ids[name.Value]);
        await page.EvaluateAsync($"() => Blazor.navigateTo({JsonSerializer.Serialize("/console/" + path)})");
        await page.WaitForLoadStateAsync(LoadState.NetworkIdle);
        await page.WaitForFunctionAsync("() => document.querySelectorAll('main h1').length > 0");
        await page.WaitForFunctionAsync(IsStill);
    }

    /// <summary>A customer with something on every tab, a group and a segment, both with this customer.</summary>
    private protected async Task<Dictionary<string, string>> IdsAsync()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        (await customer.Post(Lists.Addresses, Given.Address())).Expect(201);
        await admin.OrderAsync(customer, "looking", 1, "120.00");
        var group = (await admin.Post("/api/customers/groups/", new { name = $"Group {Guid.NewGuid()}" })).Expect(201);
        (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);
        var rule = new { field = "username", op = "eq", value = customer.Username };
        var segment = (await admin.Post("/api/customers/groups/", new { name = $"Segment {Guid.NewGuid()}", auto_assign = true, assignment_rules = rule }))
            .Expect(201);
        return new()
        {
            ["{customer}"] = $"{customer.Id}",
            ["{group}"] = $"{group["id"]}",
            ["{segment}"] = $"{segment["id"]}",
            ["{webhook}"] = $"{await WebhookAsync(admin, customer, (long)group["id"])}",
        };
    }

    /// <summary>A webhook that fails, with a delivery.</summary>
    private async Task<Guid> WebhookAsync(Actor admin, Actor customer, long group)
    {
        var webhook = (await admin.Post("/api/webhooks/", new { url = "https://shop.invalid/hook", description = "Order system", groups = new[] { group } }))
            .Expect(201);
        var id = Guid.Parse((string)webhook["id"]!);
        await App.DeliveredRegistrationAsync(id, customer.Id);
        return id;
    }

    private static string ReadAxeScript()
    {
        using var stream = typeof(AxeResult).Assembly.GetManifestResourceStream("Deque.AxeCore.Commons.Resources.axe.min.js")!;
        return new StreamReader(stream).ReadToEnd();
    }

    [GeneratedRegex("\\\\?\\{[^}]+\\}")]
    private protected static partial Regex Placeholder();
}
