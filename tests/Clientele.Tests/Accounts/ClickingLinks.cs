using System.Collections.Concurrent;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.Accounts;

/// <summary>The pages behind the links in mails, in a browser, as readers of the mails use them.</summary>
public sealed class ClickingLinks(ClienteleApp app, Chromium chromium) : IClassFixture<Chromium>, IAsyncLifetime
{
    private const string NewPassword = "winter-otter-lantern";

    /// <summary>Tokens that would run, if a page took them for markup, a script or an address.</summary>
    private static readonly string[] Hostile =
    [
        "<img src=x onerror=\"window.ran = 1\">",
        "\"><script>window.ran = 1</script>",
        "javascript:window.ran=1",
        "</script><svg onload=window.ran=1>",
        "'-(window.ran=1)-'",
        "{{constructor.constructor('window.ran=1')()}}",
        "//evil.example/x.js",
    ];

    private readonly ConcurrentQueue<string> _requests = new();
    private readonly ConcurrentQueue<string> _complaints = new();
    private IPage? _page;

    private IPage Page => _page!;

    private ILocator Heading => Page.Locator("h1");

    private ILocator Button => Page.Locator("button");

    private ILocator Status => Page.Locator("[role=status]");

    public async ValueTask InitializeAsync()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        _page = await chromium.Browser.NewPageAsync();
        _page.SetDefaultTimeout(120_000);
        _page.Request += (_, request) => _requests.Enqueue(request.Url);
        _page.PageError += (_, error) => _complaints.Enqueue(error);
        _page.Dialog += async (_, dialog) =>
        {
            _complaints.Enqueue(dialog.Message);
            await dialog.DismissAsync();
        };
    }

    public async ValueTask DisposeAsync() => await chromium.CloseContextsAsync();

    [Fact]
    public async Task The_button_of_the_verification_page_proves_the_address()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);

        await OpenAsync(mail.Link);
        Assert.Equal("Confirm your e-mail address", await Heading.TextContentAsync());
        Assert.DoesNotContain(mail.Token, Page.Url, StringComparison.Ordinal);
        Assert.False((bool)(await customer.Get(customer.Url))["is_verified"]);
        await Button.ClickAsync();
        await ShowsAsync("verified");

        Assert.True((bool)(await customer.Get(customer.Url))["is_verified"]);
        Assert.False(await Button.IsVisibleAsync());
        ExpectSelfContained(mail.Token);
    }

    [Fact]
    public async Task The_reset_page_sets_a_new_password()
    {
        var customer = await app.CustomerAsync();
        (await app.Stranger.Post("/api/auth/password/reset/", new { username = customer.Username })).Expect(202);
        var mail = await app.Mail.NextAsync(customer.Email, "/reset/");

        await OpenAsync(mail.Link);
        Assert.Equal("Set a new password", await Heading.TextContentAsync());
        await FillAsync(NewPassword, "another-one-entirely");
        await ShowsAsync("The two passwords are different.");
        await FillAsync(NewPassword, NewPassword);
        await ShowsAsync("Password set.");

        await app.SignInAsync(customer.Username, NewPassword);
        (await app.Stranger.Post("/api/auth/token/", new { username = customer.Username, password = customer.Password })).ExpectProblem(401);
        ExpectSelfContained(mail.Token);
    }

    [Fact]
    public async Task The_button_of_the_undo_page_brings_the_old_address_back()
    {
        var customer = await app.CustomerAsync();
        var email = $"moved-{Guid.NewGuid():N}@example.com";
        (await customer.Patch(customer.Url, new { email, current_password = customer.Password })).Expect(200);
        (await app.Stranger.Post("/api/customers/customers/verify_email/", new { token = (await app.Mail.NextAsync(email)).Token })).Expect(200);
        var mail = await app.Mail.NextAsync(customer.Email, "/undo/");

        await OpenAsync(mail.Link);
        Assert.Equal("Undo the change of your e-mail address", await Heading.TextContentAsync());
        await Button.ClickAsync();
        await Button.WaitForAsync(new() { State = WaitForSelectorState.Hidden });

        await app.SignInAsync(customer.Email, customer.Password);
        ExpectSelfContained(mail.Token);
    }

    [Fact]
    public async Task A_link_that_was_used_says_so_and_can_be_tried_again()
    {
        var customer = await app.CustomerAsync();
        var mail = await app.Mail.NextAsync(customer.Email);
        (await app.Stranger.Post("/api/customers/customers/verify_email/", new { token = mail.Token })).Expect(200);

        await OpenAsync(mail.Link);
        await Button.ClickAsync();

        await ShowsAsync("link");
        Assert.True(await Button.IsEnabledAsync());
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("reset")]
    [InlineData("undo")]
    public async Task A_hostile_token_runs_nothing(string name)
    {
        foreach (var token in Hostile)
        {
            var text = Uri.EscapeDataString(token);
            foreach (var link in new[] { $"/account/{name}/#token={text}", $"/account/{name}/?token={text}#token={text}", $"/account/{name}/#{token}" })
            {
                await OpenAsync(link);
                if (await Button.IsVisibleAsync())
                {
                    await Button.ClickAsync();
                    await Assertions.Expect(Status).Not.ToBeEmptyAsync();
                }

                Assert.Null(await Page.EvaluateAsync<int?>("window.ran"));
                Assert.Equal(0, await Page.Locator("main img, main svg, main script").CountAsync());
            }
        }

        ExpectSelfContained();
    }

    [Theory]
    [InlineData("verify")]
    [InlineData("reset")]
    [InlineData("undo")]
    public async Task A_script_that_got_into_the_page_would_not_run(string name)
    {
        await OpenAsync($"/account/{name}/#token=t");

        // The browser itself refuses it. The promise ends with the violation, or with the handler.
        var refused = await Page.EvaluateAsync<string>(
            """
            () => new Promise(resolve => {
              window.ran = () => resolve('ran');
              document.addEventListener('securitypolicyviolation', violation => resolve(violation.effectiveDirective));
              document.querySelector('main').insertAdjacentHTML('beforeend', '<img src="data:,x" onerror="window.ran()">');
            })
            """);

        Assert.Equal("script-src-attr", refused);
    }

    /// <summary>Opens a link at the app's own address: the one in the mail is that of the settings.</summary>
    private async Task OpenAsync(string link)
    {
        // A new document each time, also if only the fragment differs.
        await Page.GotoAsync("about:blank");
        await Page.GotoAsync($"{app.Address}".TrimEnd('/') + link[link.IndexOf("/account/", StringComparison.Ordinal)..]);
        await Assertions.Expect(Heading).Not.ToHaveTextAsync("Your account");
    }

    private async Task FillAsync(string password, string again)
    {
        await Page.Locator("[name=new_password]").FillAsync(password);
        await Page.Locator("[name=new_password2]").FillAsync(again);
        await Button.ClickAsync();
    }

    private Task ShowsAsync(string text) => Assertions.Expect(Status).ToContainTextAsync(text, new() { IgnoreCase = true, Timeout = 60_000 });

    /// <summary>All requests are to the service, none has the token in its address, and the page reports no error.</summary>
    private void ExpectSelfContained(string token = "?no-token")
    {
        Assert.All(_requests, url => Assert.StartsWith($"{app.Address}", url, StringComparison.Ordinal));
        Assert.All(_requests, url => Assert.DoesNotContain(token, new Uri(url).PathAndQuery, StringComparison.Ordinal));
        Assert.Empty(_complaints);
    }
}
