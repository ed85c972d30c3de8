using System.Text.Json;
using System.Text.RegularExpressions;
using Clientele.Tests.House;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Clientele.Tests.Webhooks;
using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
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

    private static readonly HashSet<ResultType> Violations = [ResultType.Violations];
    private static readonly RunOnlyOptions Contrast = new() { Type = "rule", Values = ["color-contrast"] };

    /// <summary>What axe says about a page in both themes, which differ in their colours only.</summary>
    private protected static async Task<IEnumerable<string>> ComplaintsAsync(IPage page, string name, AxeRunOptions options)
    {
        // Nobody reads the descriptions of what passes.
        options.ResultTypes = Violations;
        await page.WaitForFunctionAsync(IsStill);
        var light = Complaints($"{name} (light)", await page.RunAxe(options));
        await ShowAsync(ColorScheme.Dark, "rgb(18, 21, 28)");
        var dark = Complaints($"{name} (dark)", await page.RunAxe(new AxeRunOptions { RunOnly = Contrast, ResultTypes = Violations }));
        await ShowAsync(ColorScheme.Light, "rgb(245, 246, 248)");
        return light.Concat(dark);

        // The colours of what has a transition follow in the next frame.
        async Task ShowAsync(ColorScheme scheme, string background)
        {
            await page.EmulateMediaAsync(new() { ColorScheme = scheme });
            await page.WaitForFunctionAsync(Background, background);
            await page.EvaluateAsync("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))");
            await page.WaitForFunctionAsync(IsStill);
        }
    }

    private static IEnumerable<string> Complaints(string page, AxeResult found) => found.Violations.Select(violation =>
        $"{page}: {violation.Id}: {violation.Help}: {string.Join(" | ", violation.Nodes.Take(3).Select(node => node.Html))}");

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

    [GeneratedRegex("\\\\?\\{[^}]+\\}")]
    private protected static partial Regex Placeholder();
}
