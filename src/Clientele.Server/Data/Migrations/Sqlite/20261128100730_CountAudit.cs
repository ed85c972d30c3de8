using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class CountAudit : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<long>(
                name: "audit_entries",
                table: "groups",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "audit_entries",
                table: "customers",
                type: "INTEGER",
                nullable: false,
                defaultValue: 0L);

            // What was written before is counted from here on.
            migrationBuilder.Sql(
                """
                -- scatter: entries are counted
                UPDATE customers SET audit_entries = newest FROM (SELECT customer_id, max(sequence) AS newest FROM audit_entries GROUP BY customer_id) AS chains WHERE id = customer_id;
                """);
            migrationBuilder.Sql("UPDATE groups SET audit_entries = newest FROM (SELECT group_id, max(sequence) AS newest FROM group_audit_entries GROUP BY group_id) AS chains WHERE id = group_id;");

            // SQLite adds no foreign key to a table that is there. By hand, for EF Core's way leaves the transaction.
            migrationBuilder.Sql(
                """
                -- scatter: details get a foreign key
                CREATE TABLE "audit_details_new" (
                    "customer_id" INTEGER NOT NULL,
                    "sequence" INTEGER NOT NULL,
                    "salt" BLOB NOT NULL,
                    "network" TEXT NULL,
                    "changes" TEXT NOT NULL,
                    CONSTRAINT "PK_audit_details" PRIMARY KEY ("customer_id", "sequence"),
                    CONSTRAINT "FK_audit_details_customers_customer_id" FOREIGN KEY ("customer_id") REFERENCES "customers" ("id") ON DELETE CASCADE
                );
                INSERT INTO audit_details_new (customer_id, sequence, salt, network, changes)
                    SELECT customer_id, sequence, salt, network, changes FROM audit_details WHERE customer_id IN (SELECT id FROM customers);
                DROP TABLE audit_details;
                ALTER TABLE audit_details_new RENAME TO audit_details;
                """);

            // Written once: when a cascade comes by, the customer is gone already.
            migrationBuilder.Sql("CREATE TRIGGER audit_details_no_update BEFORE UPDATE ON audit_details BEGIN SELECT RAISE(ABORT, 'audit_details is write-once'); END;");
            migrationBuilder.Sql(
                """
                -- scatter: a trigger has no parameters
                CREATE TRIGGER audit_details_no_delete BEFORE DELETE ON audit_details WHEN EXISTS (SELECT 1 FROM customers WHERE id = OLD.customer_id)
                BEGIN SELECT RAISE(ABORT, 'audit_details is write-once, and goes with its customer'); END;
                """);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropForeignKey(
                name: "FK_audit_details_customers_customer_id",
                table: "audit_details");

            migrationBuilder.DropColumn(
                name: "audit_entries",
                table: "groups");

            migrationBuilder.DropColumn(
                name: "audit_entries",
                table: "customers");
        }
    }
}
