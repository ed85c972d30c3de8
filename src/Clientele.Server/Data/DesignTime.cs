using Microsoft.EntityFrameworkCore.Design;

namespace Clientele.Server.Data;

/// <summary>Lets bin/migration create migrations for both databases without connecting to either.</summary>
internal sealed class SqliteDesignTime : IDesignTimeDbContextFactory<SqliteClienteleDb>
{
    public SqliteClienteleDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<SqliteClienteleDb>().UseSqlite().Options);
}

internal sealed class PostgresDesignTime : IDesignTimeDbContextFactory<PostgresClienteleDb>
{
    public PostgresClienteleDb CreateDbContext(string[] args) => new(new DbContextOptionsBuilder<PostgresClienteleDb>().UseNpgsql().Options);
}
