using System.Text.Json.Nodes;
using Clientele.Server.Addresses;
using Clientele.Server.History;
using Clientele.Server.Loyalty;
using Microsoft.EntityFrameworkCore.ChangeTracking;

namespace Clientele.Server.Events;

/// <summary>What a changed row means: an event that is not numbered yet.</summary>
/// <param name="CustomerId">The customer.</param>
/// <param name="Kind">The kind of event.</param>
/// <param name="Data">The data; null for changed members of the profile.</param>
/// <param name="Order">The order among events of the same kind.</param>
internal sealed record Occurrence(long CustomerId, EventKind Kind, string? Data, long Order = 0)
{
    /// <summary>The members that an event of a changed profile or address may have, by the names of their properties.</summary>
    private static readonly Dictionary<string, string> OfProfile = MembersOf<CustomerChanges>();
    private static readonly Dictionary<string, string> OfAddress = MembersOf<AddressChanges>();

    /// <summary>Members of the profile with their new values, which are collected into one event; null for other events.</summary>
    public JsonObject? Changed { get; private init; }

    /// <summary>The entries of the ledger are told in their own order, whatever their kinds are.</summary>
    public int Rank => Kind switch
    {
        < EventKind.PointsEarned => 0,
        <= EventKind.PointsReleased => 1,
        _ => 2,
    };

    /// <summary>What a changed row means.</summary>
    /// <param name="entry">The row.</param>
    /// <param name="tracked">All rows of the transaction.</param>
    public static IEnumerable<Occurrence> Of(EntityEntry entry, List<EntityEntry> tracked) => (entry.Entity, entry.State) switch
    {
        (Customer customer, EntityState.Added) => [Registered(customer)],
        (Customer customer, EntityState.Modified) => Changes(entry, customer),
        (Customer customer, EntityState.Deleted) => [Erased(customer, tracked)],
        (Address address, EntityState.Added) => [Created(address)],
        (Address address, EntityState.Modified) when Members(entry, OfAddress) is { Count: > 0 } changed => [Updated(address.CustomerId, address.Id, changed)],
        (Address address, EntityState.Deleted) => [Deleted(address)],
        (Order order, EntityState.Added) => [Recorded(order)],
        (Order order, EntityState.Modified) when entry.Property(nameof(History.Order.Revision)).IsModified => [Recorded(order)],
        (PointsEntry points, EntityState.Added) when KindOf(points.Kind) is { } kind => [Entered(points, kind)],
        (TierInterval { Sequence: > 1 } tier, EntityState.Added) => [Moved(tier, Before(tier, tracked))],
        _ => [],
    };

    public static Occurrence Registered(Customer customer) => new(customer.Id, EventKind.CustomerRegistered, EventForm.Text(new CustomerRegisteredData
    {
        Uuid = customer.Uuid,
        Username = customer.Username,
        Email = customer.Email,
        FirstName = customer.FirstName,
        LastName = customer.LastName,
        Phone = customer.Phone,
        DateOfBirth = customer.DateOfBirth,
        Gender = customer.Gender,
        AcceptsMarketingEmail = customer.AcceptsMarketingEmail,
        AcceptsMarketingSms = customer.AcceptsMarketingSms,
        PreferredLanguage = customer.PreferredLanguage,
        PreferredCurrency = customer.PreferredCurrency,
        Source = customer.Source,
        LoyaltyTier = customer.LoyaltyTier,
        IsVerified = customer.IsVerified,
        IsStaff = customer.IsStaff,
        DateJoined = customer.DateJoined,
    }));

    public static Occurrence Created(Address address) => new(address.CustomerId, EventKind.AddressCreated, EventForm.Text(address.ToResponse()), address.Id);

    /// <summary>Members of an address with their new values.</summary>
    public static Occurrence Updated(long customerId, long addressId, JsonObject changed) => new(
        customerId,
        EventKind.AddressUpdated,
        EventForm.Text(new AddressUpdatedData { Id = addressId, Changed = changed.ToDictionary(member => member.Key, member => Element(member.Value)) }),
        addressId);

    public static Occurrence Recorded(Order order) => new(order.CustomerId, EventKind.OrderRecorded, EventForm.Text(new OrderRecordedData
    {
        OrderNumber = order.OrderNumber,
        Status = order.Status,
        Currency = order.Currency,
        ExchangeRate = order.ExchangeRate / Rates.Scale,
        Total = order.Total / 100m,
        Refunded = order.Refunded / 100m,
        PlacedAt = order.PlacedAt,
        Revision = order.Revision,
    }));

    /// <summary>The event of an entry of the ledger; null for a kind that has none.</summary>
    public static EventKind? KindOf(PointsEntryKind kind) => kind switch
    {
        PointsEntryKind.Earn => EventKind.PointsEarned,
        PointsEntryKind.Adjust => EventKind.PointsAdjusted,
        PointsEntryKind.Redeem => EventKind.PointsRedeemed,
        PointsEntryKind.Reverse => EventKind.PointsReversed,
        PointsEntryKind.Expire => EventKind.PointsExpired,
        PointsEntryKind.Release => EventKind.PointsReleased,

        // The event of the erasure has the number of points.
        PointsEntryKind.Forfeit => null,
    };

