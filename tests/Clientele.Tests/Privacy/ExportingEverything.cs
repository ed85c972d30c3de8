using System.Globalization;
using System.Reflection;
using System.Text.Json.Nodes;
using Clientele.Server.Data;
using Clientele.Server.Messages;
using Clientele.Tests.House;
using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary>No column of a customer's data is forgotten: it is in the export, or this class says why not.</summary>
public sealed class ExportingEverything
{
    /// <summary>The place of each table's rows in the document. Columns have the same names as in the database…</summary>
    private static readonly Dictionary<string, string> Places = new()
    {
        ["customers"] = "customer",
        ["customer_tags"] = "customer",
        ["addresses"] = "addresses[]",
        ["memberships"] = "groups[]",
        ["membership_spells"] = "groups[]",
        ["tier_intervals"] = "loyalty.tiers[]",
        ["points_entries"] = "loyalty.entries[]",
        ["points_reasons"] = "loyalty.entries[]",
        ["points_lots"] = "loyalty.lots[]",
        ["points_allocations"] = "loyalty.allocations[]",
        ["points_orders"] = "loyalty.orders[]",
        ["orders"] = "orders[]",
        ["order_lines"] = "orders[].lines[]",
        ["wishlist_items"] = "wishlist[]",
        ["reviews"] = "reviews[]",
        ["refresh_tokens"] = "sessions[]",
        ["messages"] = "messages[]",
        ["sessions"] = "sessions[]",
        ["passkeys"] = "passkeys[]",
        ["email_undos"] = "former_emails[]",
        ["audit_entries"] = "history[]",
        ["audit_details"] = "history[]",
    };

    /// <summary>…except these.</summary>
    private static readonly Dictionary<string, string> Renamed = new()
    {
        ["customers.loyalty_pending"] = "loyalty.pending",
        ["customers.loyalty_debt"] = "loyalty.debt",
        ["customers.tier_locked"] = "loyalty.lock",
        ["customers.tier_locked_until"] = "loyalty.lock.until",
        ["customers.tier_lock_reason"] = "loyalty.lock.reason",
        ["customers.tier_floor"] = "loyalty.lock.loyalty_tier",
        ["customers.metadata"] = "customer.metadata.shoe_size",
        ["customer_tags.tag"] = "customer.tags[]",
        ["memberships.group_id"] = "groups[].group",
        ["membership_spells.group_id"] = "groups[].group",
        ["points_entries.source_type"] = "loyalty.entries[].source.type",
        ["points_entries.source_id"] = "loyalty.entries[].source.id",
        ["points_reasons.entry_id"] = "loyalty.entries[].id",
        ["points_orders.kept"] = "loyalty.orders[].points",
        ["order_lines.order_number"] = "orders[].order_number",
        ["refresh_tokens.family_id"] = "sessions[].id",
        ["refresh_tokens.signed_in_at"] = "sessions[].began_at",
        ["refresh_tokens.used_at"] = "sessions[].last_used_at",
        ["sessions.created_at"] = "sessions[].began_at",
        ["email_undos.old_email"] = "former_emails[].email",
        ["email_undos.expires_at"] = "former_emails[].held_until",
        ["audit_entries.sequence"] = "history[].id",
        ["audit_entries.actor_id"] = "history[].actor.id",
        ["audit_entries.actor_role"] = "history[].actor.role",
        ["audit_details.sequence"] = "history[].id",
        ["audit_details.changes"] = "history[].changes[].member",
    };

