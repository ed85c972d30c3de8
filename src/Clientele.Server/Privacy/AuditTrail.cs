using System.Collections.Concurrent;
using Clientele.Server.Groups;
using Microsoft.EntityFrameworkCore.Metadata;

namespace Clientele.Server.Privacy;

/// <summary>
/// Collects who changed what, and writes it in the transaction of the change. A chain of hashes links the entries of each customer (and of
/// each group). The row of the customer or group must be locked by then: the lock prevents two branches of a chain.
/// </summary>
internal sealed class AuditTrail
{
    /// <summary>The action of the last entry of a group's chain.</summary>
    public const string GroupDeleted = "group.deleted";

    private static readonly HashSet<string> Bookkeeping =
    [
        nameof(Customer.Version), nameof(Customer.UpdatedAt), nameof(Customer.AuditEntries), nameof(Customer.EventCount),
        nameof(Customer.LoyaltyDueAt), nameof(Customer.LoyaltyClaimedUntil),
    ];

    /// <summary>The recorded properties of each type, with their names in the API.</summary>
    private static readonly ConcurrentDictionary<Type, (string Property, string Name)[]> Recorded = [];

    private readonly ClienteleDb _db;
    private readonly RequestTransaction _transaction;
    private readonly Caller _caller;
    private readonly TimeProvider _clock;
    private readonly List<Pending> _pending = [];

    /// <summary>The last entries of the chains of customers that this transaction has locked, as far as they have been read.</summary>
    private readonly Dictionary<long, (long Sequence, byte[] Hash)> _heads = [];

    public AuditTrail(ClienteleDb db, RequestTransaction transaction, Caller caller, TimeProvider clock)
    {
        (_db, _transaction, _caller, _clock) = (db, transaction, caller, clock);
        transaction.Saving.Add(WriteAsync);
        transaction.Ended.Add(Clear);
    }

    /// <summary>The bulk job that makes the changes; null for other changes.</summary>
    public Guid? BulkJob { get; set; }

    /// <summary>Records a change of a customer's data. The changed members are read from the entity <paramref name="changed"/>, tracked or new.</summary>
    public void Record(long customerId, string action, string resource, object? changed = null, bool first = false) =>
        Add(new Pending(customerId, IsGroup: false, action, resource, Changes(changed), first));

    /// <summary>Records a change of members that are not in an entity, such as tags.</summary>
    public void Record(long customerId, string action, string resource, IReadOnlyDictionary<string, (object? From, object? To)> changes) =>
        Add(new Pending(customerId, IsGroup: false, action, resource, Json(changes), First: false));

    public void RecordGroup(long groupId, string action, object? changed = null, bool first = false) =>
        _pending.Add(new Pending(groupId, IsGroup: true, action, Resource("group", groupId), Changes(changed), first));

    /// <summary>Reads the last entry of a customer's chain together with the lock. This saves a round trip when the change is saved.</summary>
    public ReadAlong Head(long customerId)
    {
        _heads[customerId] = (0, []);
        return new(
            "SELECT sequence, hash FROM audit_entries WHERE customer_id = @id ORDER BY sequence DESC LIMIT 1",
            row => _heads[customerId] = (row.GetInt64(0), row.GetFieldValue<byte[]>(1)));
    }

    public static string Resource(string kind, long id) => string.Create(CultureInfo.InvariantCulture, $"{kind}/{id}");

    private void Add(Pending entry)
    {
        _transaction.Subjects.Add(entry.Owner);
        _pending.Add(entry);
    }

    private void Clear()
    {
        _pending.Clear();
        _heads.Clear();
    }

    /// <summary>Adds the entries to the context, and updates the count in their owner's row, to be saved with the change.</summary>
    private async Task WriteAsync(CancellationToken cancellationToken)
    {
        if (_pending.Count == 0)
        {
            return;
        }

        var at = _clock.Now();
        var customers = _pending.Where(entry => !entry.IsGroup).ToLookup(entry => entry.Owner);
        var chained = customers.Where(chain => !chain.First().First).Select(chain => chain.Key);
        await ReadHeadsAsync([.. chained.Where(id => !_heads.ContainsKey(id))], cancellationToken);
        var owners = customers.Count == 0 ? [] : Locked<Customer>(customer => customer.Id);
        foreach (var chain in customers)
        {
            WriteChain(owners[chain.Key], chain, at);
        }

        if (_pending.Exists(entry => entry.IsGroup))
        {
            await WriteGroupsAsync(at, cancellationToken);
        }

        _pending.Clear();
    }

    private void WriteChain(Customer owner, IEnumerable<Pending> entries, DateTime at)
    {
        var (sequence, hash) = _heads.GetValueOrDefault(owner.Id, (0, []));

        // If the end of the chain is missing, the new entry gets the number after the last one that was counted: the gap stays visible.
        sequence = Math.Max(sequence, owner.AuditEntries);
        foreach (var pending in entries)
        {
            var salt = RandomNumberGenerator.GetBytes(16);
            var entry = new AuditEntry
            {
                CustomerId = owner.Id,
                Sequence = ++sequence,
                At = at,
                ActorId = _caller.Id,
                ActorRole = _caller.Role,
                Action = pending.Action,
                Resource = pending.Resource,
                DetailsHash = AuditDetails.HashOf(salt, _caller.Network, pending.Changes, _caller.KeyName),
            };
            hash = entry.Link(hash);
            _db.Add(entry);
            if (pending.Action != AuditAction.CustomerErased)
            {
                _db.Add(new AuditDetails
                {
                    CustomerId = owner.Id,
                    Sequence = sequence,
                    Salt = salt,
                    Network = _caller.Network,
                    ActorName = _caller.KeyName,
                    Changes = pending.Changes,
                });
            }
        }

        owner.AuditEntries = sequence;
        _heads[owner.Id] = (sequence, hash);
    }

