using System.IO.Pipelines;
using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;

namespace Clientele.Server.Privacy;

/// <summary>
/// Writes an <see cref="ExportResponse"/> member by member. It reads and sends 100 rows at a time, so that memory does not grow with the
/// number of rows, and no statement has to wait for the client.
/// </summary>
internal sealed class ExportDocument(ClienteleDb db, Customer customer, PipeWriter body, CancellationToken cancellationToken) : IAsyncDisposable
{
    private const int Step = 100;
    private static readonly ReadBatch Children = new(Address.OfCustomer, Group.OfCustomer, CustomerTag.OfCustomer);
    private static readonly Walk<Order> Orders = Walk<Order>.By(o => o.OrderNumber);
    private static readonly Walk<WishlistItem> Wishes = Walk<WishlistItem>.By(w => w.ProductId);
    private static readonly Walk<Review> Reviews = Walk<Review>.By(r => r.ReviewId);
    private static readonly Walk<Membership> Memberships = Walk<Membership>.By(m => m.GroupId);
    private static readonly Walk<MembershipPeriod> Spells = Walk<MembershipPeriod>.By(s => s.GroupId).ThenBy(s => s.EnteredSeq);
    private static readonly Walk<TierInterval> Tiers = Walk<TierInterval>.By(i => i.Sequence);
    private static readonly Walk<PointsEntry> Entries = Walk<PointsEntry>.By(e => e.Id);
    private static readonly Walk<PointsLot> Lots = Walk<PointsLot>.By(l => l.EntryId);
    private static readonly Walk<PointsAllocation> Allocations = Walk<PointsAllocation>.By(a => a.EntryId).ThenBy(a => a.LotId);
    private static readonly Walk<PointsOrder> Earnings = Walk<PointsOrder>.By(o => o.OrderNumber);
    private static readonly Walk<Message> Messages = Walk<Message>.By(m => m.Id);
    private static readonly Walk<AuditEntry> Audit = Walk<AuditEntry>.By(e => e.Sequence);

    private readonly Utf8JsonWriter _json = new(body, new JsonWriterOptions { Encoder = Wire.Encoder });
    private readonly long _id = customer.Id;

    public async Task WriteAsync()
    {
        _json.WriteStartObject();
        await ProfileAsync();
        await GroupsAsync();
        await LoyaltyAsync();
        await ListAsync("orders", Orders, db.Orders.Where(o => o.CustomerId == _id), orders => Order.ToResponsesAsync(db, _id, orders, cancellationToken));
        await ListAsync("wishlist", Wishes, db.WishlistItems.Where(w => w.CustomerId == _id), item => item.ToResponse());
        await ListAsync("reviews", Reviews, db.Reviews.Where(r => r.CustomerId == _id && !r.IsDeleted), review => review.ToResponse());
        await ConsentsAsync();
        await SessionsAsync();
        await ListAsync("messages", Messages, db.Messages.Where(m => m.CustomerId == _id), message => message.ToExport());
        await FormerEmailsAsync();
        await PasskeysAsync();
        await ListAsync("history", Audit, db.AuditEntries.Where(e => e.CustomerId == _id), async entries =>
        {
            var (first, last) = (entries[0].Sequence, entries[^1].Sequence);
            var details = await db.AuditDetails.Where(d => d.CustomerId == _id && d.Sequence >= first && d.Sequence <= last)
                .ToDictionaryAsync(d => d.Sequence, cancellationToken);
            return entries.Select(entry => ForTheirEyes(entry.ToResponse(details.GetValueOrDefault(entry.Sequence))));
        });
        _json.WriteEndObject();
        await FlushAsync();
    }

    public ValueTask DisposeAsync() => _json.DisposeAsync();

    private async Task ProfileAsync()
    {
        List<AddressResponse> addresses;
        List<CustomerGroup> groups;
        List<string> tags;
        await using (var results = await Children.SendAsync(db, cancellationToken, ("@id", _id)))
        {
            addresses = [.. (await results.AllAsync(Address.ReadResponse)).OrderBy(address => address.Id)];
            groups = await results.AllAsync(Group.ReadForMember);
            tags = await results.AllAsync(row => row.Text());
        }

        _json.WritePropertyName("customer");
        Append(customer.ToResponse(groups, addresses, tags));
        _json.WritePropertyName("addresses");
        AppendAll(addresses);
        await FlushAsync();
    }

