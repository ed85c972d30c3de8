using System.Collections.Concurrent;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Bulk;
using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Keys;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;
using Clientele.Server.Privacy;
using Clientele.Server.Segments;
using Clientele.Server.Webhooks;
using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;

namespace Clientele.Server.Data;

/// <summary>All tables. <see cref="SqliteClienteleDb"/> and <see cref="PostgresClienteleDb"/> contain what differs between the two databases.</summary>
internal abstract class ClienteleDb(DbContextOptions options) : DbContext(options), IDataProtectionKeyContext
{
    /// <summary>More changes than these are too many for one command. The queue of segments and the events add at most one for each.</summary>
    private const int MostAlong = 400;

    private static readonly ConcurrentDictionary<Type, string[]> NamedColumns = [];

    /// <summary>Whether an <see cref="OwnConnection"/> is in use.</summary>
    public bool HasOwnConnection { get; set; }

    public DbSet<Customer> Customers => Set<Customer>();
    public DbSet<CustomerUuid> CustomerUuids => Set<CustomerUuid>();
    public DbSet<CustomerTag> CustomerTags => Set<CustomerTag>();
    public DbSet<CustomerMetadata> CustomerMetadata => Set<CustomerMetadata>();
    public DbSet<Address> Addresses => Set<Address>();

    public DbSet<Account> Accounts => Set<Account>();
    public DbSet<LoginName> LoginNames => Set<LoginName>();
    public DbSet<RefreshToken> RefreshTokens => Set<RefreshToken>();
    public DbSet<OpenSession> Sessions => Set<OpenSession>();
    public DbSet<Proof> Proofs => Set<Proof>();
    public DbSet<EmailUndo> EmailUndos => Set<EmailUndo>();
    public DbSet<ResetRequest> ResetRequests => Set<ResetRequest>();
    public DbSet<TotpSecret> TotpSecrets => Set<TotpSecret>();
    public DbSet<RecoveryCode> RecoveryCodes => Set<RecoveryCode>();
    public DbSet<SignInChallenge> SignInChallenges => Set<SignInChallenge>();
    public DbSet<KnownNetwork> KnownNetworks => Set<KnownNetwork>();
    public DbSet<KnownClient> KnownClients => Set<KnownClient>();
    public DbSet<Passkey> Passkeys => Set<Passkey>();
    public DbSet<UsedPasskeyChallenge> UsedPasskeyChallenges => Set<UsedPasskeyChallenge>();
    public DbSet<Throttle> Throttles => Set<Throttle>();
    public DbSet<Message> Messages => Set<Message>();
    public DbSet<ApiKey> ApiKeys => Set<ApiKey>();
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

    public DbSet<BulkJob> BulkJobs => Set<BulkJob>();

    public DbSet<LoggedEvent> Events => Set<LoggedEvent>();
    public DbSet<EventMark> EventMarks => Set<EventMark>();
    public DbSet<Webhook> Webhooks => Set<Webhook>();
    public DbSet<WebhookDelivery> WebhookDeliveries => Set<WebhookDelivery>();

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

    /// <summary>What the current query sends in its round trip; null for nothing else.</summary>
    public RoundTrip? RoundTrip { get; private set; }

    /// <summary>When the open transaction is committed.</summary>
    public Committing Committing { get; set; }

    public bool IsPostgres => this is PostgresClienteleDb;

    /// <summary>The clause that makes a SELECT of one row lock it. SQLite has one writer at a time: reading inside its transaction is the lock.</summary>
    private string Locking => IsPostgres ? " FOR UPDATE" : "";

    /// <summary>Locks a row until the transaction ends, and returns it, tracked; null if there is no such row.</summary>
    /// <param name="id">The row's id.</param>
    /// <param name="along">What to read in the same round trip, once the lock is held.</param>
    public Task<T?> LockAsync<T>(long id, CancellationToken cancellationToken, params ReadAlong[] along)
        where T : class => LockAsync<T>(id, [], along, cancellationToken);

    /// <summary>The same after other statements in the same round trip.</summary>
    public async Task<T?> LockAsync<T>(long id, ReadAlong[] before, ReadAlong[] along, CancellationToken cancellationToken)
        where T : class
    {
        RoundTrip = new(before, Locking, along);
        try
        {
            return await RowById<T>.Query(this)(this, id).SingleOrDefaultAsync(cancellationToken);
        }
        finally
        {
            RoundTrip = null;
        }
    }