    private async Task WriteGroupsAsync(DateTime at, CancellationToken cancellationToken)
    {
        var owners = Locked<Group>(group => group.Id);
        foreach (var chain in _pending.Where(entry => entry.IsGroup).ToLookup(entry => entry.Owner))
        {
            var owner = owners[chain.Key];
            var (sequence, hash) = chain.First().First ? (0, []) : await GroupHeadAsync(chain.Key, cancellationToken);
            sequence = Math.Max(sequence, owner.AuditEntries);
            foreach (var pending in chain)
            {
                var entry = new GroupAuditEntry
                {
                    GroupId = chain.Key,
                    Sequence = ++sequence,
                    At = at,
                    ActorId = _caller.Id,
                    ActorRole = _caller.Role,
                    Action = pending.Action,
                    Resource = pending.Resource,
                    Network = _caller.Network,
                    ActorName = _caller.KeyName,
                    Changes = pending.Changes,
                    DetailsHash = AuditDetails.HashOf([], _caller.Network, pending.Changes, _caller.KeyName),
                };
                hash = entry.Link(hash);
                _db.Add(entry);
            }

            owner.AuditEntries = sequence;
        }
    }

    /// <summary>The owners that this transaction has locked. Each counts the entries of its chain.</summary>
    private Dictionary<long, T> Locked<T>(Func<T, long> id)
        where T : class => _db.Tracked().OfType<T>().ToDictionary(id);

    private async Task ReadHeadsAsync(long[] ids, CancellationToken cancellationToken)
    {
        if (ids.Length == 0)
        {
            return;
        }

        var heads = _db.AuditEntries
            .Where(e => ids.Contains(e.CustomerId) && !_db.AuditEntries.Any(later => later.CustomerId == e.CustomerId && later.Sequence > e.Sequence))
            .Select(e => new { e.CustomerId, e.Sequence, e.Hash });
        await foreach (var head in heads.AsAsyncEnumerable().WithCancellation(cancellationToken))
        {
            _heads[head.CustomerId] = (head.Sequence, head.Hash);
        }
    }

    private async Task<(long, byte[])> GroupHeadAsync(long id, CancellationToken cancellationToken)
    {
        var head = await _db.GroupAuditEntries.Where(e => e.GroupId == id).OrderByDescending(e => e.Sequence)
            .Select(e => new { e.Sequence, e.Hash }).FirstOrDefaultAsync(cancellationToken);
        return head is null ? (0, []) : (head.Sequence, head.Hash);
    }

    private string Changes(object? changed)
    {
        if (changed is null)
        {
            return BulkJob is null ? "{}" : Json(new Dictionary<string, (object?, object?)>());
        }

        var entity = _db.Entry(changed);
        var isNew = entity.State is EntityState.Added or EntityState.Detached;
        return Json(Recorded.GetOrAdd(entity.Metadata.ClrType, _ => [.. entity.Metadata.GetProperties().Where(IsRecorded).Select(Named)])
            .Select(member => (member.Name, Property: entity.Property(member.Property)))
            .Where(member => isNew ? member.Property.CurrentValue is not null : member.Property.IsModified)
            .ToDictionary(member => member.Name, member => (isNew ? null : member.Property.OriginalValue, member.Property.CurrentValue)));
    }

    /// <summary>Whether a property is recorded: not bookkeeping, and not a value that an entity derives from its other members.</summary>
    private static bool IsRecorded(IReadOnlyProperty property) =>
        !Bookkeeping.Contains(property.Name) && property.PropertyInfo is not { SetMethod.IsPrivate: true };

    private static (string Property, string Name) Named(IReadOnlyProperty property) =>
        (property.Name, JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));

    /// <summary>Values of e-mails and usernames are not stored, so that no former address stays.</summary>
    private string Json(IEnumerable<KeyValuePair<string, (object? From, object? To)>> changes) => JsonSerializer.Serialize(
        (BulkJob is { } job ? changes.Append(new("bulk_job", (null, job))) : changes).ToDictionary(
            change => change.Key,
            change => change.Key is "email" or "pending_email" or "username" ? null : new { from = Text(change.Value.From), to = Text(change.Value.To) }));

    private static string? Text(object? value) => value switch
    {
        null => null,
        bool flag => flag ? "true" : "false",
        DateTime instant => instant.ToString("O", CultureInfo.InvariantCulture),
        _ => Convert.ToString(value, CultureInfo.InvariantCulture),
    };

    private sealed record Pending(long Owner, bool IsGroup, string Action, string Resource, string Changes, bool First);
}
