using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class Tempc6 : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateIndex(
                name: "IX_memberships_group_id_entered_at",
                table: "memberships",
                columns: new[] { "group_id", "entered_at" },
                filter: "is_member");

            migrationBuilder.CreateIndex(
                name: "IX_membership_spells_group_id_entered_at",
                table: "membership_spells",
                columns: new[] { "group_id", "entered_at" });

            migrationBuilder.CreateIndex(
                name: "IX_membership_spells_group_id_left_at",
                table: "membership_spells",
                columns: new[] { "group_id", "left_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropIndex(
                name: "IX_memberships_group_id_entered_at",
                table: "memberships");

            migrationBuilder.DropIndex(
                name: "IX_membership_spells_group_id_entered_at",
                table: "membership_spells");

            migrationBuilder.DropIndex(
                name: "IX_membership_spells_group_id_left_at",
                table: "membership_spells");
        }
    }
}
