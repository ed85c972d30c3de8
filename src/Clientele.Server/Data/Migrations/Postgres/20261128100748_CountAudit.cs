using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
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
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            migrationBuilder.AddColumn<long>(
                name: "audit_entries",
                table: "customers",
                type: "bigint",
                nullable: false,
                defaultValue: 0L);

            // What was written before is counted from here on.
            migrationBuilder.Sql(
                """
                -- scatter: entries are counted
                UPDATE customers SET audit_entries = newest FROM (SELECT customer_id, max(sequence) AS newest FROM audit_entries GROUP BY customer_id) AS chains WHERE id = customer_id;
                """);
            migrationBuilder.Sql("UPDATE groups SET audit_entries = newest FROM (SELECT group_id, max(sequence) AS newest FROM group_audit_entries GROUP BY group_id) AS chains WHERE id = group_id;");

            // Of those who were erased there are none; the key must not fail should there be.
            migrationBuilder.Sql(
                """
                -- scatter: details of nobody
                DELETE FROM audit_details WHERE NOT EXISTS (SELECT 1 FROM customers WHERE id = customer_id);
                """);
            migrationBuilder.AddForeignKey(
                name: "FK_audit_details_customers_customer_id",
                table: "audit_details",
                column: "customer_id",
                principalTable: "customers",
                principalColumn: "id",
                onDelete: ReferentialAction.Cascade);

            // Written once. DELETE stays with the owner, in whose name a cascade deletes: a role that serves without owning the table has neither.
            migrationBuilder.Sql("REVOKE UPDATE, TRUNCATE ON audit_details FROM CURRENT_USER;");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.Sql("GRANT UPDATE, TRUNCATE ON audit_details TO CURRENT_USER;");
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
