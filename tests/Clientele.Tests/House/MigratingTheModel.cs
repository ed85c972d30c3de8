using Clientele.Server.Data;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Tests.House;

/// <summary>The model matches the migrations; no server is needed to check that.</summary>
[Trait("Database", "Any")]
public sealed class MigratingTheModel
{
    [Fact]
    public void No_change_of_the_model_lacks_a_migration_for_SQLite()
    {
        using var db = new SqliteClienteleDb(new DbContextOptionsBuilder<SqliteClienteleDb>().UseSqlite("Data Source=:memory:").Options);

        Assert.False(db.Database.HasPendingModelChanges(), "Run bin/migration NAME.");
    }

    [Fact]
    public void No_change_of_the_model_lacks_a_migration_for_PostgreSQL()
    {
        using var db = new PostgresClienteleDb(new DbContextOptionsBuilder<PostgresClienteleDb>().UseNpgsql("Host=nowhere").Options);

        Assert.False(db.Database.HasPendingModelChanges(), "Run bin/migration NAME.");
    }
}
