using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>The statements, as the service sends them.</summary>
internal static class Sql
{
    public const string CustomerColumns =
        """
        c.id, c.accepts_marketing_email, c.accepts_marketing_sms, c.created_at, c.date_joined, c.date_of_birth, c.email, c.first_name, c.gender,
        c.gender_key, c.is_active, c.is_staff, c.is_verified, c.is_vip, c.last_login, c.last_name, c.last_order_date, c.loyalty_debt,
        c.loyalty_entries, c.loyalty_pending, c.loyalty_points, c.loyalty_tier, c.metadata, c.notes, c.phone, c.phone_verified, c.preferred_currency,
        c.preferred_language, c.search_text, c.source, c.tier_changes, c.tier_lock_reason, c.tier_locked, c.tier_locked_until, c.total_orders,
        c.total_spent, c.updated_at, c.username, c.uuid, c.version
        """;

    public const string Customer = $"SELECT {CustomerColumns} FROM customers AS c WHERE c.id = $1 LIMIT 2";

    public const string LockCustomer = $"SELECT {CustomerColumns} FROM (SELECT {CustomerColumns} FROM customers AS c WHERE c.id = $1 FOR UPDATE) AS c LIMIT 2";

    public const string Addresses =
        """
        SELECT a.customer_id, a.id, a.address_line1, a.address_line2, a.address_type, a.city, a.city_folded, a.company, a.country, a.created_at,
          a.first_name, a.is_default, a.last_name, a.phone, a.postal_code, a.state, a.state_folded, a.updated_at, a.version
        FROM addresses AS a WHERE a.customer_id = $1 ORDER BY a.is_default DESC, a.created_at DESC, a.id DESC
        """;

    public const string Groups =
        """
        SELECT g.id, g.name, g.discount_percentage::numeric / 100.0, g.priority_support, g.free_shipping
        FROM memberships AS m INNER JOIN groups AS g ON m.group_id = g.id WHERE m.customer_id = $1 AND m.is_member ORDER BY g.name_key
        """;

    public const string Tags = "SELECT c.tag FROM customer_tags AS c WHERE c.customer_id = $1 ORDER BY c.tag_key";

    public const string Summaries =
        """
        SELECT c.id, c.uuid, c.username, c.email,
          CASE WHEN c.first_name = '' AND c.last_name = '' THEN c.username ELSE btrim(c.first_name || ' ' || c.last_name, E' \t\n\r') END,
          c.phone, c.is_active, c.is_verified, c.is_vip, c.loyalty_tier, c.loyalty_points,
          c.total_orders, c.total_spent::numeric / 100.0, c.last_order_date, c.date_joined, c.updated_at
        FROM customers AS c
        """;

    public const string CustomersCount = "SELECT COALESCE(sum(c.value), 0.0)::bigint FROM counters AS c WHERE c.name = 'customers'";

    public const string Stats =
        "SELECT c.total_orders, c.total_spent, c.last_order_date, c.loyalty_points, c.loyalty_tier FROM customers AS c WHERE c.id = $1 LIMIT 2";

    public const string AddressTypes = "SELECT a.address_type FROM addresses AS a WHERE a.customer_id = $1";

    public const string AuditHead = "SELECT a.sequence, a.hash FROM audit_entries AS a WHERE a.customer_id = $1 ORDER BY a.sequence DESC LIMIT 1";

    public const string InsertAddress =
        """
        INSERT INTO addresses (customer_id, id, address_line1, address_line2, address_type, city, city_folded, company, country, created_at,
          first_name, is_default, last_name, phone, postal_code, state, state_folded, updated_at, version, city_key, postal_code_key, state_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $7, $15, coalesce($17, ''))
        """;

    public const string InsertAuditDetails = "INSERT INTO audit_details (customer_id, sequence, changes, network, salt) VALUES ($1, $2, $3, $4, $5)";

    public const string InsertAuditEntry =
        "INSERT INTO audit_entries (customer_id, sequence, action, actor_id, actor_role, at, details_hash, hash, resource) "
        + "VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    public const string TouchCustomer = "UPDATE customers SET updated_at = $1, version = $2 WHERE id = $3";

    public const string QueueCustomer =
        "INSERT INTO segment_changes (customer_id, group_id, id, cause, claimed_until, facets, queued_at) VALUES ($1, 0, $2, 1, 'epoch', $3, $4)";

    public const string TakeIds =
        "INSERT INTO id_blocks (kind, next) VALUES ($1, 1 + $2) ON CONFLICT (kind) DO UPDATE SET next = id_blocks.next + $2 RETURNING next";

    public const string ClaimOrders =
        "INSERT INTO order_numbers (number, customer_id) SELECT number, customer_id FROM unnest($1, $2) AS claimed (number, customer_id) "
        + "ON CONFLICT DO NOTHING RETURNING number";

    public const string LockCustomers = $"SELECT {CustomerColumns} FROM customers AS c WHERE c.id = ANY($1) ORDER BY c.id FOR UPDATE";

    public const string UpdateTotals = "UPDATE customers SET total_orders = total_orders + $1, total_spent = total_spent + $2 WHERE id = $3";

    public const string InsertOrder =
        """
        INSERT INTO orders (customer_id, order_number, counts, currency, exchange_rate, net, placed_at, refunded, revision, status, total, number_key,
          received_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $2, now())
        """;

