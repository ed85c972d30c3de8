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
    private static string? _customerColumns;

    public DbSet<Customer> Customers => Set<Customer>();

    public DbSet<CustomerTag> CustomerTags => Set<CustomerTag>();

    public DbSet<CustomerMetadata> CustomerMetadata => Set<CustomerMetadata>();

    public DbSet<Account> Accounts => Set<Account>();

    public DbSet<LoginName> LoginNames => Set<LoginName>();

    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();

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
            var sql = string.Join(";\n", [$"SELECT {CustomerColumns} FROM customers WHERE id = {{0}}{Locking}", .. along.Select(read => read.Sql)]);
            return (await Customers.FromSqlRaw(sql, id).AsTracking().ToListAsync(cancellationToken)).SingleOrDefault();
        }
        finally
        {
            ReadingAlong = [];
        }
    }

    /// <summary>Several customers' rows, locked in the order of their ids so that two callers cannot wait for each other.</summary>
    public abstract Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken);

    /// <summary>The group's row, locked until the transaction ends.</summary>
    public abstract Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken);

    /// <summary>Claims order numbers for customers and returns those that nobody had. A simultaneous claim of the same number waits.</summary>
    public abstract Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken);

    /// <summary>Leases accounts whose points are due and returns them. No other node gets them before the lease ends.</summary>
    public abstract Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken);

    /// <summary>
    /// The counts of groups, locked in the order of their ids: before memberships of the groups are read in order to be written. Where
    /// <paramref name="wait"/> is false, those that somebody else has locked are left out.
    /// </summary>
    public abstract Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, bool wait, CancellationToken cancellationToken);

    /// <summary>Leases the oldest queued changes, but for those of one segment that is being built. No other worker gets them before the lease ends.</summary>
    public abstract Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken);

    /// <summary>Takes changes off the queue.</summary>
    public abstract Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken);

    /// <summary>Keeps everybody else from changing which groups refer to which until the transaction ends; before the group's own row is locked.</summary>
    public Task<int> LockGraphAsync(CancellationToken cancellationToken) => Database.ExecuteSqlAsync(
        $"INSERT INTO group_graph (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = group_graph.version + 1", cancellationToken);

    /// <summary>Whether the group is there; it stays until the transaction ends.</summary>
    public abstract Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken);

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

    /// <summary>By name: a prepared statement fails when its columns change, as those of a star do when a newer node migrates.</summary>
    private string CustomerColumns => _customerColumns ??= string.Join(", ", Customers.EntityType.GetProperties().Select(property => property.GetColumnName()));

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <summary>SQLite forgets that an instant was UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(
        instant => instant,
        instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}

internal sealed class SqliteClienteleDb(DbContextOptions<SqliteClienteleDb> options) : ClienteleDb(options)
{
    // A write transaction on SQLite is the only one there is: reading inside it is the lock.
    protected override string Locking => "";

    public override Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Customers.AsTracking().Where(c => ids.Contains(c.Id)).OrderBy(c => c.Id).ToListAsync(cancellationToken);