    private async Task GroupsAsync()
    {
        _json.WriteStartArray("groups");
        await RowsAsync(Memberships, db.Memberships.Where(m => m.CustomerId == _id), async memberships =>
        {
            var names = await NamesAsync(memberships.Select(membership => membership.GroupId));
            return memberships.Select(membership => new ExportedGroup
            {
                Group = membership.GroupId,
                Name = names.GetValueOrDefault(membership.GroupId),
                IsMember = membership.IsMember,
                Origin = Name($"{membership.Origin}"),
                ChangedAt = membership.ChangedAt,
                EnteredAt = membership.EnteredAt,
                EnteredCause = membership.EnteredCause?.Name(),
                LeftAt = null,
                LeftCause = null,
            });
        });
        await RowsAsync(Spells, db.MembershipPeriods.Where(s => s.CustomerId == _id), async spells =>
        {
            var names = await NamesAsync(spells.Select(spell => spell.GroupId));
            return spells.Select(spell => new ExportedGroup
            {
                Group = spell.GroupId,
                Name = names.GetValueOrDefault(spell.GroupId),
                IsMember = false,
                Origin = null,
                ChangedAt = null,
                EnteredAt = spell.EnteredAt,
                EnteredCause = spell.EnteredCause.Name(),
                LeftAt = spell.LeftAt,
                LeftCause = spell.LeftCause.Name(),
            });
        });
        _json.WriteEndArray();
    }

    private Task<Dictionary<long, string>> NamesAsync(IEnumerable<long> groups)
    {
        var ids = groups.Distinct().ToArray();
        return db.Groups.Where(g => ids.Contains(g.Id)).ToDictionaryAsync(g => g.Id, g => g.Name, cancellationToken);
    }

    private async Task LoyaltyAsync()
    {
        _json.WriteStartObject("loyalty");
        _json.WriteNumber("available", customer.LoyaltyPoints);
        _json.WriteNumber("pending", customer.LoyaltyPending);
        _json.WriteNumber("debt", customer.LoyaltyDebt);
        _json.WriteString("loyalty_tier", customer.LoyaltyTier);
        _json.WritePropertyName("lock");
        Append(customer.ToTierLock());
        await ListAsync("tiers", Tiers, db.TierIntervals.Where(i => i.CustomerId == _id), interval => new ExportedTier
        {
            Tier = interval.Tier,
            From = interval.From,
            Cause = interval.Cause,
        });
        await ListAsync("entries", Entries, db.PointsEntries.Where(e => e.CustomerId == _id), async entries =>
        {
            var (first, last) = (entries[0].Id, entries[^1].Id);
            var reasons = await db.PointsReasons.Where(r => r.CustomerId == _id && r.EntryId >= first && r.EntryId <= last)
                .ToDictionaryAsync(r => r.EntryId, r => r.Reason, cancellationToken);
            var givenBack = await PointsEntry.GivenBackAsync(db, _id, entries, cancellationToken);
            return entries.Select(entry => entry.ToResponse(reasons.GetValueOrDefault(entry.Id), givenBack));
        });
        await ListAsync("lots", Lots, db.PointsLots.Where(l => l.CustomerId == _id), lot => lot.ToResponse());
        await ListAsync("allocations", Allocations, db.PointsAllocations.Where(a => a.CustomerId == _id), allocation => new ExportedAllocation
        {
            EntryId = allocation.EntryId,
            LotId = allocation.LotId,
            Points = allocation.Points,
        });
        await ListAsync("orders", Earnings, db.PointsOrders.Where(o => o.CustomerId == _id), order => new ExportedEarning
        {
            OrderNumber = order.OrderNumber,
            Rate = order.Rate / (decimal)PointsOrder.Scale,
            Multiplier = order.Multiplier / (decimal)PointsOrder.Scale,
            Points = order.Kept,
            Forgiven = order.Forgiven,
        });
        _json.WriteEndObject();
    }

    private async Task ConsentsAsync()
    {
        _json.WritePropertyName("consents");
        AppendAll(await Consents.ReadAsync(db, customer, cancellationToken));
        await FlushAsync();
    }

