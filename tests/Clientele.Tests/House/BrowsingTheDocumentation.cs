using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.House;

/// <summary>The two pages of the documentation, in a browser, as readers see them.</summary>
[Trait("Database", "Any")]
public sealed class BrowsingTheDocumentation(ClienteleApp app, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private readonly ConcurrentQueue<string> _complaints = new();
    private readonly ConcurrentQueue<string> _requests = new();
    private IPage? _page;

    private IPage Page => _page!;

    public async ValueTask InitializeAsync()
    {
        _page = await chromium.Browser.NewPageAsync(new() { BaseURL = app.Address.ToString() });

        // A page that renders the whole API takes long on a busy machine.
        _page.SetDefaultTimeout(120_000);
        _page.Console += (_, message) => Note(message.Type is "error" or "warning", message.Text);
        _page.PageError += (_, error) => Note(true, error);
        _page.Request += (_, request) => _requests.Enqueue(request.Url);
        _page.RequestFailed += (_, request) => Note(true, $"{request.Url} failed: {request.Failure}");
    }

    public async ValueTask DisposeAsync() => await chromium.CloseContextsAsync();

    [Fact]
    public async Task A_customer_signs_in_and_reads_their_profile()
    {
        var customer = await app.CustomerAsync();
        await Page.GotoAsync("/api/docs/");

        var token = await ExecuteAsync("Accounts-CreateToken", new JsonObject { ["username"] = customer.Username, ["password"] = customer.Password });
        await Page.Locator(".auth-wrapper .authorize").ClickAsync();
        await Page.Locator(".modal-ux input").First.FillAsync((string)token["access"]!);
        await Page.Locator(".modal-ux .auth-btn-wrapper .authorize").First.ClickAsync();
        await Page.Locator(".modal-ux .btn-done").First.ClickAsync();
        var me = await ExecuteAsync("Customers-GetMe");

        Assert.Equal(customer.Username, (string)me["username"]!);
        AssertSelfContained();
    }

    [Fact]
    public async Task Every_operation_can_be_unfolded_and_tried_out()
    {
        await Page.GotoAsync("/api/docs");
        var expected = (await ApiDescription.OfAsync(app)).Operations.Count;
        await Page.Locator(".opblock").Nth(expected - 1).WaitForAsync();

        Assert.Equal(expected, await Page.Locator(".opblock").CountAsync());
        var group = Page.Locator("#operations-Groups-CreateGroup");
        await group.Locator(".opblock-summary-control").ClickAsync();
        await group.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        Assert.Equal("VIP Gold Members", (string)JsonNode.Parse(await group.Locator("textarea").InputValueAsync())!["name"]!);
        AssertSelfContained();
    }

    [Fact]
    public async Task The_page_to_read_finds_and_shows_every_operation()
    {
        await Page.GotoAsync("/api/redoc");

        // Typing at once would go nowhere: the field gets the focus a moment after the dialog has opened.
        await Page.GetByTestId("search-trigger").First.ClickAsync();
        await Page.GetByPlaceholder("Search docs...").FillAsync("password");
        await Page.GetByText("/api/customers/customers/change_password/").Last.WaitForAsync();

        await Page.GotoAsync("/api/redoc/");
        foreach (var operations in (await ApiDescription.OfAsync(app)).Operations.GroupBy(operation => (string)operation.Json["tags"]![0]!))
        {
            await Page.Locator($"[data-component-name='Menu/MenuItem'] a[href='#/{operations.Key}' i]").ClickAsync();
            foreach (var operation in operations)
            {
                await Page.Locator($"a[href$='/{operation.Name}' i]").First.WaitForAsync(new() { State = WaitForSelectorState.Attached });
            }
        }

        AssertSelfContained();
    }

    /// <summary>Expands an operation, fills in its body, executes it, and returns the body of the response.</summary>
    private async Task<JsonNode> ExecuteAsync(string operation, JsonObject? body = null)
    {
        var block = Page.Locator($"#operations-{operation}");
        await block.Locator(".opblock-summary-control").ClickAsync();
        await block.GetByRole(AriaRole.Button, new() { Name = "Try it out" }).ClickAsync();
        if (body is not null)
        {
            await block.Locator("textarea").FillAsync(body.ToJsonString());
        }

        await block.GetByRole(AriaRole.Button, new() { Name = "Execute", Exact = true }).ClickAsync();
        var answer = block.Locator(".live-responses-table .response").First;
        Assert.StartsWith("200", await answer.Locator(".response-col_status").InnerTextAsync(), StringComparison.Ordinal);
        return JsonNode.Parse(await answer.Locator(".highlight-code code").First.InnerTextAsync())!;
    }

    private void Note(bool isComplaint, string text)
    {
        if (isComplaint)
        {
            _complaints.Enqueue(text);
        }
    }

    /// <summary>Nothing was blocked, nothing failed, and no other host was contacted.</summary>
    private void AssertSelfContained()
    {
        Assert.True(_complaints.IsEmpty, string.Join('\n', _complaints));
        Assert.NotEmpty(_requests);
        Assert.All(_requests, url => Assert.Matches($"^(data:|(blob:)?{app.Address})", url));
    }
}
