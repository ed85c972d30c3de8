using System.Text.RegularExpressions;
using Clientele.Server.Messages;
using Clientele.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using MimeKit;

namespace Clientele.Tests.Messages;

/// <summary>The texts of messages are those of the shop and of nobody else, in the language of the customer.</summary>
public sealed partial class WritingTexts(ClienteleApp app)
{
    private const string Hostile =
        "<b>Bold</b> \"quoted\" 'single' &amp; {{ link }} {% assign code = 1 %}\r\nBcc: victim@example.com\n\n<script>alert(1)</script>\u2028\u202Eevil\0";

    private static readonly string[] OurTags = ["a", "body", "br", "div", "doctype", "head", "html", "meta", "p", "title"];

    private static readonly DateTime Now = new(2025, 10, 15, 14, 30, 0, DateTimeKind.Utc);

    public static TheoryData<string, string> All => [.. Enum.GetNames<Template>().SelectMany(template => new[] { (template, "en"), (template, "de") })];

    [Theory]
    [MemberData(nameof(All))]
    public void Nothing_of_a_hostile_value_becomes_markup_a_header_a_line_or_a_template(string name, string language)
    {
        var template = Enum.Parse<Template>(name);
        var values = TemplateSource.ValuesOf(template).Where(value => value != TemplateSource.Shop).ToDictionary(value => value, _ => Hostile);

        var rendered = Render(template, language, values);

        Assert.All(Tag().Matches(rendered.Html), tag => Assert.Contains(tag.Groups[1].Value, OurTags));
        Assert.DoesNotContain("<b>", rendered.Html, StringComparison.Ordinal);
        Assert.DoesNotContain("href", rendered.Html, StringComparison.Ordinal);
        Assert.Contains("{{ link }} {% assign code = 1 %}", rendered.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("\nBcc", rendered.Text, StringComparison.Ordinal);
        Assert.DoesNotContain(rendered.Subject + rendered.Text.Replace("\n", "", StringComparison.Ordinal), char.IsControl);
        Assert.DoesNotContain('\u202E', rendered.Text);
        using var mail = new Mail { Id = Guid.NewGuid(), To = "ada@example.com", Content = rendered, At = Now }
            .ToMime(new MailboxAddress(Hostile, "us@shop.example"));
        Assert.Null(mail.Headers["Bcc"]);
        Assert.Equal("ada@example.com", mail.To.Mailboxes.Single().Address);
    }

    [Theory]
    [MemberData(nameof(All))]
    public void Every_message_exists_in_both_languages_with_all_its_values(string name, string language)
    {
        var template = Enum.Parse<Template>(name);
        var values = TemplateSource.ValuesOf(template).Where(value => value != TemplateSource.Shop)
            .ToDictionary(value => value, value => value switch
            {
                "at" => "2025-10-15T14:30:00Z",
                "link" => "https://shop.example/verify?token=abc&x=1",
                _ => $"the {value}",
            });

        var rendered = Render(template, language, values);

        var isMail = TemplateSource.ChannelOf(template) == Channel.Mail;
        Assert.Equal((language, isMail), (rendered.Language, rendered.Subject.Length > 0));
        Assert.All(values.Keys.Where(value => isMail || value != "name"), value => Assert.Contains(
            value == "at" ? "14:30" : values[value], rendered.Text, StringComparison.Ordinal));
        Assert.Contains("Clientele", rendered.Text, StringComparison.Ordinal);
        if (values.ContainsKey("link"))
        {
            Assert.Contains("<a href=\"https://shop.example/verify?token=abc&amp;x=1\"", rendered.Html, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("de-AT", "de")]
    [InlineData("de", "de")]
    [InlineData("en-GB", "en")]
    [InlineData("ja", "en")]
    public void A_language_without_texts_gets_English(string preferred, string language) => Assert.Equal(
        language, Render(Template.PhoneCode, preferred, new() { ["code"] = "123456", ["name"] = "" }).Language);

    [Theory]
    [InlineData("Ada", "Hello Ada,")]
    [InlineData("Ada-Marie d’Arc", "Hello Ada-Marie d’Arc,")]
    [InlineData("Win at evil.example", "Hello,")]
    [InlineData("<b>Ada</b>", "Hello,")]
    [InlineData("A name that is much longer than the names of people", "Hello,")]
    public async Task A_name_that_could_be_a_message_of_its_own_is_left_out(string name, string greeting)
    {
        var customer = await app.CustomerAsync(with: new { first_name = name });
        var recipient = $"{Guid.NewGuid():n}@example.com";

        await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, recipient, ("at", "2025-10-15T14:30:00Z"));

        Assert.StartsWith(greeting + "\n", (await app.Mail.NextAsync(recipient)).Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_shop_replaces_texts_by_its_own_and_adds_languages()
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():n}")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "phone_code.en.liquid"), "{{ shop }}: {{ code }}", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(folder, "phone_code.fr.liquid"), "Votre code : {{ code }}", TestContext.Current.CancellationToken);
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Messages:Templates"] = folder, ["Store:Name"] = "Umbrella" } });
        var templates = own.Services.GetRequiredService<Templates>();

        Assert.Equal("Umbrella: 123456", Text("en"));
        Assert.Equal("Votre code : 123456", Text("fr-CA"));
        Assert.StartsWith("123456 ist Ihr Code für Umbrella.", Text("de"), StringComparison.Ordinal);

        string Text(string language) =>
            templates.Render(Template.PhoneCode, language, new Dictionary<string, string> { ["code"] = "123456", ["name"] = "" }).Text;
    }

    [Theory]
    [InlineData("phone_code.en.liquid", "{{ cod }}", "code, name, shop")]
    [InlineData("phone_code.en.liquid", "{{ code | shout }}", "filters of Liquid")]
    [InlineData("phone_code.en.liquid", "{% if code %}", "phone_code.en.liquid")]
    [InlineData("phone_code.en.liquid", "Hello", "does not show {{ code }}")]
    [InlineData("verify_email.en.liquid", "{{ code }} {{ link }}", "Subject: ")]
    [InlineData("phone_kode.en.liquid", "{{ code }}", "verify_email, reset_password")]
    [InlineData("phone_code.liquid", "{{ code }}", "verify_email.en.liquid")]
    public void A_text_that_cannot_be_used_is_refused_at_start(string file, string text, string reason)
    {
        var folder = Directory.CreateDirectory(Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():n}")).FullName;
        File.WriteAllText(Path.Combine(folder, file), text);
        var settings = new MessageSettings { Templates = folder };

        var complaint = Assert.Single(settings.Validate(new(settings))).ErrorMessage!;

        Assert.Contains(file, complaint, StringComparison.Ordinal);
        Assert.Contains(reason, complaint, StringComparison.Ordinal);
    }

    private RenderedMessage Render(Template template, string language, Dictionary<string, string> values) =>
        app.Services.GetRequiredService<Templates>().Render(template, language, values);

    [GeneratedRegex("<[/!]?([a-z0-9]+)")]
    private static partial Regex Tag();
}
