using System;
using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
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
                    id = table.Column<Guid>(type: "uuid", nullable: false),
                    version = table.Column<int>(type: "integer", nullable: false),
                    action = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    state = table.Column<int>(type: "integer", nullable: false),
                    filters = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    tags = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    group_id = table.Column<long>(type: "bigint", nullable: true),
                    position = table.Column<long>(type: "bigint", nullable: false),
                    last_id = table.Column<long>(type: "bigint", nullable: false),
                    total = table.Column<long>(type: "bigint", nullable: true),
                    done = table.Column<long>(type: "bigint", nullable: false),
                    changed = table.Column<long>(type: "bigint", nullable: false),
                    failed = table.Column<long>(type: "bigint", nullable: false),
                    errors = table.Column<string>(type: "text", nullable: false, collation: "C"),
                    reason = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_by = table.Column<long>(type: "bigint", nullable: true),
                    key_id = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    key_name = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    network = table.Column<string>(type: "text", nullable: true, collation: "C"),
                    created_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: false),
                    ended_at = table.Column<DateTime>(type: "timestamp with time zone", nullable: true)
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