    /// <summary>What is not in the document, and why. A table without a column is left out completely; <c>*</c> is any table.</summary>
    private static readonly Dictionary<string, string> LeftOut = new()
    {
        ["*.customer_id"] = "the document is of one customer, who is in it once",
        ["accounts"] = "the hash of the password, and the number that ends sessions",
        ["totp_secrets"] = "the secret of the authenticator app, encrypted; the history says since when the app is on",
        ["recovery_codes"] = "keyed hashes of secrets",
        ["sign_in_challenges"] = "hashes of secrets that are valid for minutes",
        ["known_networks"] = "keyed hashes of networks, to tell the owner from strangers: nobody can read them",
        ["known_clients"] = "keyed hashes of the names of clients: nobody can read them",
        ["proofs"] = "keyed hashes of codes and links",
        ["email_undos.id"] = "names the row",
        ["email_undos.link_hash"] = "a secret",
        ["email_undos.created_at"] = "seven days before held_until, or earlier",
        ["audit_details.actor_name"] = "which other system of the shop it was is about the shop",
        ["customer_metadata"] = "the metadata again, in the form that rules compare",
        ["events"] = "what has changed again, for other systems: the document shows what it is now, and its history",
        ["webhook_deliveries"] = "that an event was sent to another system of the shop: about the delivery",
        ["segment_changes"] = "that rules are about to be asked: gone within seconds",

        ["customers.version"] = "counts the changes, for ETags",
        ["addresses.version"] = "counts the changes, for ETags",
        ["customers.audit_entries"] = "counts the history",
        ["customers.event_count"] = "counts the events",
        ["customers.loyalty_entries"] = "counts the ledger",
        ["customers.tier_changes"] = "counts the tiers",
        ["points_orders.steps"] = "counts the entries of the order",
        ["tier_intervals.sequence"] = "numbers the tiers, which are in their order",
        ["points_entries.step"] = "tells entries of one source apart",
        ["memberships.entered_seq"] = "numbers the changes of the group, which are about others as well",
        ["membership_spells.entered_seq"] = "numbers the changes of the group",
        ["membership_spells.left_seq"] = "numbers the changes of the group",
        ["customers.loyalty_due_at"] = "the soonest of the lots' dates",
        ["customers.loyalty_claimed_until"] = "that a node is about to do what is due",
        ["orders.net"] = "follows from total, refunded and exchange_rate",
        ["orders.counts"] = "follows from the status",
        ["order_lines.amount"] = "follows from the line and the rate",
        ["orders.received_at"] = "about the delivery of the copy",
        ["reviews.received_at"] = "about the delivery of the copy",
        ["reviews.is_deleted"] = "a deleted review is a bare number that keeps it from coming back",
        ["memberships.changed_by"] = "who of the shop decided it is about them",
        ["messages.sealed_values"] = "encrypted, and gone once the message is sent",
        ["messages.attempts"] = "about the delivery",
        ["messages.next_attempt_at"] = "about the delivery",
        ["messages.give_up_at"] = "about the delivery",
        ["messages.claimed_until"] = "about the delivery",
        ["messages.last_error"] = "about the delivery",
        ["refresh_tokens.token_hash"] = "a secret",
        ["passkeys.credential_id"] = "a random number of the authenticator",
        ["passkeys.credential_hash"] = "a random number of the authenticator",
        ["passkeys.public_key"] = "a random number of the authenticator",
        ["passkeys.sign_count"] = "counts the uses of the authenticator, to recognise a copy of it",
        ["passkeys.transports"] = "says how browsers reach the authenticator",
        ["refresh_tokens.security_version"] = "the number that ends sessions",
        ["audit_entries.hash"] = "proves that nobody has changed the history",
        ["audit_entries.details_hash"] = "proves that nobody has changed the history",
        ["audit_details.salt"] = "keeps the hash from being guessed",

        // Folded texts for searches, filters and rules: the original texts are in the document.
        ["customers.search_text"] = "folded",
        ["customers.gender_key"] = "folded",
        ["customers.username_key"] = "folded",
        ["customers.email_key"] = "folded",
        ["customers.email_domain"] = "folded",
        ["customers.first_name_key"] = "folded",
        ["customers.last_name_key"] = "folded",
        ["customers.source_key"] = "folded",
        ["customers.birth_day_of_year"] = "of the date of birth",
        ["customer_tags.tag_key"] = "folded",
        ["addresses.form"] = "says in which form the parts are stored",
        ["addresses.city_folded"] = "folded",
        ["addresses.state_folded"] = "folded",
        ["addresses.city_key"] = "folded",
        ["addresses.state_key"] = "folded",
        ["addresses.postal_code_key"] = "folded",
        ["orders.number_key"] = "folded",
        ["order_lines.product_key"] = "folded",
        ["order_lines.sku_key"] = "folded",
        ["order_lines.name_key"] = "folded",
        ["order_lines.category_key"] = "folded",
        ["wishlist_items.product_key"] = "folded",
        ["reviews.product_key"] = "folded",
    };

    [Fact]
    public async Task Every_column_of_what_a_customer_owns_is_in_the_document_or_left_out_for_a_reason()
    {
        await using var own = await ClienteleApp.StartAsync(new() { Settings = { ["Loyalty:PendingDays"] = "14", ["Loyalty:ExpireAfterMonths"] = "12" } });
        var customer = await WholeCustomerAsync(own);
        var export = (await customer.Get($"{customer.Url}export/")).Expect(200).Json;
        var complaints = new List<string>();
        var known = new HashSet<string>(["*.customer_id"]);
        var tables = typeof(ClienteleDb).Assembly.GetTypes().Select(type => type.GetCustomAttribute<TableAttribute>()).OfType<TableAttribute>()
            .Where(table => table.Class == TableClass.Owned)
            .Select(table => table.Name);
        foreach (var table in tables)
        {
            known.Add(table);
            foreach (var column in (await own.Database.ColumnsAsync(table)).Select(column => column.Name))
            {
                var name = $"{table}.{column}";
                known.Add(name);
                if (LeftOut.ContainsKey(table) || LeftOut.ContainsKey(name) || column == "customer_id")
                {
                    continue;
                }

                var path = Renamed.GetValueOrDefault(name) ?? $"{Places.GetValueOrDefault(table)}.{column}";
                var shown = At(export, path).Where(value => value is not null).Select(value => value!.ToString()).ToList();
                if (shown.Count == 0)
                {
                    complaints.Add($"{name} is not at {path}: show it, or say why it is left out.");
                }
                else if (!Renamed.ContainsKey(name))
                {
                    var key = table == "customers" ? "id" : "customer_id";
                    var stored = await own.Database.QueryAsync($"SELECT \"{column}\" FROM {table} WHERE {key} = {customer.Id}");
                    var missing = stored.Select(row => row[0]).OfType<string>()
                        .Where(text => !IsInstant(text) && !shown.Contains(text, StringComparer.OrdinalIgnoreCase));
                    complaints.AddRange(missing.Select(text => $"{name}: {text} is not at {path}."));
                }
            }
        }

        Assert.Empty(complaints);
        Assert.Empty(LeftOut.Keys.Concat(Renamed.Keys).Concat(Places.Keys).Except(known));
        Assert.DoesNotContain("PBKDF2", export.ToJsonString(), StringComparison.OrdinalIgnoreCase);
        var hashes = await own.Database.QueryAsync($"SELECT password_hash FROM accounts WHERE customer_id = {customer.Id}");
        Assert.DoesNotContain((string)hashes[0][0], export.ToJsonString(), StringComparison.Ordinal);
    }

