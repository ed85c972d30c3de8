using Clientele.Server.Accounts;
using Clientele.Server.Addresses;
using Clientele.Server.Groups;
using Clientele.Server.History;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Demo;

/// <summary>The history of one customer, always consistent: statistics, tier and points follow the events.</summary>
internal sealed class DemoStory
{
    private const int HeldBackDays = 14;

    private readonly List<object> _rows;
    private readonly Programme _programme;
    private readonly Customer _customer;
    private readonly PointsAccount _points;
    private readonly List<(DateTime At, Action Happens)> _pointsLater = [];
    private readonly List<Address> _addresses = [];
    private readonly List<(DateTime At, long Net)> _orders = [];
    private readonly DemoAudit _audit;
    private (string Tier, DateTime Until, string Reason, DateTime At)? _lock;

    /// <param name="rows">Gets the rows of the customer. A row comes after the rows that it refers to.</param>
    public DemoStory(List<object> rows, Programme programme, Customer customer, string passwordHash)
    {
        (_rows, _programme, _customer, _audit) = (rows, programme, customer, new DemoAudit(customer));
        _points = new PointsAccount(customer, programme, [], [], rows.Add);
        customer.DeriveKeys();
        rows.Add(customer);
        rows.Add(new Account { CustomerId = customer.Id, PasswordHash = passwordHash });
        rows.AddRange(LoginNames.Of(customer.Username, customer.Email).Select(name => new LoginName { Name = name, CustomerId = customer.Id }));
        rows.Add(new CustomerUuid { Uuid = customer.Uuid, CustomerId = customer.Id });
        Move("registered", customer.DateJoined);
    }

    public Customer Customer => _customer;

    public void Address(long id, DemoPlace place, string type, string street)
    {
        var address = new Address
        {
            CustomerId = _customer.Id,
            Id = id,
            AddressType = type,
            FirstName = _customer.FirstName,
            LastName = _customer.LastName,
            Phone = _customer.Phone,
            AddressLine1 = street,
            City = place.City,
            State = place.State,
            PostalCode = place.PostalCode,
            Country = place.Country,
            IsDefault = !_addresses.Exists(known => known.AddressType == type),
            CreatedAt = _customer.DateJoined.AddMinutes(5 + _addresses.Count),
            UpdatedAt = _customer.DateJoined.AddMinutes(5 + _addresses.Count),
        };
        address.DeriveKeys();
        _rows.Add(address);
        _addresses.Add(address);
    }

    /// <summary>Orders must be added in the order in which they were placed.</summary>
    public void Order(string number, string status, DateTime placedAt, IReadOnlyList<(DemoProduct Product, int Quantity)> lines, long refunded = 0)
    {
        var total = lines.Sum(line => line.Product.Price * line.Quantity);
        var input = new OrderInput(number, _customer.Id, status, "USD", 1, total, status == "refunded" ? total : refunded, placedAt, 1, []);
        _rows.Add(new OrderNumber { Number = number, CustomerId = _customer.Id });
        var order = new Order
        {
            CustomerId = _customer.Id,
            OrderNumber = number,
            Status = status,
            Currency = input.Currency,
            ExchangeRate = (long)Rates.Scale,
            Total = total,
            Refunded = input.Refunded,
            Net = input.Net,
            Counts = input.Counts,
            PlacedAt = placedAt,
            Revision = 1,
            ReceivedAt = placedAt,
        }.DeriveKeys();
        _rows.Add(order);
        AddItems(order, lines);
        if (_programme.Earns(order))
        {
            var points = _programme.PointsOrderFor(order, _customer.LoyaltyTier);
            _rows.Add(points);
            _pointsLater.Add((placedAt, () => _points.SetPoints(points, points.Worth(order.Counts, order.Net))));
        }

        if (input.Counts)
        {
            _customer.TotalOrders++;
            _customer.TotalSpent += input.Net;
            _customer.LastOrderDate = placedAt;
            _orders.Add((placedAt, input.Net));
            Move($"order {number}", placedAt);
        }
    }

