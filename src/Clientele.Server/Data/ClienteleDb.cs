using System.Collections.Concurrent;
using System.Globalization;
using System.Reflection;
using System.Text.Json;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Customers;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Http;
using Clientele.Server.Loyalty;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Clientele.Server.Data;

/// <summary>All tables. <see cref="SqliteClienteleDb"/> and <see cref="PostgresClienteleDb"/> contain what differs between the two databases.</summary>
internal abstract class ClienteleDb(DbContextOptions options) : DbContext(options)
{
    private static readonly ConcurrentDictionary<Type, string[]> NamedColumns = [];

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<CustomerTag> CustomerTags => Set<CustomerTag>();

    public DbSet<CustomerMetadata> CustomerMetadata => Set<CustomerMetadata>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<LoginName> LoginNames => Set<LoginName>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

    public DbSet<KnownNetwork> KnownNetworks => Set<KnownNetwork>();

    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Group> Groups => Set<Group>();

    public DbSet<GroupName> GroupNames => Set<GroupName>();

    public DbSet<GroupCount> GroupCounts => Set<GroupCount>();

    public DbSet<Membership> Memberships => Set<Membership>();

    public DbSet<MembershipSpell> MembershipSpells => Set<MembershipSpell>();

    public DbSet<Segment> Segments => Set<Segment>();

    public DbSet<SegmentChange> SegmentChanges => Set<SegmentChange>();

    public DbSet<GroupReference> GroupReferences => Set<GroupReference>();

    public DbSet<AuditEntry> AuditEntries => Set<AuditEntry>();

    public DbSet<AuditDetails> AuditDetails => Set<AuditDetails>();

    public DbSet<GroupAuditEntry> GroupAuditEntries => Set<GroupAuditEntry>();

    public DbSet<CustomerUuid> CustomerUuids => Set<CustomerUuid>();

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

    public DbSet<Throttle> Throttles => Set<Throttle>();

    public DbSet<ServerKey> ServerKeys => Set<ServerKey>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>What the current statement reads in the same round trip, besides its own rows.</summary>
    public IReadOnlyList<ReadAlong> ReadingAlong { get; private set; } = [];

    /// <summary>The rows that the current statement locks before it reads.</summary>
    public LockFirst? LockingFirst { get; private set; }

    /// <summary>The clause that makes a SELECT of one row lock it.</summary>
    protected abstract string Locking { get; }

    /// <summary>Locks the customer's row until the transaction ends, and returns it. Every write to what a customer owns begins here.</summary>
    /// <param name="id">The customer's id.</param>
    /// <param name="cancellationToken">Cancels the wait for the lock.</param>
    /// <param name="along">What to read in the same round trip, once the lock is held.</param>
    public async Task<Customer?> LockCustomerAsync(long id, CancellationToken cancellationToken, params ReadAlong[] along)
    {
        ReadingAlong = along;
        try
        {
            var sql = string.Join(";\n", [$"SELECT {Columns<Customer>()} FROM customers WHERE id = {{0}}{Locking}", .. along.Select(read => read.Sql)]);
            return (await Customers.FromSqlRaw(sql, id).AsTracking().ToListAsync(cancellationToken)).SingleOrDefault();
        }
        finally
        {
            ReadingAlong = [];
        }
    }

    /// <summary>Locks several customers' rows, in the order of their ids so that two callers cannot deadlock.</summary>
    public async Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        long[] known = [.. ids.Distinct().Order()];
        return known is [var one]
            ? await LockCustomerAsync(one, cancellationToken) is { } customer ? [customer] : []
            : await LockFirstAsync(new("customers", "id", known), () => Customers.AsTracking().Where(c => known.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(cancellationToken));
    }

