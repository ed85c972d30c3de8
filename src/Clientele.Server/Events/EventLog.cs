using System.Data.Common;
using System.Text.Json.Nodes;
using Clientele.Server.Segments;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;

namespace Clientele.Server.Events;

/// <summary>
/// Writes the events of every save, in the same save. Code whose statements bypass the change tracker adds its events itself: with <see cref="Add"/> and
/// <see cref="Update"/>, or with the statement that writes many memberships (<c>Groups/MembershipLog</c>). A transaction that changes something that has an
/// event holds the lock on the customer, and the customer's row counts the events.
/// </summary>
internal sealed class EventLog(EventSignal signal, TimeProvider clock) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    private static readonly JsonSerializerOptions Readable = new() { Encoder = Wire.Encoder };

    /// <summary>Adds an event about a locked, tracked customer, to be saved with the rest of the transaction.</summary>
    public void Add(ClienteleDb db, Customer customer, EventKind kind, string data) => Insert(db, customer, kind, data, Now(db));

    /// <summary>Adds members to the event of a changed profile. A transaction has one such event for a customer, whatever it changes.</summary>
    public void Update(ClienteleDb db, Customer customer, JsonObject changed)
    {
        var existing = db.Tracked().OfType<LoggedEvent>().FirstOrDefault(e => e.CustomerId == customer.Id && e.Kind == EventKind.CustomerUpdated);
        Merge(db, customer, changed, existing, Now(db));
    }

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ClienteleDb db)
        {
            Write(db);
        }

        return ValueTask.FromResult(result);
    }

    public Task TransactionCommittedAsync(DbTransaction transaction, TransactionEndEventData eventData, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is ClienteleDb db && db.Tracked().Any(row => row is LoggedEvent))
        {
            signal.Write();
        }

        return Task.CompletedTask;
    }

    private void Write(ClienteleDb db)
    {
        var entries = db.ChangeTracker.Entries().ToList();
        var changed = entries.Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted);
        var found = changed.SelectMany(entry => Occurrence.Of(entry, entries)).ToList();
        if (found.Count == 0)
        {
            return;
        }

        var customers = entries.Select(entry => entry.Entity).OfType<Customer>().ToDictionary(customer => customer.Id);
        var updates = db.Database.CurrentTransaction is null ? [] : entries.Select(entry => entry.Entity).OfType<LoggedEvent>()
            .Where(e => e.Kind == EventKind.CustomerUpdated).ToDictionary(e => e.CustomerId);
        var now = Now(db);
        foreach (var one in found.OrderBy(one => one.CustomerId).ThenBy(one => one.Kind == EventKind.CustomerErased).ThenBy(one => one.Rank)
            .ThenBy(one => one.Kind).ThenBy(one => one.Order))
        {
            var customer = customers.GetValueOrDefault(one.CustomerId)
                ?? throw new InvalidOperationException($"The change has an event ({one.Kind}), so the customer's row must be locked and tracked.");
            if (one.Changed is not null)
            {
                Merge(db, customer, one.Changed, updates.GetValueOrDefault(customer.Id), now);
            }
            else
            {
                Insert(db, customer, one.Kind, one.Data!, one.Kind == EventKind.CustomerErased ? Later(entries, customer.Id, now) : now);
            }
        }
    }

    private static void Merge(ClienteleDb db, Customer customer, JsonObject changed, LoggedEvent? existing, DateTime at)
    {
        var all = existing is null ? [] : JsonNode.Parse(existing.Data!)!["changed"]!.DeepClone().AsObject();
        foreach (var (member, value) in changed)
        {
            all[member] = value?.DeepClone();
        }

        var data = new JsonObject { ["changed"] = all }.ToJsonString(Readable);
        if (existing is null)
        {
            Insert(db, customer, EventKind.CustomerUpdated, data, at);
        }
        else
        {
            existing.Data = data;
            db.Entry(existing).DetectChanges();
        }
    }

    private static void Insert(ClienteleDb db, Customer customer, EventKind kind, string data, DateTime at)
    {
        var count = db.Entry(customer).Property(c => c.EventCount);
        if (db.Entry(customer).State == EntityState.Deleted)
        {
            customer.EventCount++;
        }
        else
        {
            count.CurrentValue++;
        }

        db.Add(new LoggedEvent
        {
            CustomerId = customer.Id,
            GroupId = LoggedEvent.NoGroup,
            Number = customer.EventCount,
            Kind = kind,
            At = at,
            Data = data,
        });
    }

    /// <summary>
    /// The instant of the events of a transaction: not later than the rows that queue the customers for their segments, so that what segments make of a
    /// change is never told before the change.
    /// </summary>
    private DateTime Now(ClienteleDb db)
    {
        var now = clock.Now();
        var queued = db.Database.CurrentTransaction is null ? null : db.Tracked().OfType<SegmentChange>().FirstOrDefault();
        return queued?.QueuedAt < now ? queued.QueuedAt : now;
    }

    /// <summary>An erasure is told after the groups that the customer has left by it.</summary>
    private static DateTime Later(List<EntityEntry> entries, long customerId, DateTime now) => entries.Select(entry => entry.Entity).OfType<LoggedEvent>()
        .Where(e => e.CustomerId == customerId).Select(e => e.At).Append(now).Max();
}