    private async Task SessionsAsync()
    {
        var sessions = db.RefreshTokens.Where(t => t.CustomerId == _id).GroupBy(t => t.FamilyId).Select(family => new ExportedSession
        {
            Id = family.Key,
            BeganAt = family.Min(t => t.SignedInAt),
            LastUsedAt = family.Max(t => t.UsedAt),
            ExpiresAt = family.Max(t => t.ExpiresAt),
            Client = db.Sessions.Where(s => s.CustomerId == _id && s.Id == family.Key).Max(s => s.Client),
            Network = db.Sessions.Where(s => s.CustomerId == _id && s.Id == family.Key).Max(s => s.Network),
            SignedInWith = db.Sessions.Where(s => s.CustomerId == _id && s.Id == family.Key).Max(s => s.SignedInWith),
        });
        _json.WritePropertyName("sessions");
        AppendAll((await sessions.ToListAsync(cancellationToken)).OrderBy(session => session.BeganAt));
        await FlushAsync();
    }

    private async Task FormerEmailsAsync()
    {
        var former = await db.EmailUndos.Where(u => u.CustomerId == _id).OrderBy(u => u.CreatedAt)
            .Select(u => new ExportedFormerEmail { Email = u.OldEmail, HeldUntil = u.ExpiresAt }).ToListAsync(cancellationToken);
        _json.WritePropertyName("former_emails");
        AppendAll(former);
        await FlushAsync();
    }

    private async Task PasskeysAsync()
    {
        var passkeys = await Passkeys.ListAsync(db, _id, cancellationToken);
        _json.WritePropertyName("passkeys");
        AppendAll(passkeys);
        await FlushAsync();
    }

    /// <summary>Hides other people who changed something, and their network: that is their personal data, not the customer's.</summary>
    private AuditEntryResponse ForTheirEyes(AuditEntryResponse entry) =>
        (entry.Actor.Id is null && entry.Actor.Key is null) || entry.Actor.Id == _id
            ? entry
            : entry with { Actor = entry.Actor with { Id = null, Key = null, Name = null }, Network = null };

    private static string Name(string member) => JsonNamingPolicy.SnakeCaseLower.ConvertName(member);

    private Task ListAsync<TRow, TShown>(string name, Walk<TRow> walk, IQueryable<TRow> rows, Func<TRow, TShown> show) =>
        ListAsync(name, walk, rows, some => Task.FromResult(some.Select(show)));

    private async Task ListAsync<TRow, TShown>(string name, Walk<TRow> walk, IQueryable<TRow> rows, Func<List<TRow>, Task<IEnumerable<TShown>>> show)
    {
        _json.WriteStartArray(name);
        await RowsAsync(walk, rows, show);
        _json.WriteEndArray();
    }

    private async Task RowsAsync<TRow, TShown>(Walk<TRow> walk, IQueryable<TRow> rows, Func<List<TRow>, Task<IEnumerable<TShown>>> show)
    {
        for (var rest = walk.Begin(rows); ;)
        {
            var some = await rest.Take(Step).ToListAsync(cancellationToken);
            if (some.Count > 0)
            {
                foreach (var shown in await show(some))
                {
                    Append(shown);
                }

                await FlushAsync();
            }

            if (some.Count < Step)
            {
                return;
            }

            rest = walk.After(rows, some[^1]);
        }
    }

    private void AppendAll<T>(IEnumerable<T> values)
    {
        _json.WriteStartArray();
        foreach (var value in values)
        {
            Append(value);
        }

        _json.WriteEndArray();
    }

    private void Append<T>(T value) => JsonSerializer.Serialize(_json, value, Wire.For<T>(admin: true));

    private async Task FlushAsync()
    {
        await _json.FlushAsync(cancellationToken);
        await body.FlushAsync(cancellationToken);
    }

    /// <summary>Rows ordered by a key, to be read in steps.</summary>
    private sealed record Walk<TRow>(IReadOnlyList<Sort<TRow>> Sorts, Func<TRow, string?[]> Place)
    {
        public static Walk<TRow> By<TKey>(Expression<Func<TRow, TKey>> key) => new Walk<TRow>([], _ => []).ThenBy(key);

        public Walk<TRow> ThenBy<TKey>(Expression<Func<TRow, TKey>> key)
        {
            var read = key.Compile();
            return new(
                [.. Sorts, new(SortKey<TRow>.Of("key", key), Descending: false)],
                row => [.. Place(row), Convert.ToString(read(row), CultureInfo.InvariantCulture)]);
        }

        public IQueryable<TRow> Begin(IQueryable<TRow> rows) => rows.InOrder(Sorts, backwards: false);

        public IQueryable<TRow> After(IQueryable<TRow> rows, TRow last) => Begin(rows.After(Sorts, Place(last), backwards: false)!);
    }
}
