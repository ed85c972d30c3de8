using System.CommandLine;

namespace Clientele.Server.Commands;

/// <summary>Creates or upgrades the database.</summary>
internal static class MigrateCommand
{
    public static Command Create(string[] args)
    {
        var grantTo = new Option<string?>("--grant-to")
        {
            Description = "A PostgreSQL role for the service that owns nothing. It gets the privileges it needs, but cannot change append-only tables.",
        };
        return new Command("migrate", "Creates or upgrades the database, and nothing else.") { grantTo }.OnDatabase(
            args,
            "The database is up to date.",
            async (parsed, services, token) =>
            {
                var role = parsed.GetValue(grantTo);
                if (services.GetRequiredService<Database>().IsPostgres)
                {
                    await Grants.RenewAsync(services.GetRequiredService<ClienteleDb>(), role, token);
                    return [];
                }

                return role is null ? [] : ["--grant-to is for PostgreSQL: SQLite has no roles."];
            });
    }
}