    /// <summary>A customer with data in every column.</summary>
    private static async Task<Actor> WholeCustomerAsync(ClienteleApp own)
    {
        var profile = new { phone = "+4915112345678", date_of_birth = "1915-12-10", gender = "female", source = "fair" };
        var (customer, admin) = (await own.CustomerAsync(with: profile), await own.AdminAsync());
        (await admin.Patch(customer.Url, new { notes = "Pays late", tags = new[] { "press" }, metadata = new { shoe_size = 43 } })).Expect(200);
        (await customer.Post("/api/customers/addresses/", new
        {
            address_type = "billing",
            first_name = "Ada",
            last_name = "Lovelace",
            company = "Engines",
            phone = "+4915112345678",
            address_line1 = "123 Main St",
            address_line2 = "Floor 2",
            city = "New York",
            state = "NY",
            postal_code = "10001",
            country = "USA",
        })).Expect(201);
        foreach (var leaves in new[] { true, false })
        {
            var group = (await admin.Post("/api/customers/groups/", new { name = $"Group {leaves}" })).Expect(201);
            (await admin.Post($"/api/customers/groups/{group["id"]}/add_member/", new { customer_id = customer.Id })).Expect(200);
            if (leaves)
            {
                (await admin.Post($"/api/customers/groups/{group["id"]}/remove_member/", new { customer_id = customer.Id })).Expect(200);
            }
        }

        (await admin.Put("/api/orders/1/", new
        {
            customer = customer.Id,
            status = "delivered",
            total = 2000,
            placed_at = "2025-10-15T14:30:00Z",
            revision = 1,
            lines = new[] { new { line_number = 1, product_id = "p1", sku = "UMB", name = "Umbrella", category = "rain", quantity = 1, unit_price = 2000 } },
        })).Expect(201);
        (await admin.Post($"{customer.Url}add_loyalty_points/", new { points = 100, reason = "A good customer" })).Expect(200);
        (await admin.Post($"{customer.Url}redeem_loyalty_points/", new { points = 10, reason = "A voucher" })).Expect(200);
        var tier = new { loyalty_tier = "gold", until = "2099-01-01T00:00:00Z", reason = "Goodwill" };
        (await admin.Post($"{customer.Url}update_loyalty_tier/", tier)).Expect(200);
        var wish = new { name = "Umbrella", url = "https://shop.example/p1", price = 20, currency = "USD" };
        (await customer.Put($"{customer.Url}wishlist/p1/", wish)).Expect(201);
        var review = new { customer = customer.Id, product_id = "p1", rating = 5, title = "Dry", body = "It rained.", revision = 1 };
        (await admin.Put("/api/reviews/1/", review)).Expect(201);
        (await own.Stranger.Post("/api/auth/token/refresh/", new { refresh = customer.Refresh })).Expect(200);
        (await customer.Patch(customer.Url, new { email = $"new-{customer.Email}", current_password = customer.Password })).Expect(200);
        await own.WriteMessageAsync(customer.Id, Template.PhoneCode, "+4915112345678", ("code", "123456"));
        await own.WriteMessageAsync(customer.Id, Template.PasswordChanged, "not an address", ("at", "2025-10-15T14:30:00Z"));
        Assert.Single(await own.MailedAsync("+4915112345678"));
        using var phone = new SoftwareAuthenticator();
        (await customer.AddPasskeyAsync(phone, "Ada's phone")).Expect(201);
        (await own.SignInAsync(phone)).Expect(200);
        return customer;
    }

    /// <summary>The values at a path, in which <c>[]</c> means each item.</summary>
    private static IEnumerable<JsonNode?> At(JsonNode? node, string path)
    {
        IEnumerable<JsonNode?> found = [node];
        foreach (var step in path.Split('.'))
        {
            found = found.Select(one => (one as JsonObject)?[step.Replace("[]", "", StringComparison.Ordinal)]);
            found = step.EndsWith("[]", StringComparison.Ordinal) ? found.SelectMany(one => one as JsonArray ?? []) : found;
        }

        return found;
    }

    /// <summary>SQLite stores instants and dates as text.</summary>
    private static bool IsInstant(string text) => text.Length > 8 && DateTime.TryParse(text, CultureInfo.InvariantCulture, out _);
}