    /// <summary>
    /// Locks several rows, in the order of their ids so that two callers cannot deadlock, and returns those that exist, tracked. Each row is locked by its
    /// own statement, so that Citus sends it to the right machine.
    /// </summary>
    public async Task<List<T>> LockAllAsync<T>(IReadOnlyCollection<long> ids, CancellationToken cancellationToken)
        where T : class
    {
        long[] known = [.. ids.Distinct().Order()];
        if (known is [var one])
        {
            return await LockAsync<T>(one, cancellationToken) is { } row ? [row] : [];
        }

        var sql = $"SELECT {Key<T>()} FROM {Table<T>()} WHERE {Key<T>()} = @lock";
        RoundTrip = IsPostgres ? new([.. known.Select((id, i) => new ReadAlong($"{sql}{i} FOR UPDATE", _ => { }, ($"@lock{i}", id)))], "", []) : null;
        try
        {
            return await ReadAllAsync<T>(known, cancellationToken);
        }
        finally
        {
            RoundTrip = null;
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

    /// <summary>
    /// Saves the last changes of the open transaction and commits it, on PostgreSQL in one round trip (<see cref="LastSave"/>). Cannot be cancelled: a client
    /// that disconnects must not interrupt a commit.
    /// </summary>
    public async Task SaveAndCommitAsync()
    {
        Committing = IsPostgres ? Committing.WithChanges : Committing.Alone;
        try
        {
            // The rows are not tracked any longer, so their state need not be brought up to date.
            await SaveChangesAsync(acceptAllChangesOnSuccess: false, CancellationToken.None);
            await Database.CommitTransactionAsync(CancellationToken.None);
        }
        finally
        {
            Committing = Committing.Alone;
        }
    }

    /// <summary>Looks for changes once: interceptors read the tracked rows several times, and each time EF Core would compare all of them again.</summary>
    public override async Task<int> SaveChangesAsync(bool acceptAllChangesOnSuccess, CancellationToken cancellationToken = default)
    {
        ChangeTracker.DetectChanges();
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            if (Committing == Committing.WithChanges && !MayCommitAlong([.. ChangeTracker.Entries()]))
            {
                Committing = Committing.Alone;
            }

            return await base.SaveChangesAsync(acceptAllChangesOnSuccess, cancellationToken);
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = true;
        }
    }

    /// <summary>The tracked rows, without looking for changes in them.</summary>
    public IReadOnlyList<object> Tracked()
    {
        var detects = ChangeTracker.AutoDetectChangesEnabled;
        ChangeTracker.AutoDetectChangesEnabled = false;
        try
        {
            return [.. ChangeTracker.Entries().Select(entry => entry.Entity)];
        }
        finally
        {
            ChangeTracker.AutoDetectChangesEnabled = detects;
        }
    }

    /// <summary>
    /// Only after the round trip it is known whether an UPDATE has found its row. So the commit goes along only if the changes are new rows, and customers:
    /// a customer is changed only with a lock on the row. Many changes take several round trips.
    /// </summary>
    private static bool MayCommitAlong(List<EntityEntry> entries) => entries.Count <= MostAlong
        && entries.TrueForAll(entry => entry is { State: EntityState.Unchanged or EntityState.Added } or { State: EntityState.Modified, Entity: Customer });

    /// <summary>Sets the time limit for statements of the open transaction, also on the server, for work that is known to take long.</summary>
    public async Task AllowAsync(TimeSpan duration, CancellationToken cancellationToken)
    {
        Database.SetCommandTimeout(duration);
        if (IsPostgres)
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
        if (IsPostgres)
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

    /// <summary>The query for a row by its id, compiled once.</summary>
    private static class RowById<T>
        where T : class
    {
        private static Func<ClienteleDb, long, IAsyncEnumerable<T>>? _query;

        public static Func<ClienteleDb, long, IAsyncEnumerable<T>> Query(ClienteleDb db)
        {
            var key = db.KeyOf<T>().Name;
            return _query ??= EF.CompileAsyncQuery((ClienteleDb any, long id) => any.Set<T>().AsTracking().Where(row => EF.Property<long>(row, key) == id));
        }
    }

    protected override void ConfigureConventions(ModelConfigurationBuilder configurationBuilder) =>
        configurationBuilder.Properties<DateTime>().HaveConversion<UtcConverter>();

    /// <summary>SQLite does not store that an instant is in UTC.</summary>
    private sealed class UtcConverter() : ValueConverter<DateTime, DateTime>(instant => instant, instant => DateTime.SpecifyKind(instant, DateTimeKind.Utc));
}
