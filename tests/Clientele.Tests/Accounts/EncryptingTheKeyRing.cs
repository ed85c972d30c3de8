using Clientele.Server.Commands;
using Clientele.Tests.Support;
using Microsoft.AspNetCore.DataProtection.KeyManagement;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Accounts;

/// <summary>With a certificate, no copy of the database shows a key.</summary>
public sealed class EncryptingTheKeyRing
{
    private const string Me = "/api/customers/customers/me/";
    private const string Warning = "The key ring is in the database, unencrypted";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Two_nodes_with_one_certificate_share_a_ring_that_shows_no_key(bool pfx)
    {
        var settings = With(pfx ? Certificates.NewPfx() : Certificates.NewPem(), pfx ? Certificates.Password : null);
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var empty = await TestDatabase.CreateEmptyAsync();
        await using var one = await ClienteleApp.StartAsync(new() { Database = empty, Settings = settings });
        await using var two = await ClienteleApp.StartAsync(new() { Database = empty, Clock = one.Clock, Settings = settings });

        var customer = await one.CustomerAsync();

        (await two.Here(customer).Get(Me)).Expect(200);
        Assert.Equal((0, 1), await RingAsync(one));
        Assert.DoesNotContain(one.Log.Lines.Concat(two.Log.Lines), line => line.Contains(Warning, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_ring_that_exists_stays_readable_and_its_next_key_is_encrypted()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var plain = await ClienteleApp.StartAsync(new() { Database = database });
        var customer = await plain.CustomerAsync();
        Assert.Equal((1, 0), await RingAsync(plain));

        await using var node = await ClienteleApp.StartAsync(new()
        {
            Database = database,
            Clock = plain.Clock,
            Settings = With(Certificates.NewPfx(), Certificates.Password),
        });
        (await node.Here(customer).Get(Me)).Expect(200);
        MakeRingKey(node);

        Assert.Equal((1, 1), await RingAsync(node));
    }

    [Fact]
    public async Task The_keys_that_a_ring_has_already_are_encrypted_by_command()
    {
        var file = Certificates.NewPem();
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var plain = await ClienteleApp.StartAsync(new() { Database = database });
        var customer = await plain.CustomerAsync();

        ExpectRefused(await RunVerbAsync(["keys", "encrypt-ring"], database.ConnectionString), "Set Keys:Certificate first");
        var done = await RunVerbAsync(["keys", "encrypt-ring"], database.ConnectionString, $"--Keys:Certificate={file}");
        await using var node = await ClienteleApp.StartAsync(new() { Database = database, Clock = plain.Clock, Settings = With(file, null) });

        Assert.True(done is { ExitCode: 0, Errors: "" }, $"{done}");
        Assert.Equal((0, 1), await RingAsync(node));
        (await node.Here(customer).Get(Me)).Expect(200);
        (await plain.Here(customer).Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_new_certificate_reads_the_ring_of_the_former_one()
    {
        var (former, present) = (Certificates.NewPfx(), Certificates.NewPem());
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var before = await ClienteleApp.StartAsync(new() { Database = database, Settings = With(former, Certificates.Password) });
        var customer = await before.CustomerAsync();

        var settings = With(present, null);
        settings["Keys:FormerCertificates:0:File"] = former;
        settings["Keys:FormerCertificates:0:Password"] = Certificates.Password;
        await using var after = await ClienteleApp.StartAsync(new() { Database = database, Clock = before.Clock, Settings = settings });

        (await after.Here(customer).Get(Me)).Expect(200);
    }

    [Fact]
    public async Task A_node_without_the_certificate_does_not_start_and_adds_no_key_to_the_ring()
    {
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var node = await ClienteleApp.StartAsync(new() { Database = database, Settings = With(Certificates.NewPfx(), Certificates.Password) });

        var refused = await RunAsync(database.ConnectionString);
        var other = await RunAsync(database.ConnectionString, $"--Keys:Certificate={Certificates.NewPem()}");

        ExpectRefused(refused, "Keys:Certificate");
        ExpectRefused(other, "Keys:FormerCertificates");
        Assert.Equal((0, 1), await RingAsync(node));
    }

    [Fact]
    public async Task A_certificate_that_cannot_be_used_is_one_line_that_says_why()
    {
        var database = Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}.db");
        var nonsense = Path.Combine(TestDatabase.TemporaryDirectory, $"{Guid.NewGuid():N}.pfx");
        await File.WriteAllTextAsync(nonsense, "nonsense", TestContext.Current.CancellationToken);

        ExpectRefused(await RunAsync(database, "--Keys:Certificate=/nowhere.pfx"), "/nowhere.pfx");
        ExpectRefused(await RunAsync(database, $"--Keys:Certificate={nonsense}"), "must be a PKCS #12 or PEM file");
        ExpectRefused(await RunAsync(database, $"--Keys:Certificate={Certificates.NewPfx()}", "--Keys:CertificatePassword=wrong"), "password");
        var expired = Certificates.NewPfx(TimeProvider.System.GetUtcNow().AddDays(-1));
        ExpectRefused(await RunAsync(database, $"--Keys:Certificate={expired}", $"--Keys:CertificatePassword={Certificates.Password}"), "expired on");
        ExpectRefused(await RunAsync(database, $"--Keys:Certificate={Certificates.NewPem(withKey: false)}"), "The file has no private key.");
        ExpectRefused(await RunAsync(database, $"--Keys:Certificate={Certificates.NewEcdsaPem()}"), "The private key is not an RSA key.");
    }

    [Fact]
    public async Task A_short_key_is_refused_and_may_only_be_a_former_one()
    {
        var file = Certificates.NewPfx(bits: 1024);
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        string[] shorts = [$"--Keys:Certificate={file}", $"--Keys:CertificatePassword={Certificates.Password}"];

        ExpectRefused(await RunAsync(database.ConnectionString, shorts), "Keys:Certificate: must have an RSA key of at least 2048 bits");
        var settings = With(Certificates.NewPfx(bits: 2048), Certificates.Password);
        settings["Keys:FormerCertificates:0:File"] = file;
        settings["Keys:FormerCertificates:0:Password"] = Certificates.Password;
        await using var node = await ClienteleApp.StartAsync(new() { Database = database, Settings = settings });

        await node.CustomerAsync();
    }

    [Fact]
    public async Task A_certificate_is_warned_of_before_it_expires_and_decrypts_afterwards_as_a_former_one()
    {
        var ends = TimeProvider.System.GetUtcNow().AddDays(20);
        var file = Certificates.NewPfx(ends);
        TestDatabase.SkipUnlessAvailable(TestDatabase.Unavailable);
        await using var database = await TestDatabase.CreateEmptyAsync();
        await using var own = await ClienteleApp.StartAsync(new() { Database = database, Settings = With(file, Certificates.Password) });
        Assert.Single(own.Log.Lines, line => line.Contains($"expires on {ends:yyyy-MM-dd}", StringComparison.Ordinal));
        var customer = await own.CustomerAsync();

        own.Clock.Advance(TimeSpan.FromDays(21));
        var settings = With(Certificates.NewPem(), null);
        settings["Keys:FormerCertificates:0:File"] = file;
        settings["Keys:FormerCertificates:0:Password"] = Certificates.Password;
        await using var node = await ClienteleApp.StartAsync(new() { Database = database, Clock = own.Clock, Settings = settings });

        (await (await node.SignInAsync(customer.Username, customer.Password)).Get(Me)).Expect(200);
    }

    private static Dictionary<string, string?> With(string certificate, string? password) =>
        new() { ["Keys:Certificate"] = certificate, ["Keys:CertificatePassword"] = password };

    /// <summary>The number of keys in the ring that show their secret, and of those that do not.</summary>
    private static async Task<(int Plain, int Encrypted)> RingAsync(ClienteleApp app)
    {
        var keys = (await app.Database.QueryAsync("SELECT xml FROM data_protection_keys")).Select(row => (string)row[0]).ToList();
        return (keys.Count(key => Shows(key, "<masterKey")), keys.Count(key => Shows(key, "<encryptedSecret")));

        static bool Shows(string key, string element) => key.Contains(element, StringComparison.Ordinal);
    }

    /// <summary>What data protection does by itself when the ring's key is about to expire.</summary>
    private static void MakeRingKey(ClienteleApp app)
    {
        var now = app.Clock.GetUtcNow();
        app.Services.GetRequiredService<IKeyManager>().CreateNewKey(now, now.AddDays(90));
    }

    private static Task<ServerRun> RunAsync(string database, params string[] settings) => RunVerbAsync(["migrate"], database, settings);

    private static async Task<ServerRun> RunVerbAsync(string[] verb, string database, params string[] settings)
    {
        using var input = new StringReader("");
        await using var output = new StringWriter();
        await using var errors = new StringWriter();
        return new(await Cli.RunAsync([.. verb, "--database", database, .. settings], input, output, errors).WaitAsync(Patience), $"{output}", $"{errors}");
    }

    private static void ExpectRefused(ServerRun run, string because)
    {
        Assert.True(run.ExitCode == 1, $"{run}");
        Assert.Contains(because, Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries)), StringComparison.Ordinal);
    }
}
