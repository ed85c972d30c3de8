using System.Text;
using Clientele.Tests.Support;
using Microsoft.Data.Sqlite;

namespace Clientele.Tests.House;

/// <summary>After an erasure no table contains any data about the person.</summary>
public sealed class ErasingTraces
{
    private static readonly string[] Words = ["zebedee", "quixote", "windmill", "49151", "dulcinea", "rocinante"];

    [Fact]
    public async Task Of_an_erased_customer_no_table_keeps_a_word()
    {
        await using var own = await ClienteleApp.StartAsync();
        var admin = await own.AdminAsync();
        var group = (await admin.Post("/api/customers/groups/", new { name = "Knights" })).Expect(201);

        // With idempotency keys, so that the responses are stored, also those of requests that changed nothing.
        var registration = Given.Registration("zebedee");
        (registration["email"], registration["first_name"], registration["last_name"], registration["phone"]) =
            ("zebedee@example.org", "Zebedee", "Quixote", "+4915112345678");
        var id = (long)(await own.Stranger.Post("/api/customers/register/", registration, ("Idempotency-Key", "register-1"))).Expect(201)["id"];
        var customer = await own.SignInAsync("zebedee", ClienteleApp.Password, id);
        var home = Given.Address(line1: "7 Quixote Way", city: "Windmill");
        var address = (await customer.Post("/api/customers/addresses/", home, ("Idempotency-Key", "address-1"))).Expect(201);
        var second = Given.Address(customer: id, line1: "8 Quixote Way", city: "Windmill");
        var other = (await admin.Post("/api/customers/addresses/", second, ("Idempotency-Key", "address-2"))).Expect(201);
        (await customer.Post($"/api/customers/addresses/{address["id"]}/set_default/", null, ("Idempotency-Key", "default-1"))).Expect(200);
        (await admin.Post($"/api/customers/addresses/{other["id"]}/set_default/", null, ("Idempotency-Key", "default-2"))).Expect(200);
        (await admin.Post($"/api/customers/addresses/{other["id"]}/set_default/", null, ("Idempotency-Key", "default-3"))).Expect(200);
        (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = id }, ("Idempotency-Key", "member-1"))).Expect(200);
        var moved = new { first_name = "Zebedee II", email = "zebedee2@example.org", current_password = customer.Password, gender = "rocinante" };
        (await customer.Patch(customer.Url, moved)).Expect(200);
        var proof = (await own.MailedAsync("zebedee2@example.org"))[0];
        (await customer.Post("/api/customers/customers/verify_email/", new { token = proof.Token })).Expect(200);
        var staff = new { notes = "in love with Dulcinea", tags = new[] { "dulcinea" }, metadata = new { horse = "Rocinante" } };
        (await admin.Patch(customer.Url, staff)).Expect(200);
        (await admin.Post(customer.Url + "verify/")).Expect(200);
        (await customer.Put($"{customer.Url}wishlist/p1/", new { name = "Portrait of Dulcinea" })).Expect(201);
        (await admin.Put("/api/reviews/1/", new
        {
            customer = "zebedee2@example.org",
            product_id = "p1",
            rating = 5,
            title = "Rocinante",
            body = "A Quixote recommends it.",
            revision = 1,
        })).Expect(201);
        var line = new { line_number = 1, product_id = "p1", name = "Portrait of Dulcinea", quantity = 1, unit_price = 2000 };
        var order = new { customer = id, status = "paid", total = 2000, placed_at = "2025-10-15T14:30:00Z", revision = 1, lines = new[] { line } };
        (await admin.Put("/api/orders/1/", order)).Expect(201);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 5, reason = "for Dulcinea" }, ("Idempotency-Key", "points-1"))).Expect(200);
        var tier = new { loyalty_tier = "gold", reason = "for Rocinante" };
        (await admin.Post($"{customer.Url}update_loyalty_tier/", tier, ("Idempotency-Key", "tier-1"))).Expect(200);
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone, "Rocinante's phone")).Expect(201);
        (await own.SignInAsync(phone)).Expect(200);
        var rule = new { v = 1, all = new[] { new { field = "tags", op = "contains_any", value = new[] { "dulcinea" } } } };
        var preview = await admin.Post("/api/customers/groups/preview/", new { assignment_rules = rule }, ("Idempotency-Key", "preview-1"));
        Assert.Contains("zebedee", preview.Expect(200).Text, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(await FindAsync(own.Database));

        (await admin.Delete(customer.Url)).Expect(204);

        Assert.Empty(await FindAsync(own.Database));
        var actions = await own.Database.QueryAsync($"SELECT action FROM audit_entries WHERE customer_id = {id} ORDER BY sequence DESC LIMIT 1");
        Assert.Equal("customer.erased", actions[0][0]);
        await AuditChain.VerifyAsync(own.Database);
    }

    /// <summary>Finds each value of any column that contains one of the words, as text or as bytes.</summary>
    private static async Task<IReadOnlyList<string>> FindAsync(TestDatabase database)
    {
        var found = new List<string>();
        foreach (var table in await database.TablesAsync())
        {
            foreach (var row in await database.QueryAsync($"SELECT * FROM \"{table}\""))
            {
                var text = string.Join(' ', row.Select(value => value is byte[] bytes ? Encoding.Latin1.GetString(bytes) : $"{value}"));
                found.AddRange(Words.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(word => $"{table}: {word} in {text}"));
            }
        }

        if (TestDatabase.Kind is DatabaseKind.Sqlite)
        {
            found.AddRange(await FindInFileAsync(database.ConnectionString));
        }

        return found;
    }

    /// <summary>SQLite overwrites deleted data; nothing may remain in free pages of the file.</summary>
    private static async Task<IEnumerable<string>> FindInFileAsync(string file)
    {
        await using (var connection = new SqliteConnection($"Data Source={file};Pooling=False"))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = connection.CreateCommand();
            command.CommandText = "PRAGMA wal_checkpoint(TRUNCATE)";
            await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        await using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using var bytes = new MemoryStream();
        await stream.CopyToAsync(bytes, TestContext.Current.CancellationToken);
        var text = Encoding.Latin1.GetString(bytes.ToArray());
        return Words.Where(word => text.Contains(word, StringComparison.OrdinalIgnoreCase)).Select(word => $"{word} in the file");
    }
}