    public static Occurrence Entered(PointsEntry entry, EventKind kind) => new(
        entry.CustomerId,
        kind,
        EventForm.Text(new PointsChangedData
        {
            EntryId = entry.Id,
            Points = entry.Points,
            Balance = entry.Balance,
            Debt = entry.Debt,
            Source = new LoyaltySource { Type = entry.SourceType, Id = entry.SourceId },
            ExpiresAt = entry.ExpiresAt,
        }),
        entry.Id);

    public static Occurrence Moved(TierInterval tier, string before) => new(
        tier.CustomerId,
        EventKind.TierChanged,
        EventForm.Text(new TierChangedData { LoyaltyTier = tier.Tier, PreviousTier = before, Cause = tier.Cause }),
        tier.Sequence);

    private static IEnumerable<Occurrence> Changes(EntityEntry entry, Customer customer)
    {
        var (changed, told) = (Members(entry, OfProfile), new List<Occurrence>());
        if (customer.IsVerified && changed.Remove("is_verified"))
        {
            told.Add(new(customer.Id, EventKind.CustomerVerified, EventForm.Text(new CustomerVerifiedData { IsVerified = true })));
        }

        if (entry.Property(nameof(Customer.IsActive)).IsModified)
        {
            told.Add(new(
                customer.Id,
                customer.IsActive ? EventKind.CustomerReactivated : EventKind.CustomerDeactivated,
                EventForm.Text(new CustomerActivationData { IsActive = customer.IsActive })));
        }

        if (entry.Property(nameof(Customer.AcceptsMarketingEmail)).IsModified)
        {
            told.Add(Consent(customer, ConsentName.AcceptsMarketingEmail, customer.AcceptsMarketingEmail, order: 0));
        }

        if (entry.Property(nameof(Customer.AcceptsMarketingSms)).IsModified)
        {
            told.Add(Consent(customer, ConsentName.AcceptsMarketingSms, customer.AcceptsMarketingSms, order: 1));
        }

        return changed.Count == 0 ? told : told.Append(new(customer.Id, EventKind.CustomerUpdated, null) { Changed = changed });
    }

    private static Occurrence Consent(Customer customer, string name, bool isGiven, int order) =>
        new(customer.Id, EventKind.ConsentChanged, EventForm.Text(new ConsentChangedData { Name = name, IsGiven = isGiven }), order);

    private static Occurrence Deleted(Address address) => new(
        address.CustomerId,
        EventKind.AddressDeleted,
        EventForm.Text(new AddressDeletedData { Id = address.Id, AddressType = address.AddressType }),
        address.Id);

    private static Occurrence Erased(Customer customer, List<EntityEntry> tracked)
    {
        var forfeited = tracked.Select(entry => entry.Entity).OfType<PointsEntry>()
            .Where(entry => entry.CustomerId == customer.Id && entry.Kind == PointsEntryKind.Forfeit).Sum(entry => -entry.Points);
        return new(customer.Id, EventKind.CustomerErased, EventForm.Text(new CustomerErasedData { ForfeitedPoints = forfeited }));
    }

    /// <summary>The tier before an interval: that of the interval before if this save adds both, otherwise the stored one.</summary>
    private static string Before(TierInterval tier, List<EntityEntry> tracked) =>
        tracked.Where(entry => entry.State == EntityState.Added).Select(entry => entry.Entity).OfType<TierInterval>()
            .FirstOrDefault(other => other.CustomerId == tier.CustomerId && other.Sequence == tier.Sequence - 1)?.Tier
        ?? (string)tracked.First(entry => entry.Entity is Customer customer && customer.Id == tier.CustomerId)
            .Property(nameof(Customer.LoyaltyTier)).OriginalValue!;

    /// <summary>The changed members with their new values.</summary>
    private static JsonObject Members(EntityEntry entry, Dictionary<string, string> names)
    {
        var changed = new JsonObject();
        foreach (var property in entry.Properties.Where(property => property.IsModified && names.ContainsKey(property.Metadata.Name)))
        {
            changed[names[property.Metadata.Name]] = property.CurrentValue switch
            {
                null => null,
                bool flag => JsonValue.Create(flag),
                DateOnly date => JsonValue.Create(date.ToString("O", CultureInfo.InvariantCulture)),
                string text when property.Metadata.Name == nameof(Customer.Metadata) => JsonNode.Parse(text),
                string text => JsonValue.Create(text),
                var other => throw new InvalidOperationException($"Events have no form for {property.Metadata.Name}, a {other.GetType()}."),
            };
        }

        return changed;
    }

    private static Dictionary<string, string> MembersOf<T>() =>
        typeof(T).GetProperties().ToDictionary(property => property.Name, property => JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name));

    private static JsonElement Element(JsonNode? value) => JsonElement.Parse(value?.ToJsonString() ?? "null");
}
