namespace Clientele.Server.Operations;

/// <summary>Creates or upgrades the database, rejects unsafe settings, and lets each noun prepare itself, all before the first request.</summary>
internal static class Preparation
{
    /// <param name="app">The built application.</param>
    /// <param name="serves">Whether it runs as a node, not as a command of the command line.</param>
    public static async Task RunAsync(WebApplication app, bool serves, CancellationToken cancellationToken)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var database = app.Services.GetRequiredService<Database>();
        var settings = app.Services.GetRequiredService<IOptions<DatabaseSettings>>().Value;
        if (database.IsPostgres && app.Environment.IsProduction() && !settings.AllowSuperuser
            && await db.Database.SqlQuery<bool>($"SELECT rolsuper AS \"Value\" FROM pg_roles WHERE rolname = current_user").SingleAsync(cancellationToken))
        {
            throw new StartupException(
                "The database role is a superuser, so privileges do not restrict it. Use an ordinary role, or set Database:AllowSuperuser to true.");
        }

        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger(typeof(Preparation));
        await Migrating.MigrateAsync(db, database, settings.AllowNewerSchema, logger, cancellationToken);
        await app.Services.GetRequiredService<DatabaseClock>().MeasureAsync(cancellationToken);
        if (database.IsPostgres && serves)
        {
            await PostgresServer.CompareConnectionsAsync(database, logger, cancellationToken);
            await PostgresServer.LimitStatementsAsync(database, logger, cancellationToken);
        }

        foreach (var preparation in app.Services.GetServices<IPreparation>())
        {
            await preparation.RunAsync(cancellationToken);
        }
    }
}
