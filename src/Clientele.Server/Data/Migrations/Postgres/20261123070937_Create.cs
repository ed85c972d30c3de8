using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class Create : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "audit_details",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    salt = table.Column<byte[]>(type: "bytea", nullable: false),
                    network = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    changes = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_details", x => new { x.customer_id, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "audit_entries",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<long>(type: "bigint", nullable: true),
                    actor_role = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    details_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_audit_entries", x => new { x.customer_id, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "counters",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    shard = table.Column<int>(type: "integer", nullable: false),
                    value = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_counters", x => new { x.name, x.shard });
                });

            migrationBuilder.CreateTable(
                name: "customer_uuids",
                columns: table => new
                {
                    uuid = table.Column<Guid>(type: "uuid", nullable: false),
                    customer_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customer_uuids", x => x.uuid);
                });

            migrationBuilder.CreateTable(
                name: "customers",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    uuid = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    username = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    phone = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    phone_verified = table.Column<bool>(type: "boolean", nullable: false),
                    date_of_birth = table.Column<DateOnly>(type: "date", nullable: true),
                    gender = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    accepts_marketing_email = table.Column<bool>(type: "boolean", nullable: false),
                    accepts_marketing_sms = table.Column<bool>(type: "boolean", nullable: false),
                    preferred_language = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    preferred_currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    is_verified = table.Column<bool>(type: "boolean", nullable: false),
                    is_vip = table.Column<bool>(type: "boolean", nullable: false),
                    is_active = table.Column<bool>(type: "boolean", nullable: false),
                    is_staff = table.Column<bool>(type: "boolean", nullable: false),
                    date_joined = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    last_login = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    notes = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    metadata = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    total_orders = table.Column<int>(type: "integer", nullable: false),
                    total_spent = table.Column<long>(type: "bigint", nullable: false),
                    last_order_date = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    loyalty_points = table.Column<long>(type: "bigint", nullable: false),
                    loyalty_pending = table.Column<long>(type: "bigint", nullable: false),
                    loyalty_debt = table.Column<long>(type: "bigint", nullable: false),
                    loyalty_entries = table.Column<long>(type: "bigint", nullable: false),
                    loyalty_due_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    loyalty_claimed_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    loyalty_tier = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tier_changes = table.Column<int>(type: "integer", nullable: false),
                    tier_locked = table.Column<bool>(type: "boolean", nullable: false),
                    tier_locked_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    tier_lock_reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    search_text = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    gender_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    username_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    email_domain = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    birth_day_of_year = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customers", x => x.id);
                    table.CheckConstraint("ck_customers_points", "loyalty_points >= 0 AND loyalty_pending >= 0 AND loyalty_debt >= 0 AND (loyalty_points = 0 OR loyalty_debt = 0)");
                })
                .Annotation("Npgsql:StorageParameter:fillfactor", 85);

            migrationBuilder.CreateTable(
                name: "data_protection_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    xml = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_data_protection_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "group_audit_entries",
                columns: table => new
                {
                    sequence = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    network = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    changes = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    actor_id = table.Column<long>(type: "bigint", nullable: true),
                    actor_role = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    resource = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    details_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    hash = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_group_audit_entries", x => new { x.group_id, x.sequence });
                });

            migrationBuilder.CreateTable(
                name: "group_graph",
                columns: table => new
                {
                    id = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_group_graph", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "group_names",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    group_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_group_names", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "groups",
                columns: table => new
                {
                    id = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    description = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    auto_assign = table.Column<bool>(type: "boolean", nullable: false),
                    assignment_rules = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    discount_percentage = table.Column<int>(type: "integer", nullable: false),
                    priority_support = table.Column<bool>(type: "boolean", nullable: false),
                    free_shipping = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    search_text = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_groups", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "id_blocks",
                columns: table => new
                {
                    kind = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    next = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_id_blocks", x => x.kind);
                });

            migrationBuilder.CreateTable(
                name: "idempotency_keys",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    request_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    subject_id = table.Column<long>(type: "bigint", nullable: true),
                    status = table.Column<int>(type: "integer", nullable: false),
                    headers = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    body = table.Column<byte[]>(type: "bytea", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_idempotency_keys", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "login_names",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    customer_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_login_names", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "membership_spells",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    entered_seq = table.Column<long>(type: "bigint", nullable: false),
                    entered_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    entered_cause = table.Column<int>(type: "integer", nullable: false),
                    left_seq = table.Column<long>(type: "bigint", nullable: false),
                    left_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    left_cause = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_membership_spells", x => new { x.customer_id, x.group_id, x.entered_seq });
                });

            migrationBuilder.CreateTable(
                name: "memberships",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    origin = table.Column<int>(type: "integer", nullable: false),
                    is_member = table.Column<bool>(type: "boolean", nullable: false),
                    changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    changed_by = table.Column<long>(type: "bigint", nullable: true),
                    entered_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    entered_seq = table.Column<long>(type: "bigint", nullable: true),
                    entered_cause = table.Column<int>(type: "integer", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_memberships", x => new { x.customer_id, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "order_numbers",
                columns: table => new
                {
                    number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    customer_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_numbers", x => x.number);
                });

            migrationBuilder.CreateTable(
                name: "points_entries",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    kind = table.Column<int>(type: "integer", nullable: false),
                    points = table.Column<long>(type: "bigint", nullable: false),
                    balance = table.Column<long>(type: "bigint", nullable: false),
                    debt = table.Column<long>(type: "bigint", nullable: false),
                    source_type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    source_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    step = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_entries", x => new { x.customer_id, x.id });
                    table.CheckConstraint("ck_points_entries_balance", "balance >= 0 AND debt >= 0 AND (balance = 0 OR debt = 0)");
                    table.CheckConstraint("ck_points_entries_points", "(kind IN (1, 6) AND points > 0) OR (kind IN (3, 5, 7) AND points < 0) OR (kind IN (2, 4) AND points <> 0)");
                });

            migrationBuilder.CreateTable(
                name: "review_ids",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    customer_id = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_review_ids", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "segment_changes",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    facets = table.Column<long>(type: "bigint", nullable: false),
                    cause = table.Column<int>(type: "integer", nullable: false),
                    queued_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    claimed_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_segment_changes", x => new { x.customer_id, x.id, x.group_id });
                });

            migrationBuilder.CreateTable(
                name: "server_keys",
                columns: table => new
                {
                    id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    @protected = table.Column<string>(name: "protected", type: "text", nullable: false, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_server_keys", x => x.id);
                });

            migrationBuilder.CreateTable(
                name: "sweeps",
                columns: table => new
                {
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    is_done = table.Column<bool>(type: "boolean", nullable: false),
                    claimed_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_sweeps", x => x.name);
                });

            migrationBuilder.CreateTable(
                name: "throttles",
                columns: table => new
                {
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tries = table.Column<int>(type: "integer", nullable: false),
                    allowed = table.Column<int>(type: "integer", nullable: false),
                    level = table.Column<int>(type: "integer", nullable: false),
                    window_ends = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_throttles", x => x.key);
                });

            migrationBuilder.CreateTable(
                name: "accounts",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    password_hash = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    security_version = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_accounts", x => x.customer_id);
                    table.ForeignKey(
                        name: "FK_accounts_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "addresses",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    id = table.Column<long>(type: "bigint", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    address_type = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    first_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    last_name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    company = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    phone = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    address_line1 = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    address_line2 = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    city = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    state = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    postal_code = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    country = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    is_default = table.Column<bool>(type: "boolean", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    updated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    city_folded = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state_folded = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    city_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    postal_code_key = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_addresses", x => new { x.customer_id, x.id });
                    table.ForeignKey(
                        name: "FK_addresses_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customer_metadata",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    text_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    number = table.Column<double>(type: "double precision", nullable: true),
                    flag = table.Column<bool>(type: "boolean", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customer_metadata", x => new { x.customer_id, x.key });
                    table.ForeignKey(
                        name: "FK_customer_metadata_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "customer_tags",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    tag_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tag = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_customer_tags", x => new { x.customer_id, x.tag_key });
                    table.ForeignKey(
                        name: "FK_customer_tags_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "orders",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    order_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    number_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    status = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    currency = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    exchange_rate = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: false),
                    refunded = table.Column<long>(type: "bigint", nullable: false),
                    net = table.Column<long>(type: "bigint", nullable: false),
                    counts = table.Column<bool>(type: "boolean", nullable: false),
                    placed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    received_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_orders", x => new { x.customer_id, x.order_number });
                    table.ForeignKey(
                        name: "FK_orders_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "points_lots",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<long>(type: "bigint", nullable: false),
                    order_number = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    points = table.Column<long>(type: "bigint", nullable: false),
                    rest = table.Column<long>(type: "bigint", nullable: false),
                    expired = table.Column<long>(type: "bigint", nullable: false),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    available_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    state = table.Column<int>(type: "integer", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_lots", x => new { x.customer_id, x.entry_id });
                    table.CheckConstraint("ck_points_lots_rest", "points > 0 AND rest >= 0 AND expired >= 0 AND rest + expired <= points");
                    table.CheckConstraint("ck_points_lots_state", "(state IN (1, 2) AND rest > 0) OR (state = 3 AND rest = 0)");
                    table.ForeignKey(
                        name: "FK_points_lots_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "points_reasons",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<long>(type: "bigint", nullable: false),
                    reason = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_reasons", x => new { x.customer_id, x.entry_id });
                    table.ForeignKey(
                        name: "FK_points_reasons_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "refresh_tokens",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    token_hash = table.Column<byte[]>(type: "bytea", nullable: false),
                    family_id = table.Column<Guid>(type: "uuid", nullable: false),
                    security_version = table.Column<int>(type: "integer", nullable: false),
                    signed_in_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    expires_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    used_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_refresh_tokens", x => new { x.customer_id, x.token_hash });
                    table.ForeignKey(
                        name: "FK_refresh_tokens_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "reviews",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    review_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    product_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    product_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    rating = table.Column<int>(type: "integer", nullable: false),
                    title = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    body = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    revision = table.Column<long>(type: "bigint", nullable: false),
                    received_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    is_deleted = table.Column<bool>(type: "boolean", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_reviews", x => new { x.customer_id, x.review_id });
                    table.ForeignKey(
                        name: "FK_reviews_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "tier_intervals",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    sequence = table.Column<int>(type: "integer", nullable: false),
                    tier = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    from = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    cause = table.Column<string>(type: "text", nullable: false, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_tier_intervals", x => new { x.customer_id, x.sequence });
                    table.ForeignKey(
                        name: "FK_tier_intervals_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "wishlist_items",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    product_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    product_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    url = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    price = table.Column<long>(type: "bigint", nullable: true),
                    currency = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    added_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_wishlist_items", x => new { x.customer_id, x.product_id });
                    table.ForeignKey(
                        name: "FK_wishlist_items_customers_customer_id",
                        column: x => x.customer_id,
                        principalTable: "customers",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_counts",
                columns: table => new
                {
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    members = table.Column<long>(type: "bigint", nullable: false),
                    last_seq = table.Column<long>(type: "bigint", nullable: false),
                    changed_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_group_counts", x => x.group_id);
                    table.ForeignKey(
                        name: "FK_group_counts_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "group_references",
                columns: table => new
                {
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    refers_to = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_group_references", x => new { x.group_id, x.refers_to });
                    table.ForeignKey(
                        name: "FK_group_references_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                    table.ForeignKey(
                        name: "FK_group_references_groups_refers_to",
                        column: x => x.refers_to,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Restrict);
                });

            migrationBuilder.CreateTable(
                name: "segments",
                columns: table => new
                {
                    group_id = table.Column<long>(type: "bigint", nullable: false),
                    state = table.Column<int>(type: "integer", nullable: false),
                    progress = table.Column<int>(type: "integer", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    evaluated_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    swept_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true),
                    error = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    fingerprint = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    claimed_until = table.Column<DateTime>(type: "timestamp with time zone", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_segments", x => x.group_id);
                    table.ForeignKey(
                        name: "FK_segments_groups_group_id",
                        column: x => x.group_id,
                        principalTable: "groups",
                        principalColumn: "id",
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "order_lines",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    order_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    line_number = table.Column<int>(type: "integer", nullable: false),
                    product_id = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sku = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    name = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    category = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    quantity = table.Column<int>(type: "integer", nullable: false),
                    unit_price = table.Column<long>(type: "bigint", nullable: false),
                    refunded_quantity = table.Column<int>(type: "integer", nullable: false),
                    amount = table.Column<long>(type: "bigint", nullable: false),
                    product_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    sku_key = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    name_key = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    category_key = table.Column<string>(type: "text", nullable: true, collation: "C")
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_order_lines", x => new { x.customer_id, x.order_number, x.line_number });
                    table.ForeignKey(
                        name: "FK_order_lines_orders_customer_id_order_number",
                        columns: x => new { x.customer_id, x.order_number },
                        principalTable: "orders",
                        principalColumns: new[] { "customer_id", "order_number" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "points_orders",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    order_number = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    rate = table.Column<long>(type: "bigint", nullable: false),
                    multiplier = table.Column<long>(type: "bigint", nullable: false),
                    kept = table.Column<long>(type: "bigint", nullable: false),
                    forgiven = table.Column<long>(type: "bigint", nullable: false),
                    steps = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_orders", x => new { x.customer_id, x.order_number });
                    table.CheckConstraint("ck_points_orders_kept", "kept >= 0 AND forgiven >= 0 AND steps >= 0 AND rate >= 0 AND multiplier >= 0");
                    table.ForeignKey(
                        name: "FK_points_orders_orders_customer_id_order_number",
                        columns: x => new { x.customer_id, x.order_number },
                        principalTable: "orders",
                        principalColumns: new[] { "customer_id", "order_number" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateTable(
                name: "points_allocations",
                columns: table => new
                {
                    customer_id = table.Column<long>(type: "bigint", nullable: false),
                    entry_id = table.Column<long>(type: "bigint", nullable: false),
                    lot_id = table.Column<long>(type: "bigint", nullable: false),
                    points = table.Column<long>(type: "bigint", nullable: false)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_points_allocations", x => new { x.customer_id, x.entry_id, x.lot_id });
                    table.CheckConstraint("ck_points_allocations_points", "points <> 0");
                    table.ForeignKey(
                        name: "FK_points_allocations_points_lots_customer_id_lot_id",
                        columns: x => new { x.customer_id, x.lot_id },
                        principalTable: "points_lots",
                        principalColumns: new[] { "customer_id", "entry_id" },
                        onDelete: ReferentialAction.Cascade);
                });

            migrationBuilder.CreateIndex(
                name: "IX_addresses_customer_id_address_type",
                table: "addresses",
                columns: new[] { "customer_id", "address_type" },
                unique: true,
                filter: "is_default");

            migrationBuilder.CreateIndex(
                name: "IX_addresses_id",
                table: "addresses",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_addresses_is_default_created_at_id",
                table: "addresses",
                columns: new[] { "is_default", "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customer_metadata_key_customer_id",
                table: "customer_metadata",
                columns: new[] { "key", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_customer_tags_tag_key_customer_id",
                table: "customer_tags",
                columns: new[] { "tag_key", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_birth_day_of_year",
                table: "customers",
                column: "birth_day_of_year",
                filter: "birth_day_of_year IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_date_joined_id",
                table: "customers",
                columns: new[] { "date_joined", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_date_of_birth",
                table: "customers",
                column: "date_of_birth",
                filter: "date_of_birth IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "ix_customers_inactive",
                table: "customers",
                columns: new[] { "date_joined", "id" },
                filter: "NOT is_active");

            migrationBuilder.CreateIndex(
                name: "IX_customers_last_login",
                table: "customers",
                column: "last_login",
                filter: "last_login IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_last_order_date_id",
                table: "customers",
                columns: new[] { "last_order_date", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_loyalty_due_at",
                table: "customers",
                column: "loyalty_due_at",
                filter: "loyalty_due_at IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_loyalty_tier_date_joined_id",
                table: "customers",
                columns: new[] { "loyalty_tier", "date_joined", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_loyalty_tier_total_spent_id",
                table: "customers",
                columns: new[] { "loyalty_tier", "total_spent", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_tier_locked_until",
                table: "customers",
                column: "tier_locked_until",
                filter: "tier_locked_until IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_total_orders_id",
                table: "customers",
                columns: new[] { "total_orders", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_total_spent_id",
                table: "customers",
                columns: new[] { "total_spent", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_customers_vip",
                table: "customers",
                columns: new[] { "date_joined", "id" },
                filter: "is_vip");

            migrationBuilder.CreateIndex(
                name: "IX_group_references_refers_to",
                table: "group_references",
                column: "refers_to");

            migrationBuilder.CreateIndex(
                name: "IX_groups_name_key",
                table: "groups",
                column: "name_key");

            migrationBuilder.CreateIndex(
                name: "IX_idempotency_keys_created_at",
                table: "idempotency_keys",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_idempotency_keys_subject_id",
                table: "idempotency_keys",
                column: "subject_id");

            migrationBuilder.CreateIndex(
                name: "IX_membership_spells_group_id_entered_seq",
                table: "membership_spells",
                columns: new[] { "group_id", "entered_seq" });

            migrationBuilder.CreateIndex(
                name: "IX_membership_spells_group_id_left_seq",
                table: "membership_spells",
                columns: new[] { "group_id", "left_seq" });

            migrationBuilder.CreateIndex(
                name: "IX_memberships_group_id_customer_id",
                table: "memberships",
                columns: new[] { "group_id", "customer_id" });

            migrationBuilder.CreateIndex(
                name: "IX_memberships_group_id_entered_seq",
                table: "memberships",
                columns: new[] { "group_id", "entered_seq" },
                filter: "is_member");

            migrationBuilder.CreateIndex(
                name: "IX_orders_customer_id_placed_at",
                table: "orders",
                columns: new[] { "customer_id", "placed_at" });

            migrationBuilder.CreateIndex(
                name: "IX_orders_placed_at",
                table: "orders",
                column: "placed_at");

            migrationBuilder.CreateIndex(
                name: "IX_points_allocations_customer_id_lot_id",
                table: "points_allocations",
                columns: new[] { "customer_id", "lot_id" });

            migrationBuilder.CreateIndex(
                name: "IX_points_entries_created_at",
                table: "points_entries",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_points_entries_customer_id_created_at",
                table: "points_entries",
                columns: new[] { "customer_id", "created_at" },
                filter: "debt > 0");

            migrationBuilder.CreateIndex(
                name: "IX_points_entries_customer_id_source_type_source_id_kind_step",
                table: "points_entries",
                columns: new[] { "customer_id", "source_type", "source_id", "kind", "step" },
                unique: true);

            migrationBuilder.CreateIndex(
                name: "IX_points_lots_customer_id_expires_at",
                table: "points_lots",
                columns: new[] { "customer_id", "expires_at" },
                filter: "state <> 3");

            migrationBuilder.CreateIndex(
                name: "IX_points_lots_customer_id_order_number",
                table: "points_lots",
                columns: new[] { "customer_id", "order_number" });

            migrationBuilder.CreateIndex(
                name: "IX_refresh_tokens_expires_at",
                table: "refresh_tokens",
                column: "expires_at");

            migrationBuilder.CreateIndex(
                name: "IX_reviews_created_at",
                table: "reviews",
                column: "created_at");

            migrationBuilder.CreateIndex(
                name: "IX_reviews_customer_id_created_at",
                table: "reviews",
                columns: new[] { "customer_id", "created_at" });

            migrationBuilder.CreateIndex(
                name: "IX_segment_changes_id",
                table: "segment_changes",
                column: "id");

            migrationBuilder.CreateIndex(
                name: "IX_throttles_window_ends",
                table: "throttles",
                column: "window_ends");

            migrationBuilder.CreateIndex(
                name: "IX_wishlist_items_added_at",
                table: "wishlist_items",
                column: "added_at");

            migrationBuilder.CreateIndex(
                name: "IX_wishlist_items_customer_id_added_at",
                table: "wishlist_items",
                columns: new[] { "customer_id", "added_at" });

            // One index for the whole search: trigrams of the folded text. The extension is a trusted one, so the database's owner may create it.
            migrationBuilder.Sql("CREATE EXTENSION IF NOT EXISTS pg_trgm;");
            // Every search reads what has not been sorted into the index yet, so little of it may wait.
            migrationBuilder.Sql("CREATE INDEX ix_customers_search_text ON customers USING gin (search_text gin_trgm_ops) WITH (gin_pending_list_limit = 512);");

            // The planner tries the term on a sample of the texts. In a hundred of them a rare term looks common if it is there at all, and for a
            // common one the newest customers are read until a page is full: all of them, for a rare one.
            migrationBuilder.Sql("ALTER TABLE customers ALTER COLUMN search_text SET STATISTICS 1000;");

            // Append-only: the service's own role may not change what it has written.
            foreach (var table in new[] { "audit_entries", "group_audit_entries", "points_entries" })
            {
                migrationBuilder.Sql($"REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM CURRENT_USER;");
            }
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "accounts");

            migrationBuilder.DropTable(
                name: "addresses");

            migrationBuilder.DropTable(
                name: "audit_details");

            migrationBuilder.DropTable(
                name: "audit_entries");

            migrationBuilder.DropTable(
                name: "counters");

            migrationBuilder.DropTable(
                name: "customer_metadata");

            migrationBuilder.DropTable(
                name: "customer_tags");

            migrationBuilder.DropTable(
                name: "customer_uuids");

            migrationBuilder.DropTable(
                name: "data_protection_keys");

            migrationBuilder.DropTable(
                name: "group_audit_entries");

            migrationBuilder.DropTable(
                name: "group_counts");

            migrationBuilder.DropTable(
                name: "group_graph");

            migrationBuilder.DropTable(
                name: "group_names");

            migrationBuilder.DropTable(
                name: "group_references");

            migrationBuilder.DropTable(
                name: "id_blocks");

            migrationBuilder.DropTable(
                name: "idempotency_keys");

            migrationBuilder.DropTable(
                name: "login_names");

            migrationBuilder.DropTable(
                name: "membership_spells");

            migrationBuilder.DropTable(
                name: "memberships");

            migrationBuilder.DropTable(
                name: "order_lines");

            migrationBuilder.DropTable(
                name: "order_numbers");

            migrationBuilder.DropTable(
                name: "points_allocations");

            migrationBuilder.DropTable(
                name: "points_entries");

            migrationBuilder.DropTable(
                name: "points_orders");

            migrationBuilder.DropTable(
                name: "points_reasons");

            migrationBuilder.DropTable(
                name: "refresh_tokens");

            migrationBuilder.DropTable(
                name: "review_ids");

            migrationBuilder.DropTable(
                name: "reviews");

            migrationBuilder.DropTable(
                name: "segment_changes");

            migrationBuilder.DropTable(
                name: "segments");

            migrationBuilder.DropTable(
                name: "server_keys");

            migrationBuilder.DropTable(
                name: "sweeps");

            migrationBuilder.DropTable(
                name: "throttles");

            migrationBuilder.DropTable(
                name: "tier_intervals");

            migrationBuilder.DropTable(
                name: "wishlist_items");

            migrationBuilder.DropTable(
                name: "points_lots");

            migrationBuilder.DropTable(
                name: "orders");

            migrationBuilder.DropTable(
                name: "groups");

            migrationBuilder.DropTable(
                name: "customers");
        }
    }
}
