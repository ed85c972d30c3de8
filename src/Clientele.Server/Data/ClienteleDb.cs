using System.Collections.Concurrent;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Clientele.Server.Data;

/// <summary>All tables. <see cref="SqliteClienteleDb"/> and <see cref="PostgresClienteleDb"/> contain what differs between the two databases.</summary>
internal abstract class ClienteleDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    private static readonly ConcurrentDictionary<Type, string[]> NamedColumns = [];

    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<CustomerUuid> CustomerUuids => Set<CustomerUuid>();
    public DbSet<CustomerTag> CustomerTags => Set<CustomerTag>();
    public DbSet<CustomerMetadata> CustomerMetadata => Set<CustomerMetadata>();
    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<LoginName> LoginNames => Set<LoginName>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<KnownNetwork> KnownNetworks => Set<KnownNetwork>();
    public DbSet<Throttle> Throttles => Set<Throttle>();
    public DbSet<ServerKey> ServerKeys => Set<ServerKey>();
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    public DbSet<Group> Groups => Set<Group>();
    public DbSet<GroupName> GroupNames => Set<GroupName>();
    public DbSet<GroupCount> GroupCounts => Set<GroupCount>();
    public DbSet<GroupReference> GroupReferences => Set<GroupReference>();
    public DbSet<Membership> Memberships => Set<Membership>();
    public DbSet<MembershipPeriod> MembershipPeriods => Set<MembershipPeriod>();
    public DbSet<Segment> Segments => Set<Segment>();
    public DbSet<SegmentChange> SegmentChanges => Set<SegmentChange>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();
    public DbSet<AuditDetails> AuditDetails => Set<AuditDetails>();
    public DbSet<GroupAuditEntry> GroupAuditEntries => Set<GroupAuditEntry>();

    public DbSet<OrderNumber> OrderNumbers => Set<OrderNumber>();
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<OrderItem> OrderItems => Set<OrderItem>();
    public DbSet<WishlistItem> WishlistItems => Set<WishlistItem>();
    public DbSet<ReviewId> ReviewIds => Set<ReviewId>();
    public DbSet<Review> Reviews => Set<Review>();

    public DbSet<TierInterval> TierIntervals => Set<TierInterval>();
    public DbSet<PointsEntry> PointsEntries => Set<PointsEntry>();
    public DbSet<PointsReason> PointsReasons => Set<PointsReason>();
    public DbSet<PointsLot> PointsLots => Set<PointsLot>();
    public DbSet<PointsAllocation> PointsAllocations => Set<PointsAllocation>();
    public DbSet<PointsOrder> PointsOrders => Set<PointsOrder>();

    public DbSet<Lease> Leases => Set<Lease>();
    public DbSet<Sweep> Sweeps => Set<Sweep>();
    public DbSet<Counter> Counters => Set<Counter>();
    public DbSet<IdBlock> IdBlocks => Set<IdBlock>();
    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();
    public DbSet<Heartbeat> Heartbeats => Set<Heartbeat>();

    /// <summary>What the current statement reads in the same round trip, besides its own rows.</summary>
    public IReadOnlyList<ReadAlong> ReadingAlong { get; private set; } = [];

    /// <summary>The rows that the current statement locks before it reads.</summary>
    public LockFirst? LockingFirst { get; private set; }

    public bool IsPostgres => Database.IsNpgsql();

    /// <summary>The clause that makes a SELECT of one row lock it. SQLite has one writer at a time: reading inside its transaction is the lock.</summary>
    private string Locking => IsPostgres ? " FOR UPDATE" : "";

    /// <summary>Locks a row until the transaction ends, and returns it, tracked; null if there is no such row.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="along">What to read in the same round trip, once the lock is held.</param>
    public async Task<T?> LockAsync<T>(long id, CancellationToken cancellationToken, params ReadAlong[] along)
        where T : class
    {
        ReadingAlong = along;
        try
        {
            var sql = string.Join(";\n", [$"SELECT {Columns<T>()} FROM {Table<T>()} WHERE {Key<T>()} = {{0}}{Locking}", .. along.Select(read => read.Sql)]);
            return (await Set<T>().FromSqlRaw(sql, id).AsTracking().ToListAsync(cancellationToken)).SingleOrDefault();
        }
        finally
        {
            ReadingAlong = [];
        }
    }

    /// <summary>Locks several rows, in the order of their ids so that two callers cannot deadlock, and returns those that exist, tracked.</summary>
    public async Task<List<T>> LockAllAsync<T>(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        where T : class
    {
        long[] known = [.. ids.Distinct().Order()];
        if (known is [var one])
        {
            return await LockAsync<T>(one, cancellationToken) is { } row ? [row] : [];
        }

        LockingFirst = IsPostgres && known.Length > 0 ? new(Table<T>(), Key<T>(), known) : null;
        try
        {
            return await ReadAllAsync<T>(known, cancellationToken);
        }
        finally
        {
            LockingFirst = null;
        }
    }

    /// <summary>
    /// Like <see cref="LockAllAsync"/>, but without waiting. If another transaction has locked some of them, locks none if <paramref name="all"/> is
    /// true, and otherwise the rest.
    /// </summary>
    public virtual Task<List<T>> TryLockAllAsync<T>(IReadOnlyCollection<long> ids, bool all, CancellationToken cancellationToken)
        where T : class => ReadAllAsync<T>(ids, cancellationToken);

    /// <summary>Returns a row and keeps it from being deleted until the transaction ends; null if there is no such row.</summary>
    public async Task<T?> KeepAsync<T>(long id, CancellationToken cancellationToken)
        where T : class
    {
        var sql = $"SELECT {Columns<T>()} FROM {Table<T>()} WHERE {Key<T>()} = {{0}}{(IsPostgres ? " FOR KEY SHARE" : "")}";
        return (await Set<T>().FromSqlRaw(sql, id).ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>Runs several queries for ids, in as few round trips as possible.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="failed">Creates the exception to throw if the database cannot run a query, from its index and the reason.</param>
    public virtual async Task<List<long>[]> ReadIdsAsync(
        IReadOnlyList<IQueryable<long>> queries, Func<int, Exception, Exception> failed, CancellationToken cancellationToken)
    {
        var found = new List<long>[queries.Count];
        for (var i = 0; i < found.Length; i++)
        {
            try
            {
                found[i] = await queries[i].ToListAsync(cancellationToken);
            }
            catch (Exception failure) when (failure is not OperationCanceledException && !Data.Database.IsTransient(failure))
            {
                throw failed(i, failure);
            }
        }

        return found;
    }

    /// <summary>Sets the time limit for statements of the open transaction, also on the server, for work that is known to take long.</summary>
    public async Task AllowAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(duration);
        if (Database.IsNpgsql())
        {
            // The limit ends with the transaction, because another caller uses the connection afterwards, also behind a connection pooler.
            await Database.ExecuteSqlRawAsync(
                string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)duration.TotalMilliseconds}"), cancellationToken);
        }
    }

    /// <summary>
    /// Makes the open transaction use one core of the server, and leave the others to shorter requests. JIT is off, because compiling a statement
    /// that runs once takes longer than it saves.
    /// </summary>
    public async Task StandBackAsync(CancellationToken cancellationToken)
    {
        if (Database.IsNpgsql())
        {
            await Database.ExecuteSqlRawAsync("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off", cancellationToken);
        }
    }

    /// <summary>Until the result is disposed, all reads see one instant, and nobody has to wait for them.</summary>
    public abstract Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ClienteleDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes().ToList())
        {
            var table = TableAttribute.Of(entity.ClrType);
            entity.SetTableName(table.Name);
            if (table.Cascades)
            {
                modelBuilder.Entity(entity.ClrType).HasOne(typeof(Customer)).WithMany().HasForeignKey(nameof(CustomerTag.CustomerId))
                    .OnDelete(DeleteBehavior.Cascade);
            }

            foreach (var property in entity.GetProperties())
            {
                // Unless its configuration names the column.
                if (property.GetColumnName() == property.Name)
                {
                    property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
                }

                if (property.IsPrimaryKey())
                {
                    property.ValueGenerated = ValueGenerated.Never;
                }
            }
        }
    }

    /// <summary>
    /// The names of all columns of an entity, for our own SQL. With SELECT *, a prepared statement would fail when a newer node's migration adds
    /// columns.
    /// </summary>
    /// <param name="alias">The alias of the table, if the statement also reads others.</param>
    public string Columns<T>(string? alias = null)
        where T : class
    {
        var names = NamedColumns.GetOrAdd(typeof(T), _ => [.. Set<T>().EntityType.GetProperties().Select(property => property.GetColumnName())]);
        return string.Join(", ", alias is null ? names : names.Select(name => $"{alias}.{name}"));
    }

    protected string Table<T>()
        where T : class => Set<T>().EntityType.GetTableName()!;

    /// <summary>The column of the id.</summary>
    protected string Key<T>()
        where T : class => KeyOf<T>().GetColumnName();

    protected Task<List<T>> ReadAllAsync<T>(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        where T : class
    {
        var (known, key) = (ids.ToArray(), KeyOf<T>().Name);
        return Set<T>().AsTracking().Where(row => known.Contains(EF.Property<long>(row, key))).OrderBy(row => EF.Property<long>(row, key))
            .ToListAsync(cancellationToken);
    }

    private IProperty KeyOf<T>()
        where T : class => Set<T>().EntityType.FindPrimaryKey()!.Properties[0];

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <summary>SQLite does not store that an instant is in UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(instant => instant, instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}
