using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Clientele.Tests.House;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>Marketing builds a segment in the console, in a real browser, and sees who is in it.</summary>
public sealed partial class RunningACampaign(OwnApp app, Chromium chromium) : ConsoleScenario(app, chromium), IClassFixture<OwnApp>
{
    /// <summary>For a busy machine, in milliseconds.</summary>
    private const float Patience = 60_000;

    private const string Hostile = "<img src=x onerror=alert(1)>\"'&{{7*7}}";

    [Fact]
    public async Task An_example_becomes_a_segment_whose_members_can_be_explained()
    {
        var people = await PeopleAsync("mouse", 3);
        var page = await OpenSignedInAsync("segments/new");

        await page.GetByRole(AriaRole.Button, new() { Name = "Examples" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByText("Young adults").ClickAsync();
        await SaysAsync(page, "Active customers whose age is between 18 and 29.");

        await page.GetByRole(AriaRole.Button, new() { Name = "Condition", Exact = true }).ClickAsync();
        await ChooseAsync(page, page.GetByLabel("Field", new() { Exact = true }).Last, "e-mail domain", "E-mail domain");
        await page.GetByLabel("Value", new() { Exact = true }).Last.FillAsync("mouse.example");
        await SaysAsync(page, "Active customers whose age is between 18 and 29 and whose e-mail domain is “mouse.example”.");
        await CountAsync(page, 0);

        // The age is too strict: without it there are the three of them.
        await page.GetByRole(AriaRole.Group, new() { Name = "Condition on age" }).GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await CountAsync(page, people.Count);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Mice");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(SegmentAddress());
        await page.GetByText("3 members, kept up to date").WaitForAsync();

        await page.GetByText("Explain for a customer").ClickAsync();
        await ChooseAsync(page, page.GetByLabel("Customer to explain"), people[0].Username, people[0].Email);
        await page.GetByRole(AriaRole.Listitem).Filter(new() { HasText = "has “mouse.example”" }).First.WaitForAsync();

        await page.GetByRole(AriaRole.Link, new() { Name = "Members" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(1 + people.Count, new() { Timeout = Patience });
    }

    [Fact]
    public async Task What_the_list_of_customers_shows_becomes_a_segment()
    {
        var (admin, people) = (await App.AdminAsync(), await PeopleAsync("listed", 3));
        foreach (var (username, _) in people.Take(2))
        {
            var id = (await admin.Get($"/api/customers/customers/?username={username}")).Expect(200)["results"][0]!["id"];
            (await admin.Patch($"/api/customers/customers/{id}/", new { tags = new[] { "listed" } })).Expect(200);
        }

        var page = await OpenSignedInAsync("customers?tag=listed");
        await Assertions.Expect(page.Locator(".customer-table tbody tr")).ToHaveCountAsync(2, new() { Timeout = Patience });

        await page.GetByRole(AriaRole.Button, new() { Name = "Save as segment" }).ClickAsync();
        await Assertions.Expect(page.Locator("#sentence")).ToContainTextAsync("tags include any of “listed”", new() { Timeout = Patience });
        await CountAsync(page, 2);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Listed");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(SegmentAddress());
        await page.GetByText("2 members, kept up to date").WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Members" }).ClickAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Row)).ToHaveCountAsync(3, new() { Timeout = Patience });
    }

    [Fact]
    public async Task Of_two_editors_of_one_group_each_keeps_what_only_that_one_has_changed()
    {
        Expect(412);
        var rule = new JsonObject { ["field"] = "is_vip", ["op"] = "eq", ["value"] = true };
        var body = new JsonObject { ["name"] = "Shared", ["description"] = "old", ["auto_assign"] = true, ["assignment_rules"] = rule };
        var group = (await (await App.AdminAsync()).Post(Lists.Groups, body)).Expect(201)["id"];
        var first = await OpenSignedInAsync($"groups/{group}");
        var second = await OpenSignedInAsync($"segments/{group}");
        await first.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).First.ClickAsync();
        var dialog = first.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Description").FillAsync("hers");
        await dialog.GetByLabel("Discount").FillAsync("15");

        await second.GetByLabel("Name", new() { Exact = true }).FillAsync("Renamed");
        await second.GetByLabel("Description").FillAsync("his");
        await second.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        await second.GetByText("Saved.").First.WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        // Only the description was changed by both. The name and the discount are no question.
        var question = first.GetByRole(AriaRole.Dialog).Filter(new() { HasText = "Two versions" });
        await question.GetByRole(AriaRole.Cell, new() { Name = "his", Exact = true }).WaitForAsync();
        await Assertions.Expect(question.GetByRole(AriaRole.Row)).ToHaveCountAsync(2);
        await question.GetByRole(AriaRole.Button, new() { Name = "Save mine" }).ClickAsync();
        await first.GetByText("Saved.").First.WaitForAsync();

        var saved = (await (await App.AdminAsync()).Get($"{Lists.Groups}{group}/")).Expect(200);
        Assert.Equal(("Renamed", "hers", "15.00"), ((string)saved["name"]!, (string)saved["description"]!, (string)saved["discount_percentage"]!));
    }

    [Fact]
    public async Task A_rule_and_its_groups_benefits_are_saved_by_two_people_without_a_question()
    {
        Expect(412);
        var rule = new JsonObject { ["field"] = "total_orders", ["op"] = "gte", ["value"] = 1_000_000 };
        var body = new JsonObject { ["name"] = "Both", ["auto_assign"] = true, ["assignment_rules"] = rule };
        var admin = await App.AdminAsync();
        var group = (await admin.Post(Lists.Groups, body)).Expect(201)["id"];
        var page = await OpenSignedInAsync($"segments/{group}");
        await page.GetByText("JSON", new() { Exact = true }).ClickAsync();
        await page.GetByLabel("The rule as JSON").FillAsync("""{"field": "total_orders", "op": "gte", "value": 2000000}""");
        (await admin.Patch($"{Lists.Groups}{group}/", new { name = "Both of us", free_shipping = true })).Expect(200);

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        await page.GetByText("Saved.").First.WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Both of us" })).ToBeVisibleAsync();
        var saved = (await admin.Get($"{Lists.Groups}{group}/")).Expect(200);
        Assert.Equal(
            ("Both of us", true, 2_000_000), ((string)saved["name"]!, (bool)saved["free_shipping"], (int)saved["assignment_rules"]!["value"]!));
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_segment_is_built_by_keyboard_alone()
    {
        await PeopleAsync("keys", 2);
        var page = await OpenSignedInAsync("segments/new");
        await page.GetByRole(AriaRole.Heading, new() { Name = "New segment" }).WaitForAsync();

        await TabToAsync(page, "Condition");
        await page.Keyboard.PressAsync("Enter");
        await page.Keyboard.TypeAsync("e-mail domain");
        await Assertions.Expect(page.GetByRole(AriaRole.Option).First).ToContainTextAsync("E-mail domain", new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Enter");
        await SaysAsync(page, "Active customers whose e-mail domain is ….");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.PressAsync("Tab");
        await page.Keyboard.TypeAsync("keys.example");
        await CountAsync(page, 2);

        // The copy goes up past its original, away again, and comes back.
        await page.Keyboard.PressAsync("Alt+d");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Condition on e-mail domain" }))
            .ToHaveCountAsync(2, new() { Timeout = Patience });
        await page.Keyboard.PressAsync("Alt+ArrowUp");
        await page.Keyboard.PressAsync("Alt+Delete");
        await Assertions.Expect(page.GetByRole(AriaRole.Group, new() { Name = "Condition on e-mail domain" }))
            .ToHaveCountAsync(1, new() { Timeout = Patience });
        await CountAsync(page, 2);

        await TabToAsync(page, "Name", backwards: true);
        await page.Keyboard.TypeAsync("Keyboards");
        await TabToAsync(page, "Save", backwards: true);
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page).ToHaveURLAsync(SegmentAddress());
    }

    [Fact]
    public async Task A_tag_and_a_product_are_picked_while_typing()
    {
        var (admin, buyer) = (await App.AdminAsync(), (await PeopleAsync("picker", 1))[0]);
        var id = (await admin.Get($"/api/customers/customers/?username={buyer.Username}")).Expect(200)["results"][0]!["id"]!;
        (await admin.Patch($"/api/customers/customers/{id}/", new { tags = new[] { "outdoor fan", Hostile } })).Expect(200);
        var line = new { line_number = 1, product_id = "boot-01", name = "Hiking boot", quantity = 1, unit_price = "10.00" };
        var order = new { customer = (long)id, status = "paid", total = "10.00", placed_at = "2025-10-15T14:30:00Z", revision = 1, lines = new[] { line } };
        (await admin.Put("/api/orders/picked-1/", order)).Expect(201);
        var page = await OpenSignedInAsync("segments/new");

        await page.GetByRole(AriaRole.Button, new() { Name = "Condition", Exact = true }).ClickAsync();
        await ChooseAsync(page, page.GetByLabel("Field", new() { Exact = true }).Last, "tags", "Tags");
        await ChooseAsync(page, page.GetByLabel("Value, then Enter"), "OUTD", "outdoor fan");
        await ChooseAsync(page, page.GetByLabel("One more, then Enter"), "onerror", Hostile);
        await page.GetByLabel("One more, then Enter").FillAsync("not seen");
        await page.Keyboard.PressAsync("Enter");
        await SaysAsync(page, $"Active customers whose tags include any of “outdoor fan”, “{Hostile}” or “not seen”.");

        // By keyboard: what was typed comes first, then the suggestions. Typed at once: a later search for the whole text would choose the first again.
        await page.GetByRole(AriaRole.Button, new() { Name = "Condition", Exact = true }).ClickAsync();
        await ChooseAsync(page, page.GetByLabel("Field", new() { Exact = true }).Last, "order lines product", "Product");
        await page.GetByLabel("Value", new() { Exact = true }).Last.FillAsync("boot");
        await page.GetByRole(AriaRole.Option, new() { Name = "Hiking boot" }).WaitForAsync();
        await page.Keyboard.PressAsync("ArrowDown");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.Locator("#sentence")).ToContainTextAsync("“boot-01”", new() { Timeout = Patience });
        await CountAsync(page, 1);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task Text_and_tree_follow_each_other()
    {
        Expect(400);
        var page = await OpenSignedInAsync("segments/new");
        await page.GetByText("JSON", new() { Exact = true }).ClickAsync();
        var json = page.GetByLabel("The rule as JSON");

        await json.FillAsync("""{"all": [{"field": "is_vip", "op": "eq", "value": true}""");
        await page.GetByText(LineAndColumn()).WaitForAsync();
        await json.FillAsync("""{"all": [{"field": "is_vip", "op": "eq", "value": true}, {"field": "total_orders", "op": "gte", "value": "many"}]}""");
        await SaysAsync(page, "Active customers who are VIP and whose number of orders is at least \"many\".");

        // What the service says stands at its node.
        var orders = page.GetByRole(AriaRole.Group, new() { Name = "Condition on number of orders" });
        await orders.GetByRole(AriaRole.Alert).WaitForAsync();

        await orders.GetByRole(AriaRole.Button, new() { Name = "Delete" }).ClickAsync();
        await Assertions.Expect(json).ToHaveValueAsync(OnlyVip(), new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await orders.WaitForAsync();
    }

    [Fact]
    public async Task A_change_shows_who_would_come_and_go_before_it_is_saved()
    {
        var people = await PeopleAsync("moves", 4);
        var admin = await App.AdminAsync();
        var names = new JsonArray([.. people.Take(3).Select(person => (JsonNode)person.Username)]);
        var rule = new JsonObject { ["field"] = "username", ["op"] = "in", ["value"] = names };
        var group = (await admin.Post(Lists.Groups, new JsonObject { ["name"] = "Moves", ["auto_assign"] = true, ["assignment_rules"] = rule })).Expect(201);
        await App.DrainAsync();
        var page = await OpenSignedInAsync($"segments/{group["id"]}");
        await CountAsync(page, 3);

        await page.GetByRole(AriaRole.Button, new() { Name = $"Remove {people[0].Username}", Exact = true }).ClickAsync();
        await page.GetByLabel("One more, then Enter").FillAsync(people[3].Username);
        await page.Keyboard.PressAsync("Enter");

        var moves = page.GetByTestId("moves");
        await Assertions.Expect(moves).ToContainTextAsync("+1", new() { Timeout = Patience });
        await Assertions.Expect(moves).ToContainTextAsync("−1", new() { Timeout = Patience });
    }

    [Fact]
    public async Task Hostile_text_is_text()
    {
        var rule = new JsonObject { ["field"] = "email", ["op"] = "eq", ["value"] = Hostile };
        var page = await OpenSignedInAsync($"segments/new?rule={Uri.EscapeDataString(rule.ToJsonString())}");
        page.Dialog += (_, dialog) => Assert.Fail(dialog.Message);

        await SaysAsync(page, $"Active customers whose e-mail is “{Hostile}”.");
        await CountAsync(page, 0);
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(Hostile);
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page).ToHaveURLAsync(SegmentAddress());
        await page.GetByRole(AriaRole.Heading, new() { Name = Hostile }).WaitForAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Groups and segments" }).First.ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = Hostile }).WaitForAsync();
        Assert.Equal(0, await page.Locator("img[src=x]").CountAsync());
    }

    [Fact]
    public async Task Only_a_decision_by_hand_can_be_given_back_to_the_rule()
    {
        var (admin, people) = (await App.AdminAsync(), await PeopleAsync("origins", 2));
        var rule = new JsonObject { ["field"] = "username", ["op"] = "eq", ["value"] = people[0].Username };
        var group = (await admin.Post(Lists.Groups, new JsonObject { ["name"] = "Origins", ["auto_assign"] = true, ["assignment_rules"] = rule })).Expect(201);
        var id = (await admin.Get($"/api/customers/customers/?username={people[1].Username}")).Expect(200)["results"][0]!["id"]!;
        (await admin.Post($"{Lists.Groups}{group["id"]}/add_member/", new JsonObject { ["customer_id"] = id.DeepClone() })).Expect(200);
        await App.DrainAsync();
        var page = await OpenSignedInAsync($"groups/{group["id"]}");
        await Why(people[0]).ClickAsync();
        await page.GetByText("By rule", new() { Exact = true }).WaitForAsync();
        await Assertions.Expect(page.GetByText("Let the rule decide", new() { Exact = true })).ToHaveCountAsync(0);
        await page.Keyboard.PressAsync("Escape");
        await Why(people[1]).ClickAsync();
        await page.GetByText("Added by hand", new() { Exact = true }).WaitForAsync();
        await page.GetByText("Let the rule decide", new() { Exact = true }).ClickAsync();

        await Assertions.Expect(Row(people[1])).ToHaveCountAsync(0);
        await Assertions.Expect(Row(people[0])).ToHaveCountAsync(1);

        ILocator Row((string Username, string Email) person) => page.GetByRole(AriaRole.Row).Filter(new() { HasText = person.Email });

        ILocator Why((string Username, string Email) person) => Row(person).GetByRole(AriaRole.Button, new() { NameRegex = IsAMember() });
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task In_the_builder_the_navigation_marks_groups_and_segments()
    {
        var page = await OpenSignedInAsync("segments/new");

        await page.GetByRole(AriaRole.Heading, new() { Name = "New segment" }).WaitForAsync();

        Assert.Equal(["Groups and segments"], await page.Locator("nav [aria-current=page]").AllInnerTextsAsync());
    }

    [Fact]
    public async Task Somebody_is_added_by_hand_and_removed_again()
    {
        var person = (await PeopleAsync("hands", 1))[0];
        var page = await OpenSignedInAsync("groups");

        await page.GetByRole(AriaRole.Button, new() { Name = "New group" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByLabel("Name").FillAsync("Handmade");
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText("Nobody is in this group.").WaitForAsync();

        await ChooseAsync(page, page.GetByLabel("Add a customer by hand"), person.Username, person.Email);
        await page.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Row).Filter(new() { HasText = person.Email }).GetByRole(AriaRole.Button).ClickAsync();
        await page.GetByText("Nobody is in this group.").WaitForAsync();

        await page.GetByRole(AriaRole.Tab, new() { Name = "Coming and going" }).ClickAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Row).Filter(new() { HasText = "By hand" })).ToHaveCountAsync(2, new() { Timeout = Patience });
    }

    /// <summary>Customers whose e-mail addresses have a domain of their own.</summary>
    private async Task<IReadOnlyList<(string Username, string Email)>> PeopleAsync(string domain, int count)
    {
        var people = new List<(string, string)>();
        for (var i = 0; i < count; i++)
        {
            var body = Given.Registration($"{domain}{i}");
            body["email"] = $"{domain}{i}@{domain}.example";
            (await App.Stranger.Post("/api/customers/register/", body)).Expect(201);
            people.Add(($"{domain}{i}", $"{domain}{i}@{domain}.example"));
        }

        return people;
    }

    private static Task SaysAsync(IPage page, string sentence) =>
        Assertions.Expect(page.Locator("#sentence")).ToHaveTextAsync(sentence, new() { Timeout = Patience });

    private static Task CountAsync(IPage page, int count) =>
        Assertions.Expect(page.Locator("[data-testid=count]:not(.old)"))
            .ToHaveTextAsync(count.ToString(CultureInfo.InvariantCulture), new() { Timeout = Patience });

    /// <summary>Types into a field with suggestions, and takes the one with this text.</summary>
    private static async Task ChooseAsync(IPage page, ILocator field, string typed, string suggestion)
    {
        await field.ClickAsync();
        await field.FillAsync(typed);
        await page.Locator(".mud-popover-open .mud-list-item").Filter(new() { HasText = suggestion }).First.ClickAsync();
    }

    /// <summary>Presses Tab until an element with this name has the focus.</summary>
    private static async Task TabToAsync(IPage page, string name, bool backwards = false)
    {
        for (var presses = 0; presses < 60; presses++)
        {
            var focused = await page.EvaluateAsync<string>(
                "() => { const e = document.activeElement; return e.labels?.[0]?.innerText || e.getAttribute('aria-label') || e.innerText || ''; }");
            if (string.Equals(focused.Trim(), name, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }

            await page.Keyboard.PressAsync(backwards ? "Shift+Tab" : "Tab");
        }

        Assert.Fail($"{name} cannot be reached by Tab.");
    }

    [GeneratedRegex("^\\s*\\{\\s*\"all\": \\[\\s*\\{\\s*\"field\": \"is_vip\",\\s*\"op\": \"eq\",\\s*\"value\": true\\s*\\}\\s*\\]\\s*\\}$")]
    private static partial Regex OnlyVip();

    [GeneratedRegex("is a member$")]
    private static partial Regex IsAMember();

    [GeneratedRegex("/console/segments/[0-9]+$")]
    private static partial Regex SegmentAddress();

    [GeneratedRegex("Line 1, column")]
    private static partial Regex LineAndColumn();
}
