using System.Text.RegularExpressions;
using Clientele.Tests.House;
using Clientele.Tests.Loyalty;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The customer page, as the people in support use it.</summary>
public sealed class HelpingACustomer(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    private const string Image = "<img src=x onerror=\"window.owned=1\">";

    private static readonly string[] Tabs =
    [
        "", "/addresses", "/orders", "/points", "/tier", "/groups", "/wishlist", "/reviews", "/consents", "/messages", "/sessions", "/audit",
    ];

    [Fact]
    public async Task In_a_call_the_customer_is_found_by_phone_and_the_address_corrected()
    {
        var admin = await App.AdminAsync();
        var customer = await App.CustomerAsync(with: new { phone = "+493012345678", first_name = "Grace", last_name = "Hopper" });
        (await customer.Post("/api/customers/addresses/", Given.Address())).Expect(201);
        (await admin.Put($"/api/orders/CALL-{customer.Id}/", Order(customer))).Expect(201);
        var found = (await admin.Get("/api/customers/customers/?search=030%2012345678")).Expect(200)["results"].AsArray().Select(row => (long)row!["id"]!);
        Assert.Contains(customer.Id, found);

        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await Heading(page, "Grace Hopper").WaitForAsync();
        await TabAsync(page, "Orders");
        await page.GetByText($"CALL-{customer.Id}").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Lines of order" }).ClickAsync();
        await page.GetByText("Red umbrella").WaitForAsync();
        await TabAsync(page, "Addresses");
        await page.GetByRole(AriaRole.Button, new() { Name = "Edit", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("City").FillAsync("Brooklyn");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await page.GetByText(new Regex("Brooklyn")).First.WaitForAsync();

        Assert.Equal("Brooklyn", (string)(await customer.Get(customer.Url)).Expect(200)["addresses"][0]!["city"]!);
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task On_a_phone_the_tab_that_is_shown_and_the_one_with_the_focus_are_in_view()
    {
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await page.SetViewportSizeAsync(320, 800);

        await page.GotoAsync($"/console/customers/{customer.Id}/audit");
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Audit" })).ToBeInViewportAsync();
        await page.GetByRole(AriaRole.Tab, new() { Name = "Audit" }).FocusAsync();
        foreach (var tab in new[] { "Sessions", "Messages", "Consents", "Reviews", "Wishlist" })
        {
            await page.Keyboard.PressAsync("ArrowLeft");
            await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = tab })).ToBeFocusedAsync();
            await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = tab })).ToBeInViewportAsync();
        }

        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Wishlist", Selected = true })).ToBeInViewportAsync();
    }

    [Fact]
    public async Task After_a_complaint_points_are_added_with_a_reason()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 1000, reason = "Welcome" })).Expect(200);

        var page = await OpenSignedInAsync($"customers/{customer.Id}/points");
        await page.GetByText("Welcome").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Add points" }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Points").FillAsync("250");
        await dialog.GetByLabel("Reason").FillAsync("The parcel was late");
        await dialog.GetByRole(AriaRole.Button, new() { Name = "Add", Exact = true }).ClickAsync();

        await page.GetByText("The parcel was late").WaitForAsync();
        await page.Locator("[data-figure=available]", new() { HasText = "1,250" }).WaitForAsync();
        await page.Locator("[data-figure=points]", new() { HasText = "1,250" }).WaitForAsync();
        Assert.Equal(1250, (int)(await customer.Get($"{customer.Url}loyalty/")).Expect(200)["available"]);
    }

    [Fact]
    public async Task A_redemption_can_be_reversed_until_nothing_of_it_is_left()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 1000 })).Expect(200);
        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 300, reason = "Voucher" })).Expect(200);
        (await admin.Post($"{customer.Url}loyalty/entries/2/reverse/", new { points = 100 })).Expect(200);

        var page = await OpenSignedInAsync($"customers/{customer.Id}/points");
        await page.GetByRole(AriaRole.Button, new() { Name = "Reverse entry 2" }).ClickAsync();
        await page.GetByText("Reverse what is left of entry 2: 200 points").WaitForAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Give back" }).ClickAsync();

        await page.GetByText("Reversed", new() { Exact = true }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Reverse entry 2" })).ToHaveCountAsync(0);
        var entry = (await customer.Get($"{customer.Url}loyalty/entries/")).Expect(200)["results"].AsArray().Single(row => (long)row!["id"]! == 2)!;
        Assert.Equal(0, (long)entry["reversible"]!);
    }

    [Fact]
    public async Task The_ledger_tells_which_points_are_still_held_back()
    {
        UseOwn(await ClienteleApp.StartAsync(new() { Settings = { ["Loyalty:PendingDays"] = "14" } }));
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        await admin.OrderAsync(customer, "held-back", 1, "40.00");

        var page = await OpenSignedInAsync($"customers/{customer.Id}/points");

        var line = page.GetByRole(AriaRole.Table, new() { Name = "Ledger" }).GetByRole(AriaRole.Row).Filter(new() { HasText = "Order held-back" });
        await Assertions.Expect(line).ToContainTextAsync("pending until");
        await page.CloseAsync();
    }

    [Fact]
    public async Task The_audit_names_the_admin_who_has_changed_something()
    {
        var (admin, customer) = (await App.NewAdminAsync(), await App.CustomerAsync());
        (await admin.Patch("/api/customers/customers/update_profile/", new { first_name = "Katherine", last_name = "Johnson" })).Expect(200);
        (await admin.Patch(customer.Url, new { notes = "Calls often" })).Expect(200);

        var page = await OpenSignedInAsync($"customers/{customer.Id}/audit");

        await page.GetByRole(AriaRole.Link, new() { Name = "Katherine Johnson" }).First.WaitForAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task The_menu_of_actions_closes_before_the_dialog_that_it_opens()
    {
        Expect(403);
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync($"customers/{customer.Id}");

        await page.GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByText("Export the data").ClickAsync();

        await page.GetByRole(AriaRole.Dialog).GetByLabel("Password", new() { Exact = true }).WaitForAsync();
        await Assertions.Expect(page.GetByText("Export the data")).ToBeHiddenAsync();
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task On_a_small_laptop_all_tabs_are_visible()
    {
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await page.SetViewportSizeAsync(1280, 720);

        await page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex("^Sessions \\(") }).WaitForAsync();

        await Assertions.Expect(page.GetByRole(AriaRole.Tab)).ToHaveCountAsync(Tabs.Length);
        await Assertions.Expect(page.GetByRole(AriaRole.Tab, new() { Name = "Audit" })).ToBeInViewportAsync(new() { Ratio = 1 });
        await Assertions.Expect(page.Locator(".mud-tabs-scroll-button")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task An_erasure_needs_the_username_and_a_confirmation()
    {
        Expect(403, 404);
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());

        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Actions" }).ClickAsync();
        await page.GetByText("Erase…").ClickAsync();
        var erase = page.GetByRole(AriaRole.Button, new() { Name = "Erase permanently" });
        await page.GetByLabel("Username", new() { Exact = true }).FillAsync("somebody else");
        Assert.True(await erase.IsDisabledAsync());
        await page.GetByLabel("Username", new() { Exact = true }).FillAsync(customer.Username);
        await erase.ClickAsync();
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(admin.Password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Confirm" }).ClickAsync();
        await page.GetByText("This customer was erased.").WaitForAsync();

        (await admin.Get(customer.Url)).ExpectProblem(404);
        await page.ReloadAsync();
        await page.GetByText("This customer was erased.").WaitForAsync();
        await Heading(page, $"Customer {customer.Id}").WaitForAsync();
        await Assertions.Expect(page.GetByText(customer.Username)).ToHaveCountAsync(0);
        await page.EvaluateAsync("query => Blazor.navigateTo(query)", $"/console/customers?search={customer.Username}");
        await page.GetByText("No customer matches.").WaitForAsync();
        await page.EvaluateAsync("() => Blazor.navigateTo('/console/search')");
        await page.GetByRole(AriaRole.Main).GetByRole(AriaRole.Combobox).FillAsync(customer.Email);
        await page.GetByText("Nothing found").First.WaitForAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_two_versions_one_is_chosen_and_the_rest_stays_typed(bool mine)
    {
        Expect(412);
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await page.GetByLabel("First name").FillAsync("Mine");
        await page.GetByLabel("Gender").FillAsync("typed");
        (await admin.Patch(customer.Url, new { first_name = "Theirs" })).Expect(200);

        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByRole(AriaRole.Cell, new() { Name = "Theirs", Exact = true }).WaitForAsync();
        await dialog.GetByRole(AriaRole.Cell, new() { Name = "Mine", Exact = true }).WaitForAsync();
        await dialog.GetByRole(AriaRole.Button, new() { Name = mine ? "Save mine" : "Take theirs" }).ClickAsync();
        await dialog.WaitForAsync(new() { State = WaitForSelectorState.Detached });
        if (!mine)
        {
            await page.GetByText("Your other changes are still to be saved.").WaitForAsync();
            Assert.Equal("typed", await page.GetByLabel("Gender").InputValueAsync());
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
        }

        await page.GetByText("Saved.").First.WaitForAsync();
        var saved = (await admin.Get(customer.Url)).Expect(200);
        Assert.Equal((mine ? "Mine" : "Theirs", "typed"), ((string)saved["first_name"]!, (string)saved["gender"]!));
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_refused_value_is_told_at_its_field_and_stays_typed()
    {
        Expect(400);
        var customer = await App.CustomerAsync();
        var page = await OpenSignedInAsync($"customers/{customer.Id}");

        await page.GetByLabel("Phone").FillAsync("not a number");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();

        // The message belongs to the field of the phone and to no other.
        var field = page.Locator(".mud-input-control").Filter(new() { Has = page.GetByLabel("Phone") }).Last;
        await Assertions.Expect(field.Locator(".mud-input-helper-text.mud-input-error")).ToContainTextAsync("Must be digits, such as +1234567890.");
        await Assertions.Expect(page.Locator(".mud-input-helper-text.mud-input-error")).ToHaveCountAsync(1);
        await Assertions.Expect(page.GetByLabel("Phone")).ToHaveAttributeAsync("aria-invalid", "true");
        Assert.Equal("not a number", await page.GetByLabel("Phone").InputValueAsync());
    }

    [Fact]
    [Trait("Database", "Any")]
    public async Task A_customer_who_is_not_there_is_said_to_be_missing()
    {
        Expect(404);
        var page = await OpenSignedInAsync("customers/987654321/points");

        await page.GetByText("There is no such customer.").WaitForAsync();
    }

    [Fact]
    public async Task Hostile_text_runs_nothing_and_breaks_no_layout()
    {
        var (admin, customer) = (await App.AdminAsync(), await App.CustomerAsync());
        await FillWithHostileTextAsync(admin, customer);

        var page = await OpenSignedInAsync($"customers/{customer.Id}");
        await page.SetViewportSizeAsync(320, 800);
        foreach (var tab in Tabs)
        {
            await page.EvaluateAsync("path => Blazor.navigateTo(path)", $"/console/customers/{customer.Id}{tab}");
            await page.Locator("[aria-busy=true]:not([role=progressbar]), .mud-skeleton").First.WaitForAsync(new() { State = WaitForSelectorState.Detached });
            Assert.True(await FitsAsync(page), $"{tab} is wider than the window.");
        }

        Assert.False(await page.EvaluateAsync<bool>("'owned' in window"));
        Assert.Equal(0, await page.Locator("#app img:not([src=\"favicon.svg\"])").CountAsync());
    }

    private static ILocator Heading(IPage page, string name) => page.GetByRole(AriaRole.Heading, new() { Name = name });

    private static Task TabAsync(IPage page, string name) => page.GetByRole(AriaRole.Tab, new() { NameRegex = new Regex($"^{name}") }).ClickAsync();

    private static object Order(Actor customer, string product = "Red umbrella") => new
    {
        customer = customer.Id,
        status = "paid",
        total = "12.50",
        placed_at = "2025-10-15T14:30:00Z",
        revision = 1,
        lines = new[] { new { line_number = 1, product_id = "p1", name = product, quantity = 1, unit_price = "12.50" } },
    };

    private static async Task FillWithHostileTextAsync(Actor admin, Actor customer)
    {
        var marks = "Z" + string.Concat(Enumerable.Repeat("\u0316", 30));
        var unbroken = new string('W', 100);
        (await admin.Patch(customer.Url, new
        {
            first_name = Image,
            last_name = "\u05D0\u05D1\u05D2 " + marks + unbroken,
            gender = "<b>x</b>",
            source = Image,
            notes = $"{Image}\u202Egnp.exe\u2066{new string('W', 9_900)}",
            tags = new[] { Image, new string('W', 50), marks },
            metadata = new Dictionary<string, string> { [new string('W', 50)] = Image, ["<b>"] = unbroken },
        })).Expect(200);
        (await admin.Post("/api/customers/addresses/", new
        {
            customer = customer.Id,
            address_type = "shipping",
            first_name = Image,
            last_name = unbroken,
            company = marks,
            address_line1 = Image + unbroken,
            city = unbroken,
            postal_code = "10115",
            country = "DE",
        })).Expect(201);
        (await admin.Put($"/api/orders/HOSTILE-{customer.Id}/", Order(customer, Image + unbroken))).Expect(201);
        (await admin.Put($"{customer.Url}wishlist/{new string('W', 90)}/", new { name = Image + unbroken })).Expect(201);
        (await admin.Put($"/api/reviews/hostile-{customer.Id}/", new
        {
            customer = customer.Id,
            product_id = unbroken,
            rating = 1,
            revision = 1,
            title = Image,
            body = Image + marks + new string('W', 9_000),
        })).Expect(201);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5, reason = Image + unbroken })).Expect(200);
        (await admin.Post($"{customer.Url}update_loyalty_tier/", new { loyalty_tier = "gold", reason = Image + unbroken })).Expect(200);
        var group = (await admin.Post(Lists.Groups, new { name = $"{Image}{Guid.NewGuid():N}" })).Expect(201)["id"];
        (await admin.Post($"{Lists.Groups}{group}/add_member/", new { customer_id = customer.Id })).Expect(200);
    }
}