    public override Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.AsTracking().SingleOrDefaultAsync(g => g.Id == id, cancellationToken);

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken)
    {
        // EF Core's own transaction is the one that writes; a deferred one only reads.
        await Database.OpenConnectionAsync(cancellationToken);
        await Database.ExecuteSqlRawAsync("BEGIN", cancellationToken);
        return new Deferred(this);
    }

    public override Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken)
    {
        var pairs = JsonSerializer.Serialize(numbers.Zip(customerIds, (number, id) => new object[] { number, id }));
        return Database.SqlQuery<string>(
            $"""
             INSERT INTO order_numbers (number, customer_id)
             SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each({pairs}) WHERE true
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);
    }

    public override Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until} WHERE id IN (
                 SELECT id FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    public override Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, bool wait, CancellationToken cancellationToken) =>
        GroupCounts.AsTracking().Where(c => groupIds.Contains(c.GroupId)).OrderBy(c => c.GroupId).ToListAsync(cancellationToken);

    public override Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        SegmentChanges.FromSql(
            $"""
             -- scatter: the oldest changes of the queue
             UPDATE segment_changes SET claimed_until = {until} WHERE (customer_id, id, group_id) IN (
                 SELECT customer_id, id, group_id FROM segment_changes WHERE claimed_until <= {now}
                 AND (group_id = 0 OR group_id NOT IN (SELECT group_id FROM segments WHERE state = 0)) ORDER BY id LIMIT {most})
             RETURNING *
             """).ToListAsync(cancellationToken);

    public override Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken)
    {
        var keys = JsonSerializer.Serialize(changes.Select(change => new[] { change.CustomerId, change.Id, change.GroupId }));
        return Database.ExecuteSqlAsync(
            $"""
             -- scatter: changes of the queue that are done
             DELETE FROM segment_changes WHERE (customer_id, id, group_id) IN (
                 SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]') FROM json_each({keys}))
             """,
            cancellationToken);
    }

    public override Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.SingleOrDefaultAsync(g => g.Id == id, cancellationToken);

    private sealed class Deferred(SqliteClienteleDb db) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await db.Database.ExecuteSqlRawAsync("ROLLBACK", CancellationToken.None);
            await db.Database.CloseConnectionAsync();
        }
    }
}

internal sealed class PostgresClienteleDb(DbContextOptions<PostgresClienteleDb> options) : ClienteleDb(options)
{
    protected override string Locking => " FOR UPDATE";

    public override Task<List<Customer>> LockCustomersAsync(IReadOnlyCollection<long> ids, CancellationToken cancellationToken) =>
        Customers.FromSql($"SELECT * FROM customers WHERE id = ANY({ids.ToArray()}) ORDER BY id FOR UPDATE").AsTracking().ToListAsync(cancellationToken);

    public override Task<Group?> LockGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.FromSql($"SELECT * FROM groups WHERE id = {id} FOR UPDATE").AsTracking().SingleOrDefaultAsync(cancellationToken);

    public override async Task<IAsyncDisposable> ReadSnapshotAsync(CancellationToken cancellationToken) =>
        await Database.BeginTransactionAsync(System.Data.IsolationLevel.RepeatableRead, cancellationToken);

    public override Task<List<string>> ClaimOrderNumbersAsync(string[] numbers, long[] customerIds, CancellationToken cancellationToken) =>
        Database.SqlQuery<string>(
            $"""
             INSERT INTO order_numbers (number, customer_id) SELECT * FROM unnest({numbers}, {customerIds})
             ON CONFLICT DO NOTHING RETURNING number AS "Value"
             """).ToListAsync(cancellationToken);

    // Guarded in both places: a row that another node has taken between the two is not taken again.
    public override Task<List<long>> ClaimDueAccountsAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        Database.SqlQuery<long>(
            $"""
             -- scatter: accounts whose points are due
             UPDATE customers SET loyalty_claimed_until = {until}
             FROM (
                 SELECT id AS due FROM customers WHERE loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
                 ORDER BY loyalty_due_at LIMIT {most} FOR UPDATE SKIP LOCKED) AS claimed
             WHERE id = due AND loyalty_due_at <= {now} AND (loyalty_claimed_until IS NULL OR loyalty_claimed_until <= {now})
             RETURNING id AS "Value"
             """).ToListAsync(cancellationToken);

    public override Task<List<GroupCount>> LockCountsAsync(IReadOnlyCollection<long> groupIds, bool wait, CancellationToken cancellationToken)
    {
        var ids = groupIds.ToArray();
        return (wait
            ? GroupCounts.FromSql($"SELECT * FROM group_counts WHERE group_id = ANY({ids}) ORDER BY group_id FOR UPDATE")
            : GroupCounts.FromSql($"SELECT * FROM group_counts WHERE group_id = ANY({ids}) ORDER BY group_id FOR UPDATE SKIP LOCKED"))
            .AsTracking().ToListAsync(cancellationToken);
    }

    public override Task<List<SegmentChange>> ClaimChangesAsync(DateTime now, DateTime until, int most, CancellationToken cancellationToken) =>
        SegmentChanges.FromSql(
            $"""
             -- scatter: the oldest changes of the queue
             UPDATE segment_changes SET claimed_until = {until}
             FROM (
                 SELECT customer_id AS customer, id AS change, group_id AS only_group FROM segment_changes WHERE claimed_until <= {now}
                 AND (group_id = 0 OR group_id NOT IN (SELECT group_id FROM segments WHERE state = 0))
                 ORDER BY id LIMIT {most} FOR UPDATE SKIP LOCKED) AS claimed
             WHERE customer_id = customer AND id = change AND group_id = only_group AND claimed_until <= {now}
             RETURNING segment_changes.*
             """).ToListAsync(cancellationToken);

    public override Task<int> DequeueAsync(IReadOnlyList<SegmentChange> changes, CancellationToken cancellationToken)
    {
        var (customers, numbers, groups) = (changes.Select(change => change.CustomerId).ToArray(), changes.Select(change => change.Id).ToArray(), changes.Select(change => change.GroupId).ToArray());
        return Database.ExecuteSqlAsync(
            $"""
             -- scatter: changes of the queue that are done
             DELETE FROM segment_changes USING unnest({customers}, {numbers}, {groups}) AS done (customer, change, only_group)
             WHERE customer_id = customer AND id = change AND group_id = only_group
             """,
            cancellationToken);
    }

    public override Task<Group?> KeepGroupAsync(long id, CancellationToken cancellationToken) =>
        Groups.FromSql($"SELECT * FROM groups WHERE id = {id} FOR KEY SHARE").SingleOrDefaultAsync(cancellationToken);

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        base.OnModelCreating(modelBuilder);

        // Room on the page for the next version of the row: most changes then touch none of its many indexes.
        modelBuilder.Entity<Customer>().HasStorageParameter("fillfactor", 85);
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder)
    {
        base.ConfigureConventions(configurationBuilder);

        // Ordinal, as SQLite compares: the same order on both, and prefix searches can use an index.
        configurationBuilder.Properties<string>().UseCollation("C");
    }
}