    public const string InsertOrderLine =
        """
        INSERT INTO order_lines (customer_id, line_number, order_number, category, name, product_id, quantity, refunded_quantity, sku, unit_price,
          amount, category_key, name_key, product_key, sku_key)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $7 * $10, $4, $5, $6, $9)
        """;

    public const string LoginName = "SELECT l.customer_id FROM login_names AS l WHERE l.name = $1 LIMIT 2";

    public const string TakenNames = "SELECT l.name FROM login_names AS l WHERE l.name = ANY ($1) AND l.customer_id <> $2";

    public const string ClaimName = "INSERT INTO login_names (name, customer_id) VALUES ($1, $2) ON CONFLICT DO NOTHING";

    public const string CountCustomer =
        "INSERT INTO counters (name, shard, value) VALUES ($1, $2, $3) ON CONFLICT (name, shard) DO UPDATE SET value = counters.value + excluded.value";

    public const string InsertUuid = "INSERT INTO customer_uuids (uuid, customer_id) VALUES ($1, $2)";

    public const string InsertCustomer =
        """
        INSERT INTO customers (id, accepts_marketing_email, accepts_marketing_sms, created_at, date_joined, email, first_name, is_active, is_staff,
          is_verified, is_vip, last_name, loyalty_debt, loyalty_entries, loyalty_pending, loyalty_points, loyalty_tier, metadata, phone_verified,
          preferred_currency, preferred_language, search_text, tier_changes, tier_locked, total_orders, total_spent, updated_at, username, uuid,
          version, email_domain, email_key, first_name_key, last_name_key, username_key)
        VALUES ($1, false, false, $2, $2, $3, $4, true, false, false, false, $5, 0, 0, 0, 0, 'bronze', '{}', false, 'USD', 'en', $6, 1, false, 0, 0,
          $2, $7, $8, 1, split_part($3, '@', 2), $3, $4, $5, $7)
        """;

    public const string InsertAccount = "INSERT INTO accounts (customer_id, password_hash, security_version) VALUES ($1, $2, $3)";

    public const string InsertTier = """INSERT INTO tier_intervals (customer_id, sequence, cause, "from", tier) VALUES ($1, 1, 'registered', $2, 'bronze')""";

    public const string Account =
        """
        SELECT a.customer_id, a.password_hash, a.security_version, c0.is_active, c0.is_staff
        FROM accounts AS a INNER JOIN (SELECT c.id, c.is_active, c.is_staff FROM customers AS c WHERE c.id = $1) AS c0 ON a.customer_id = c0.id
        WHERE a.customer_id = $1 LIMIT 2
        """;

    public const string Throttle =
        """
        INSERT INTO throttles (key, tries, allowed, level, window_ends) VALUES ($1, 1, $2, 0, $3)
        ON CONFLICT (key) DO UPDATE SET tries = CASE WHEN throttles.window_ends > $4 THEN throttles.tries + 1 ELSE 1 END, allowed = excluded.allowed,
          level = CASE WHEN throttles.window_ends > $4 THEN throttles.level ELSE 0 END,
          window_ends = CASE WHEN throttles.window_ends > $4 THEN throttles.window_ends ELSE $3 END
        RETURNING key, tries, allowed, level, window_ends
        """;

    public const string ForgetThrottle = "DELETE FROM throttles AS t WHERE t.key = $1";

    public const string TakeBackThrottle = "UPDATE throttles AS t SET tries = t.tries - 1 WHERE t.key = $1 AND t.tries > 0";

    public const string NoteLogin = "UPDATE customers AS c SET last_login = $1 WHERE c.id = $2 AND c.is_active";

    public const string UseRefreshToken =
        "UPDATE refresh_tokens AS r SET used_at = $1 WHERE r.customer_id = $2 AND r.token_hash = $3 AND r.used_at IS NULL AND r.expires_at > $1";

    public const string RefreshToken =
        """
        SELECT r.customer_id, r.token_hash, r.expires_at, r.family_id, r.security_version, r.signed_in_at, r.used_at, a.security_version
        FROM refresh_tokens AS r INNER JOIN accounts AS a ON r.customer_id = a.customer_id
        WHERE r.customer_id = $1 AND r.token_hash = $2 AND a.customer_id = $1 LIMIT 2
        """;

    public const string InsertRefreshToken =
        "INSERT INTO refresh_tokens (customer_id, token_hash, expires_at, family_id, security_version, signed_in_at, used_at) "
        + "VALUES ($1, $2, $3, $4, $5, $6, NULL)";

#pragma warning disable CA2100 // The statements are the constants above.
    public static NpgsqlCommand Command(this NpgsqlConnection connection, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlCommand(sql, connection);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        return command;
    }

    public static void Add(this NpgsqlBatch batch, string sql, params ReadOnlySpan<object?> values)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var value in values)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = value ?? DBNull.Value });
        }

        batch.BatchCommands.Add(command);
    }
#pragma warning restore CA2100

    public static async Task<int> RunAsync(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<object?> ScalarAsync(this NpgsqlConnection connection, string sql, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteScalarAsync();
    }

    public static string? Text(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);

    public static DateTime? Instant(this NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetDateTime(column);
}
