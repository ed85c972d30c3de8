using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class FormsFloorsAndLists : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<string>(
                name: "tier_floor",
                table: "customers",
                type: "text",
                nullable: true,
                collation: "C");

            migrationBuilder.AddColumn<int>(
                name: "form",
                table: "addresses",
                type: "integer",
                nullable: false,
                defaultValue: 0);

            migrationBuilder.CreateIndex(
                name: "IX_customers_email_key_id",
                table: "customers",
                columns: new[] { "email_key", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_last_name_key_first_name_key_id",
                table: "customers",
                columns: new[] { "last_name_key", "first_name_key", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_phone",
                table: "customers",
                column: "phone",
                filter: "phone IS NOT NULL");

            migrationBuilder.CreateIndex(
                name: "IX_customers_updated_at_id",
                table: "customers",
                columns: new[] { "updated_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_customers_username_key",
                table: "customers",
                column: "username_key");

            migrationBuilder.CreateIndex(
                name: "IX_customers_uuid",
                table: "customers",
                column: "uuid");

            migrationBuilder.CreateIndex(
                name: "IX_addresses_updated_at_id",
                table: "addresses",
                columns: new[] { "updated_at", "id" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_customers_email_key_id",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_last_name_key_first_name_key_id",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_phone",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_updated_at_id",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_username_key",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_uuid",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_addresses_updated_at_id",
                table: "addresses");

            migrationBuilder.DropColumn(
                name: "tier_floor",
                table: "customers");

            migrationBuilder.DropColumn(
                name: "form",
                table: "addresses");
        }
    }
}
