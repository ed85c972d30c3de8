using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Sqlite
{
    /// <inheritdoc />
    public partial class BulkJobsAndMovement : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.CreateTable(
                name: "bulk_jobs",
                columns: table => new
                {
                    id = table.Column<Guid>(type: "TEXT", nullable: false),
                    version = table.Column<int>(type: "INTEGER", nullable: false),
                    action = table.Column<string>(type: "TEXT", nullable: false),
                    state = table.Column<int>(type: "INTEGER", nullable: false),
                    filters = table.Column<string>(type: "TEXT", nullable: false),
                    tags = table.Column<string>(type: "TEXT", nullable: false),
                    group_id = table.Column<long>(type: "INTEGER", nullable: true),
                    position = table.Column<long>(type: "INTEGER", nullable: false),
                    last_id = table.Column<long>(type: "INTEGER", nullable: false),
                    total = table.Column<long>(type: "INTEGER", nullable: true),
                    done = table.Column<long>(type: "INTEGER", nullable: false),
                    changed = table.Column<long>(type: "INTEGER", nullable: false),
                    failed = table.Column<long>(type: "INTEGER", nullable: false),
                    errors = table.Column<string>(type: "TEXT", nullable: false),
                    reason = table.Column<string>(type: "TEXT", nullable: true),
                    created_by = table.Column<long>(type: "INTEGER", nullable: true),
                    key_id = table.Column<string>(type: "TEXT", nullable: true),
                    key_name = table.Column<string>(type: "TEXT", nullable: true),
                    network = table.Column<string>(type: "TEXT", nullable: true),
                    created_at = table.Column<DateTime>(type: "TEXT", nullable: false),
                    ended_at = table.Column<DateTime>(type: "TEXT", nullable: true)
                },
                constraints: table =>
                {
                    table.PrimaryKey("PK_bulk_jobs", x => x.id);
                });

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

            migrationBuilder.CreateIndex(
                name: "IX_bulk_jobs_created_at_id",
                table: "bulk_jobs",
                columns: new[] { "created_at", "id" });

            migrationBuilder.CreateIndex(
                name: "IX_bulk_jobs_state_created_at",
                table: "bulk_jobs",
                columns: new[] { "state", "created_at" });
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropTable(
                name: "bulk_jobs");

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