    private void AddItems(Order order, IReadOnlyList<(DemoProduct Product, int Quantity)> lines) =>
        _rows.AddRange(lines.Select((line, i) => new OrderItem
        {
            CustomerId = _customer.Id,
            OrderNumber = order.OrderNumber,
            LineNumber = i + 1,
            ProductId = line.Product.Id,
            Sku = line.Product.Id.ToUpperInvariant(),
            Name = line.Product.Name,
            Category = line.Product.Category,
            Quantity = line.Quantity,
            UnitPrice = line.Product.Price,
            RefundedQuantity = order.Status == "refunded" ? line.Quantity : 0,
            Amount = order.Status == "refunded" ? 0 : line.Product.Price * line.Quantity,
        }.DeriveKeys()));

    public void Points(long points, string reason, DateTime at, DateTime? expiresAt = null) =>
        _pointsLater.Add((at, () => _points.Adjust(points, reason, expiresAt)));

    /// <summary>Spends points, if there are enough by then.</summary>
    public void Redeems(long points, DateTime at) => _pointsLater.Add((at, () => _points.Redeem(points, "Voucher", orderNumber: null)));

    /// <summary>An admin sets and locks the tier. No order may be newer.</summary>
    public void Locks(string tier, string reason, DateTime at, DateTime until) => _lock = (tier, until, reason, at);

    public void Audits(DateTime at, long admin, string action, string member, string? from, string? to) => _audit.Add(at, admin, action, member, from, to);

    public void Add(object row) => _rows.Add(row);

    /// <summary>Writes the ledger, the lock, the segments and the audit trail, all up to today. Points of the last orders are held back.</summary>
    public void End(DateTime today, long firstGroup)
    {
        var (days, held) = (_programme.PendingDays, today.AddDays(-HeldBackDays));
        foreach (var (at, happens) in _pointsLater.Where(later => later.At <= today).OrderBy(later => later.At))
        {
            _programme.PendingDays = at > held ? Math.Max(days, HeldBackDays) : days;
            _points.AdvanceTo(at);
            happens();
        }

        _programme.PendingDays = days;
        _points.AdvanceTo(today);
        if (_lock is { } set)
        {
            (_customer.TierLocked, _customer.TierLockedUntil, _customer.TierLockReason) = (true, set.Until, set.Reason);
            Move(set.Tier, "set by an admin", set.At);
        }

        _rows.AddRange(DemoSegments.Stays(_customer, _orders, today, firstGroup));
        _rows.AddRange(_audit.ToRows());
    }

    public void Wishes(DemoProduct product, DateTime at) => _rows.Add(new WishlistItem
    {
        CustomerId = _customer.Id,
        ProductId = product.Id,
        Name = product.Name,
        Price = product.Price,
        Currency = "USD",
        AddedAt = at,
    }.DeriveKeys());

    public void Reviews(string id, DemoProduct product, int rating, string? title, DateTime at)
    {
        _rows.Add(new ReviewId { Id = id, CustomerId = _customer.Id });
        _rows.Add(new Review
        {
            CustomerId = _customer.Id,
            ReviewId = id,
            ProductId = product.Id,
            Rating = rating,
            Title = title,
            CreatedAt = at,
            Revision = 1,
            ReceivedAt = at,
        }.DeriveKeys());
    }

    public void Joins(long groupId, DateTime at) => _rows.Add(new DemoStay(_customer.Id, groupId, MembershipOrigin.Included, Cause.ByHand, at));

    public void Tag(string tag) => _rows.Add(new CustomerTag { CustomerId = _customer.Id, TagKey = TextFolding.NameKey(tag), Tag = tag });

    private void Move(string cause, DateTime at) => Move(_programme.For(_customer.TotalSpent / 100m).Name, cause, at);

    private void Move(string tier, string cause, DateTime at)
    {
        if (tier != _customer.LoyaltyTier || _customer.TierChanges == 0)
        {
            _customer.LoyaltyTier = tier;
            _rows.Add(new TierInterval { CustomerId = _customer.Id, Sequence = ++_customer.TierChanges, Tier = tier, From = at, Cause = cause });
        }
    }
}

/// <summary>A product of the demo shop; the price is in cents.</summary>
internal sealed record DemoProduct(string Id, string Name, string Category, long Price);

/// <summary>A place with a postal code that its country accepts.</summary>
internal sealed record DemoPlace(string Country, string City, string? State, string? PostalCode, string Language, string Currency, string PhonePrefix);
