using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class TuneCustomers : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AlterTable(
                name: "customers")
                .Annotation("Npgsql:StorageParameter:fillfactor", 85);

            migrationBuilder.CreateIndex(
                name: "ix_customers_inactive",
                table: "customers",
                columns: new[] { "date_joined", "id" },
                filter: "NOT is_active");

            migrationBuilder.CreateIndex(
                name: "IX_customers_loyalty_tier_date_joined_id",
                table: "customers",
                columns: new[] { "loyalty_tier", "date_joined", "id" });

            migrationBuilder.CreateIndex(
                name: "ix_customers_vip",
                table: "customers",
                columns: new[] { "date_joined", "id" },
                filter: "is_vip");
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "ix_customers_inactive",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "IX_customers_loyalty_tier_date_joined_id",
                table: "customers");

            migrationBuilder.DropIndex(
                name: "ix_customers_vip",
                table: "customers");

            migrationBuilder.AlterTable(
                name: "customers")
                .OldAnnotation("Npgsql:StorageParameter:fillfactor", 85);
        }
    }
}
