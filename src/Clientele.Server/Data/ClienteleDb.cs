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

/// <summary>All tables. Which of the two databases is behind it is <see cref="SqliteClienteleDb"/>'s and <see cref="PostgresClienteleDb"/>'s business.</summary>
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

    public DbSet<Sweep> Sweeps => Set<Sweep>();

    public DbSet<Counter> Counters => Set<Counter>();

    public DbSet<IdBlock> IdBlocks => Set<IdBlock>();

    public DbSet<IdempotencyKey> IdempotencyKeys => Set<IdempotencyKey>();

    public DbSet<Throttle> Throttles => Set<Throttle>();

    public DbSet<ServerKey> ServerKeys => Set<ServerKey>();

    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <summary>What the statement that is being sent reads besides its rows.</summary>
    public IReadOnlyList<ReadAlong> ReadingAlong { get; private set; } = [];

    /// <summary>The rows that the statement that is being sent locks before it reads.</summary>
    public LockFirst? LockingFirst { get; private set; }

    /// <summary>What makes a SELECT of one row lock it.</summary>
    protected abstract string Locking { get; }

    /// <summary>The customer's row, locked until the transaction ends: every write to what a customer owns begins here.</summary>
    /// <param name="id">Whose row it is.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <param name="along">What is read in the same round trip, once the lock is held.</param>
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

    /// <summary>Several customers' rows, locked in the order of their ids so that two callers cannot wait for each other.</summary>
    public async Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
    {
        long[] known = [.. ids.Distinct().Order()];
        return known is [var one]
            ? await LockCustomerAsync(one, cancellationToken) is { } customer ? [customer] : []
            : await LockFirstAsync(new("customers", "id", known), () => Customers.AsTracking().Where(c => known.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(cancellationToken));
    }

    /// <summary>The group's row, locked until the transaction ends.</summary>
    public async Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken)
    {
        var sql = $"SELECT {Columns<Group>()} FROM groups WHERE id = {{0}}{Locking}";
        return (await Groups.FromSqlRaw(sql, id).AsTracking().ToListAsync(cancellationToken)).SingleOrDefault();
    }

    /// <summary>Claims order numbers for customers and returns those that nobody had. A simultaneous claim of the same number waits.</summary>
    public abstract Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken);

    /// <summary>Leases accounts whose points are due, after the <paramref name="skip"/> longest due, and returns them. No other node gets them before the lease ends.</summary>
    public abstract Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int skip, int most, CancellationToken cancellationToken);

    /// <summary>The counts of groups, locked in the order of their ids: before memberships of the groups are read in order to be written.</summary>
    public Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, CancellationToken cancellationToken) =>
        LockFirstAsync(new("group_counts", "group_id", [.. groupIds.Distinct().Order()]), () => ReadCountsAsync(groupIds, cancellationToken));

    /// <summary>
    /// The same without waiting. Where somebody else has locked one: none, where <paramref name="all"/> are needed; otherwise the rest.
    /// </summary>
    public virtual Task<List<GroupCount>> TryLockCountsAsync(IReadOnlyCollection<long> groupIds, bool all, CancellationToken cancellationToken) =>
        ReadCountsAsync(groupIds, cancellationToken);

    /// <summary>What is known of customers and groups, tracked; who is not in the group is left out.</summary>
    public abstract Task<List<Membership>> ReadMembershipsAsync(IReadOnlyCollection<(long Customer, long Group)> wanted, CancellationToken cancellationToken);

    /// <summary>
    /// Leases the oldest queued changes after <paramref name="skip"/> older ones, but for those of one group that is being built. No other worker
    /// gets them before the lease ends.
    /// </summary>
    public abstract Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, long[] building, int skip, int most, CancellationToken cancellationToken);

    /// <summary>Takes changes off the queue.</summary>
    public abstract Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken);

    /// <summary>Keeps everybody else from changing which groups refer to which until the transaction ends; before the group's own row is locked.</summary>
    public Task<int> LockGraphAsync(CancellationToken cancellationToken) => Database.ExecuteSqlAsync(
        $"INSERT INTO group_graph (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = group_graph.version + 1", cancellationToken);

    /// <summary>Whether the group is there; it stays until the transaction ends.</summary>
    public abstract Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken);

    /// <summary>Ids by several queries, in as few round trips as there can be.</summary>
    /// <param name="queries">What is asked.</param>
    /// <param name="failed">What to throw where the database cannot answer one, by its place and the reason.</param>
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

    /// <summary>Statements of the open transaction may take as long as this, on the server, too: work that is known to be long.</summary>
    public async Task AllowAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(duration);
        if (Database.IsNpgsql())
        {
            // With the transaction, for the connection is another's afterwards, also where a pooler lends it.
            await Database.ExecuteSqlRawAsync(string.Create(CultureInfo.InvariantCulture, $"SET LOCAL statement_timeout = {(long)duration.TotalMilliseconds}"), cancellationToken);
        }
    }

    /// <summary>
    /// The open transaction takes one core of the server, and leaves the others to those who wait for less. Compiling a statement that is asked
    /// once takes longer than it saves.
    /// </summary>
    public async Task StandBackAsync(CancellationToken cancellationToken)
    {
        if (Database.IsNpgsql())
        {
            await Database.ExecuteSqlRawAsync("SET LOCAL max_parallel_workers_per_gather = 0; SET LOCAL jit = off", cancellationToken);
        }
    }

    /// <summary>Until it is disposed of, all reads see one instant, and nobody has to wait for them.</summary>
    public abstract Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(ClienteleDb).Assembly);
        foreach (var entity in modelBuilder.Model.GetEntityTypes())
        {
            var table = entity.ClrType.GetCustomAttribute<TableAttribute>()
                ?? throw new InvalidOperationException($"{entity.ClrType.Name} does not say which class of table it is: give it a [Table].");
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

    /// <summary>All columns of an entity, for SQL of our own. By name: a prepared statement fails when its columns change, as those of a star do when a newer node migrates.</summary>
    /// <param name="alias">What the statement calls the table, where it reads others, too.</param>
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

    /// <summary>SQLite forgets that an instant was UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        instant => instant,
        instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}
