using System.Data.Common;
using Clientele.Server.Addresses;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Rules;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Segments;

/// <summary>
/// Queues customers for evaluation. It examines every save, so no tracked change is missed; code whose statements bypass the change tracker calls
/// <see cref="TouchAsync"/>, and <see cref="BulkComparison"/> adds many rows with one statement. A transaction adds one row per customer, whatever it
/// changes: its rows stay in the change tracker until the commit. Memberships are not queued here; the code that writes them queues the groups that refer to
/// the group.
/// </summary>
internal sealed class SegmentQueue(IdBlocks ids, TimeProvider clock) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    /// <summary>By the name of the customer's property. Renaming one would lose changes: a test in <c>FollowingCustomers</c> compares them.</summary>
    private static readonly Dictionary<string, Facets> OfCustomer = Enum.GetValues<Facets>().ToDictionary(facet => facet.ToString());

    private volatile TaskCompletionSource _queued = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes when this node queues something.</summary>
    public Task Queued => _queued.Task;

    /// <summary>Wakes the workers of this node.</summary>
    public void Signal() => Interlocked.Exchange(ref _queued, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();

    /// <summary>The id of the transaction's rows: all rows that a transaction adds have the same id.</summary>
    public ValueTask<long> IdAsync(ClienteleDb db, CancellationToken cancellationToken) =>
        db.Database.CurrentTransaction is not null && db.ChangeTracker.Entries<SegmentChange>().FirstOrDefault() is { } first
            ? ValueTask.FromResult(first.Entity.Id)
            : ids.NextAsync(IdBlocks.Changes, cancellationToken);

    /// <summary>Queues a customer whose data a statement has changed. The row is saved with the rest of the transaction.</summary>
    public Task TouchAsync(ClienteleDb db, long customerId, Facets facets, CancellationToken cancellationToken) =>
        AddAsync(db, new() { [customerId] = (facets, Causes.Of(facets)) }, cancellationToken);

    /// <summary>Queues customers for these groups only. The rows are saved with the rest of the transaction.</summary>
    public async Task AddAsync(
        ClienteleDb db, IReadOnlyCollection<long> customers, IReadOnlyCollection<long> groups, Cause cause, CancellationToken cancellationToken)
    {
        if (customers.Count == 0 || groups.Count == 0)
        {
            return;
        }

        var (id, now) = (await IdAsync(db, cancellationToken), clock.Now());
        db.AddRange(groups.SelectMany(group => customers.Select(customer => New(customer, id, group, Facets.Groups, cause, now))));
    }

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ClienteleDb db)
        {
            var changed = new Dictionary<long, (Facets Facets, Cause Cause)>();
            foreach (var entry in db.ChangeTracker.Entries().Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted))
            {
                if (Of(entry) is (var customer, var facets and not Facets.None))
                {
                    var all = changed.GetValueOrDefault(customer).Facets | facets;
                    changed[customer] = (all, (facets, all) switch
                    {
                        // Only the row of a new or deleted customer has all facets.
                        (Facets.All, _) => entry.State == EntityState.Added ? Cause.Registered : Cause.Erased,
                        (_, Facets.All) => changed[customer].Cause,
                        _ => Causes.Of(all),
                    });
                }
            }

            await AddAsync(db, changed, cancellationToken);
        }

        return result;
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ClienteleDb db && db.ChangeTracker.Entries().Any(entry => entry.Entity is SegmentChange or Segment))
        {
            Signal();
        }

        return Task.CompletedTask;
    }

    /// <summary>Adds a row per customer. If this transaction has already added one, adds the facets to that row.</summary>
    private async Task AddAsync(ClienteleDb db, Dictionary<long, (Facets Facets, Cause Cause)> changed, CancellationToken cancellationToken)
    {
        if (changed.Count == 0)
        {
            return;
        }

        var own = db.Database.CurrentTransaction is null ? [] : db.ChangeTracker.Entries<SegmentChange>()
            .Select(entry => entry.Entity).Where(row => row.GroupId == SegmentChange.AllGroups).ToDictionary(row => row.CustomerId);
        var (id, now) = (0L, clock.Now());
        foreach (var (customer, (facets, cause)) in changed)
        {
            if (!own.TryGetValue(customer, out var row))
            {
                id = id == 0 ? await IdAsync(db, cancellationToken) : id;
                db.Add(New(customer, id, SegmentChange.AllGroups, facets, cause, now));
            }
            else if ((row.Facets | facets) != row.Facets)
            {
                row.Facets |= facets;
                row.Cause = row.Facets == Facets.All ? cause : Causes.Of(row.Facets);
            }
        }
    }

    private static SegmentChange New(long customer, long id, long group, Facets facets, Cause cause, DateTime now) => new()
    {
        CustomerId = customer,
        Id = id,
        GroupId = group,
        Facets = facets,
        Cause = cause,
        QueuedAt = now,
        ClaimedUntil = DateTime.UnixEpoch,
    };

    private static (long Customer, Facets Facets) Of(EntityEntry entry) => entry.Entity switch
    {
        Customer customer => (customer.Id, entry.State == EntityState.Modified ? Modified(entry) : Facets.All),
        CustomerTag tag => (tag.CustomerId, Facets.Tags),
        Order order => (order.CustomerId, Facets.Orders),
        OrderItem item => (item.CustomerId, Facets.Orders),
        PointsEntry points => (points.CustomerId, Facets.Points),
        Review review => (review.CustomerId, Facets.Reviews),
        WishlistItem item => (item.CustomerId, Facets.Wishlist),
        Address address => (address.CustomerId, Facets.Addresses),
        _ => (0, Facets.None),
    };

    private static Facets Modified(EntityEntry entry) => entry.Properties.Where(property => property.IsModified)
        .Aggregate(Facets.None, (facets, property) => facets | OfCustomer.GetValueOrDefault(property.Metadata.Name));
}
