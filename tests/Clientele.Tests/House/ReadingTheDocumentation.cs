using System.Globalization;
using System.Text.RegularExpressions;
using Clientele.Server.Addresses;
using Clientele.Server.Bulk;
using Clientele.Server.Customers;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Keys;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;
using Clientele.Server.Privacy;
using Clientele.Server.Webhooks;
using Clientele.Tests.Webhooks;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>The service does what docs/api says.</summary>
public sealed partial class ReadingTheDocumentation
{
    private const string JohnsPassword = "SecureP@ssw0rd123!";

    public static TheoryData<string> Pages => [.. Story.Pages.GetFiles("*.md").Select(file => file.Name).Order(StringComparer.Ordinal)];

    [Theory]
    [MemberData(nameof(Pages))]
    public async Task Every_page_is_a_true_story_that_reaches_all_endpoints_of_its_noun(string page)
    {
        var reached = new ReachedEndpoints();
        await using var receiver = await Receiver.StartAsync();
        await using var own = await ClienteleApp.StartAsync(new() { Services = reached.Record, Settings = receiver.Settings });
        var known = await CastAsync(own, withJohn: page != "accounts.md");
        if (page == "messages.md")
        {
            known["message_id"] = $"{await own.FailAMessageAsync(long.Parse(known["customer_id"], CultureInfo.InvariantCulture))}";
        }

        known["receiver"] = receiver.Host;
        reached.Clear();
        var story = Story.Of(page);
        using var http = own.CreateClient();

        using var authenticator = new StoryAuthenticator();

        Assert.NotEqual(0, await story.TellAsync(http, known, names => BetweenAsync(own, authenticator, names)));

        foreach (var endpoint in reached.All.Where(endpoint => PageOf(endpoint) == page))
        {
            Assert.Contains($"`{endpoint.Method} {endpoint.Path}`", story.Text, StringComparison.Ordinal);
            Assert.Contains(endpoint.Name, reached.Names);
        }
    }

    [Fact]
    public void Every_error_code_is_documented_with_its_status()
    {
        var documented = ErrorRow().Matches(Story.Of("errors.md").Text)
            .Select(row => (row.Groups[1].Value, int.Parse(row.Groups[2].Value, CultureInfo.InvariantCulture)));

        Assert.Equal(
            Problems.Codes.Select(code => (code.Key, code.Value.Status)).OrderBy(code => code.Key, StringComparer.Ordinal),
            documented.OrderBy(code => code.Item1, StringComparer.Ordinal));
    }

    [Fact]
    public void Every_code_that_a_page_speaks_of_exists()
    {
        var spoken = Story.Pages.GetFiles("*.md")
            .SelectMany(file => ProblemType().Matches(File.ReadAllText(file.FullName)).Select(type => type.Groups[1].Value));

        Assert.Empty(spoken.Except(Problems.Codes.Keys));
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void Every_parameter_of_a_list_is_on_its_page(string page)
    {
        IListDefinition[] lists = page switch
        {
            "customers.md" => [CustomerList.Definition],
            "addresses.md" => [AddressesEndpoints.List],
            "bulk.md" => [BulkEndpoints.List],
            "groups.md" => [GroupsEndpoints.List],
            "keys.md" => [KeysEndpoints.List],
            "loyalty.md" => [PointsEndpoints.List],
            "messages.md" => [MessagesEndpoints.List],
            "privacy.md" => [PrivacyEndpoints.List],
            "webhooks.md" => [WebhooksEndpoints.List, DeliveriesEndpoints.List],
            "history.md" => [OrdersEndpoints.List, WishlistEndpoints.List, ReviewsEndpoints.List],
            _ => [],
        };

        Assert.All(
            lists.SelectMany(list => list.Parameters),
            parameter => Assert.Contains($"`{parameter.Name}`", Story.Of(page).Text, StringComparison.Ordinal));
    }

    /// <summary>A tag without its own page is described in the README.</summary>
    private static string PageOf(KnownEndpoint endpoint)
    {
#pragma warning disable CA1308 // The names of the pages are in lower case.
        var page = $"{endpoint.Tag.ToLowerInvariant()}.md";
#pragma warning restore CA1308
        return File.Exists(Path.Combine(Story.Pages.FullName, page)) ? page : "README.md";
    }

    /// <summary>What the persons in the stories do between two requests.</summary>
    internal static async Task BetweenAsync(ClienteleApp app, StoryAuthenticator authenticator, Dictionary<string, string> known)
    {
        // The pages show what is there once the segments have followed.
        await app.DrainAsync();
        await app.DeliverAsync();
        authenticator.Answer(known);
        await StoryMail.ReadAsync(app, known);
    }

    /// <summary>The persons in the stories, except those who are created in one.</summary>
    internal static async Task<Dictionary<string, string>> CastAsync(ClienteleApp own, bool withJohn)
    {
        var admin = await own.AdminAsync();
        var known = new Dictionary<string, string>
        {
            ["admin_id"] = Text(admin.Id),
            ["admin_token"] = admin.Access,
            ["admin_password"] = admin.Password,
        };
        if (withJohn)
        {
            var profile = new { email = "john@example.com", password = JohnsPassword, password2 = JohnsPassword, first_name = "John", last_name = "Doe" };
            var john = await own.CustomerAsync("johndoe", profile);
            known["customer_id"] = Text(john.Id);
            known["access_token"] = john.Access;
        }

        return known;
    }

    private static string Text(long id) => id.ToString(CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^\| `([a-z_]+)` \| (\d{3}) \|", RegexOptions.Multiline)]
    private static partial Regex ErrorRow();

    [GeneratedRegex("urn:clientele:problem:([a-z_]+)")]
    private static partial Regex ProblemType();
}
