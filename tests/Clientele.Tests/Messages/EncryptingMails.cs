using System.Text.Json.Nodes;
using Clientele.Server.Messages;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Messages;

/// <summary>Mails go over TLS, and only to a server whose certificate is trusted.</summary>
public sealed class EncryptingMails
{
    private const string Untrusted = "The connection to the mail server cannot be encrypted, or its certificate is not trusted.";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>What a server sees of a connection before its encryption begins.</summary>
    private static readonly string[] BeforeEncryption = ["EHLO", "STARTTLS"];

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_mail_arrives_over_TLS_if_the_operating_system_trusts_the_authority(string security)
    {
        using var authority = new PrivateAuthority();
        using var certificate = authority.Certify();
        await using var smtp = await TlsSmtp.StartAsync(certificate, security);
        var (database, _) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var node = await ServeAsync(database, smtp, authority);

        var customer = await RegisterAsync(node);
        await Wait.UntilAsync(() => Task.FromResult(smtp.Received.Count > 0), Patience, "the mail arrives");

        Assert.Equal((string)customer["email"]!, Assert.Single(smtp.Received).To);
        Assert.Matches("[0-9]{6}", smtp.Received[0].Code);
        await smtp.EndedAsync();
        Assert.Equal(security == "StartTls" ? BeforeEncryption : [], smtp.InClear);
    }

    [Theory]
    [InlineData("StartTls")]
    [InlineData("Tls")]
    public async Task A_server_whose_authority_is_unknown_gets_nothing(string security)
    {
        using var authority = new PrivateAuthority();
        using var certificate = authority.Certify();
        await using var smtp = await TlsSmtp.StartAsync(certificate, security);
        await using var app = await ClienteleApp.StartAsync(new() { Settings = smtp.Settings });
        var customer = await app.CustomerAsync();
        var id = await app.WriteMessageAsync(customer.Id, Template.PasswordChanged, customer.Email, ("at", "2025-10-15T14:30:00Z"));

        Assert.Equal(new("pending", 1, Untrusted), await app.DeliveredAsync(customer.Id, id));

        Assert.NotEmpty((await app.StoredAsync(customer.Id, id)).SealedValues);
        await ExpectNothingAsync(smtp, security);
    }

    [Theory]
    [InlineData("StartTls", true)]
    [InlineData("Tls", false)]
    public async Task A_certificate_that_has_expired_or_is_for_another_name_is_refused(string security, bool hasExpired)
    {
        using var authority = new PrivateAuthority();
        using var certificate = hasExpired ? authority.Certify(ends: TimeProvider.System.GetUtcNow().AddDays(-1)) : authority.Certify("mail.example");
        await using var smtp = await TlsSmtp.StartAsync(certificate, security);
        var (database, admin) = await ClienteleApp.DatabaseAsync();
        await using var disposed = database;
        await using var node = await ServeAsync(database, smtp, authority);
        var customer = await RegisterAsync(node);
        var pair = (await new Actor(node.Client).Post("/api/auth/token/", new { username = admin, password = ClienteleApp.Password })).Expect(200);
        var signedIn = new Actor(node.Client) { Access = (string)pair["access"]! };

        JsonNode? message = null;
        await Wait.UntilAsync(
            async () =>
            {
                message = (await signedIn.Get($"/api/messages/?customer={customer["id"]}")).Expect(200)["results"].AsArray().Single();
                return message!["last_error"] is not null;
            },
            Patience,
            "the first attempt fails");

        Assert.Equal(("pending", Untrusted), ((string)message!["state"]!, (string)message["last_error"]!));
        await ExpectNothingAsync(smtp, security);
    }

    private static async Task ExpectNothingAsync(TlsSmtp smtp, string security)
    {
        await smtp.EndedAsync();
        Assert.Empty(smtp.Received);
        Assert.All(smtp.InClear, command => Assert.Contains(command, security == "StartTls" ? BeforeEncryption : []));
    }

    /// <summary>A node on a machine that trusts the authority, as <c>docs/operating.md</c> says.</summary>
    private static Task<ServerProcess> ServeAsync(TestDatabase database, TlsSmtp smtp, PrivateAuthority authority) => ServerProcess.ServeAsync(
        new Dictionary<string, string>(smtp.Settings.Select(setting => KeyValuePair.Create(Variable(setting.Key), setting.Value!)))
        {
            ["Clientele__Database"] = database.ConnectionString,
            ["SSL_CERT_FILE"] = authority.File,
        });

    private static string Variable(string setting) => setting.Replace(":", "__", StringComparison.Ordinal);

    private static async Task<Answer> RegisterAsync(ServerProcess node)
    {
        var username = $"reader-{Guid.NewGuid():n}";
        return (await new Actor(node.Client).Post("/api/customers/register/", Given.Registration(username))).Expect(201);
    }
}
