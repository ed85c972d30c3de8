using Microsoft.EntityFrameworkCore.Migrations;

#nullable disable

namespace Clientele.Server.Data.Migrations.Postgres
{
    /// <inheritdoc />
    public partial class AddressForms : Migration
    {
        /// <inheritdoc />
        protected override void Up(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.AddColumn<int>(
                name: "form",
                table: "addresses",
                type: "integer",
                nullable: false,
                defaultValue: 0);
        }

        /// <inheritdoc />
        protected override void Down(MigrationBuilder migrationBuilder)
        {
            migrationBuilder.DropColumn(
                name: "form",
                table: "addresses");
        }
    }
}