    /// <summary>Locks the group's row until the transaction ends, and returns it.</summary>
    public async Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken)
    {
        var sql = $"SELECT {Columns<Group>()} FROM groups WHERE id = {{0}}{Locking}";
        return (await Groups.FromSqlRaw(sql, id).AsTracking().ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>Claims order numbers for customers and returns the numbers that nobody had claimed. A simultaneous claim of the same number waits.</summary>
    public abstract Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken);

    /// <summary>
    /// Leases accounts whose points are due, after skipping the <paramref name="skip"/> longest due, and returns their ids. No other node gets them
    /// before the lease ends.
    /// </summary>
    public abstract Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken);

    /// <summary>
    /// Locks the counts of groups, in the order of their ids, and returns them. Call this before reading memberships of the groups in order to write
    /// them.
    /// </summary>
    public Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, CancellationToken cancellationToken) =>
        LockFirstAsync(new("group_counts", "group_id", [.. groupIds.Distinct().Order()]), () => ReadCountsAsync(groupIds, cancellationToken));

    /// <summary>
    /// Like <see cref="LockCountsAsync"/>, but without waiting. If another transaction has locked some of them, locks none if <paramref name="all"/>
    /// is true, and otherwise the rest.
    /// </summary>
    public virtual Task<List<GroupCount>> TryLockCountsAsync(IReadOnlyCollection<long> groupIds, bool all, CancellationToken cancellationToken) =>
        ReadCountsAsync(groupIds, cancellationToken);

    /// <summary>The memberships of customers in groups, tracked. A pair without a stored membership is left out.</summary>
    public abstract Task<List<Membership>> ReadMembershipsAsync(IReadOnlyCollection<(long Customer, long Group)> wanted, CancellationToken cancellationToken);

    /// <summary>
    /// Leases the oldest queued changes, after skipping <paramref name="skip"/> older ones. Changes for a single group that is being built are left
    /// out. No other worker gets the changes before the lease ends.
    /// </summary>
    public abstract Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, long[] building, int skip, int most, CancellationToken cancellationToken);

    /// <summary>Removes changes from the queue.</summary>
    public abstract Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken);

    /// <summary>Locks the references between groups until the transaction ends. Call this before locking the group's own row.</summary>
    public Task<int> LockGraphAsync(CancellationToken cancellationToken) => Database.ExecuteSqlAsync(
        $"INSERT INTO group_graph (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = group_graph.version + 1", cancellationToken);

    /// <summary>Returns the group and keeps it from being deleted until the transaction ends; null if there is no such group.</summary>
    public abstract Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken);

    /// <summary>Runs several queries for ids, in as few round trips as possible.</summary>
    /// <param name="queries">The queries.</param>
    /// <param name="failed">Creates the exception to throw if the database cannot run a query, from its index and the reason.</param>
    /// <param name="cancellationToken">Stops it.</param>
    public virtual async Task<List<long>[]> ReadIdsAsync(IReadOnlyList<IQueryable<long>> queries, Func<int, Exception, Exception> failed, CancellationToken cancellationToken)
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
            await Database.ExecuteSqlRawAsync(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)duration.TotalMilliseconds}"), cancellationToken);
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
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            var table = entity.ClrType.GetCustomAttribute<TableAttribute>()
                ?? throw new InvalidOperationException($"{entity.ClrType.Name} does not declare its class of table: give it a [Table].");
            entity.SetTableName(table.Name);
            foreach (var property in entity.GetProperties())
            {
                property.SetColumnName(JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));
                if (property.IsPrimaryKey())
                {
                    property.ValueGenerated = Microsoft.EntityFrameworkCore.Metadata.ValueGenerated.Never;
                }
            }
        }
    }

    /// <summary>
    /// The names of all columns of an entity, for our own SQL. With SELECT *, a prepared statement would fail when a newer node's migration adds
    /// columns.
    /// </summary>
    /// <param name="alias">The alias of the table, if the statement also reads others.</param>
    protected string Columns<T>(string? alias = null)
        where T : class
    {
        var names = NamedColumns.GetOrAdd(typeof(T), _ => [.. Set<T>().EntityType.GetProperties().Select(property => property.GetColumnName())]);
        return string.Join(", ", alias is null ? names : names.Select(name => $"{alias}.{name}"));
    }

    /// <summary>Reads rows of a table and locks them first, in the same round trip.</summary>
    private async Task<List<T>> LockFirstAsync<T>(LockFirst rows, Func<Task<List<T>>> read)
    {
        LockingFirst = Locking.Length > 0 && rows.Ids.Length > 0 ? rows : null;
        try
        {
            return await read();
        }
        finally
        {
            LockingFirst = null;
        }
    }

    protected Task<List<GroupCount>> ReadCountsAsync(IReadOnlyCollection<long> groupIds, CancellationToken cancellationToken)
    {
        var ids = groupIds.ToArray();
        return GroupCounts.AsTracking().Where(c => ids.Contains(c.GroupId)).OrderBy(c => c.GroupId).ToListAsync(cancellationToken);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <summary>SQLite does not store that an instant is in UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        instant => instant,
        instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}
