using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Data;

/// <summary>The services of the database.</summary>
internal static class DataModule
{
    public static void AddData(this IServiceCollection services, IConfiguration configuration)
    {
        // The container owns the database, because a factory creates it.
#pragma warning disable CA2000
        var database = new Database(configuration["Database"], configuration["Database:Replica"]);
#pragma warning restore CA2000
        services.AddSingleton(_ => database);
        if (database.IsPostgres)
        {
            services.AddDbContextPool<ClienteleDb, PostgresClienteleDb>(Configure);
        }
        else
        {
            services.AddDbContextPool<ClienteleDb, SqliteClienteleDb>(Configure);
        }

        services.AddSingleton(TimeProvider.System).AddSingleton<IdBlocks>().AddSingleton<Readiness>();
        services.AddSingleton<Replica>().AddScoped<IDatabaseGauges, ReplicaGauges>();
        services.AddSingleton<ReadDatabaseClock>(provider => provider.GetRequiredService<Database>().ReadClockAsync);
        services.AddSingleton<DatabaseClock>().AddSingleton<IMaintenance>(provider => provider.GetRequiredService<DatabaseClock>());

        void Configure(IServiceProvider provider, DbContextOptionsBuilder options)
        {
            database.Configure(options);
            options.AddInterceptors(provider.GetServices<IInterceptor>());
        }
    }
}
