using Clientele.Server.Loyalty;
using Clientele.Server.Messages;

namespace Clientele.Server.Demo;

/// <summary>The unnamed customers: three in ten never order, most order a few times, some often.</summary>
internal sealed class DemoCrowd(Programme programme, string passwordHash, DateTime today, long firstGroup, long[] admins, DemoMail mail)
{
#pragma warning disable CA5394 // Every run must create the same shop; the random numbers are not secret.
    private readonly Random _chance = new(20261001);
    private long _orders;

    /// <summary>Adds a customer and returns the number of their addresses: 1.5 on average.</summary>
    public int Add(List<object> rows, int number, long id, long firstAddress)
    {
        var story = new DemoStory(rows, programme, Customer(number, id, out var place), passwordHash);
        var addresses = number % 2 + 1;
        for (var i = 0; i < addresses; i++)
        {
            story.Address(firstAddress + i, place, i == 0 ? "shipping" : "billing", $"{_chance.Next(1, 300)} {Pick(DemoWorld.Streets)}");
        }

        Order(story);
        if (Happens(10))
        {
            story.Points(_chance.Next(1, 20) * 50, "Welcome bonus", story.Customer.DateJoined.AddDays(1));
        }

        if (Happens(15))
        {
            story.Wishes(Pick(DemoWorld.Products), story.Customer.DateJoined.AddHours(_chance.Next(1, 200)));
        }

        if (Happens(30))
        {
            story.Joins(firstGroup + Pick(DemoSegments.ByHand), Earlier(story.Customer.DateJoined.AddDays(2)));
        }

        if (Happens(5))
        {
            story.Tag(Pick(DemoWorld.Tags));
        }

        Staff(story);
        Messages(story.Customer, story);
        story.End(today, firstGroup);
        return addresses;
    }

    /// <summary>What admins did with the customer.</summary>
    private void Staff(DemoStory story)
    {
        var customer = story.Customer;
        var recently = Recently(customer.DateJoined, 60);
        if (customer.IsVip)
        {
            story.Audits(Earlier(customer.DateJoined.AddDays(10)), Pick(admins), AuditAction.CustomerUpdated, "is_vip", "false", "true");
        }

        if (!customer.IsActive)
        {
            story.Audits(recently, Pick(admins), AuditAction.CustomerDeactivated, "is_active", "true", "false");
        }

        if (Happens(4))
        {
            story.Audits(recently, Pick(admins), AuditAction.CustomerUpdated, "notes", null, "Called about a delivery.");
            customer.Notes = "Called about a delivery.";
        }

        if (Happens(5) && customer.IsActive)
        {
            story.Points(_chance.Next(2, 10) * 100, "Seasonal voucher", recently, today.AddDays(_chance.Next(3, 45)));
            story.Redeems(_chance.Next(1, 5) * 50, Recently(recently, 20));
        }

        if (customer is { IsActive: true, LoyaltyTier: "bronze" or "silver" } && programme.Named("gold") is { Name: var gold } && Happens(2))
        {
            var at = Recently(customer.LastOrderDate ?? customer.DateJoined, 30);
            story.Audits(at, Pick(admins), AuditAction.CustomerUpdated, "loyalty_tier", customer.LoyaltyTier, gold);
            story.Locks(gold, Pick(DemoWorld.LockReasons), at, today.AddDays(_chance.Next(20, 300)));
        }
    }

    private void Messages(Customer customer, DemoStory story)
    {
        var at = Recently(customer.DateJoined, DemoMail.KeptDays - 1);
        if (customer.DateJoined > today.AddDays(-DemoMail.KeptDays))
        {
            story.Add(DemoMail.Sent(customer, Template.VerifyEmail, Uuid(customer.DateJoined), customer.DateJoined));
        }
        else if (Happens(12))
        {
            var isPhone = customer.Phone is not null && Happens(30);
            story.Add(DemoMail.Sent(customer, isPhone ? Template.PhoneCode : Happens(50) ? Template.NewSignIn : Template.ResetPassword, Uuid(at), at));
        }
        else if (Happens(2))
        {
            at = Recently(customer.DateJoined, 5);
            story.Add(mail.Failed(customer, Uuid(at), at));
        }
    }

    /// <summary>An instant of the last days, not before another.</summary>
    private DateTime Recently(DateTime after, int days)
    {
        var from = after > today.AddDays(-days) ? after : today.AddDays(-days);
        return from.AddSeconds(Math.Floor(_chance.NextDouble() * (today - from).TotalSeconds));
    }

    private DateTime Earlier(DateTime instant) => instant < today ? instant : today;

    private Customer Customer(int number, long id, out DemoPlace place)
    {
        place = Pick(DemoWorld.Places);
        var (first, last) = (Pick(DemoWorld.FirstNames), Pick(DemoWorld.LastNames));
        var username = string.Create(CultureInfo.InvariantCulture, $"{Plain(first)}.{Plain(last)}.{number}");
        var joined = today.AddSeconds(-_chance.NextInt64(1, 3L * 365 * 24 * 3600));
        return new Customer
        {
            Id = id,
            Uuid = Uuid(joined),
            Username = username,
            Email = $"{username}@example.com",
            FirstName = first,
            LastName = last,
            Phone = Happens(70) ? string.Create(CultureInfo.InvariantCulture, $"{place.PhonePrefix}{number % 10_000_000:D7}") : null,
            PhoneVerified = Happens(40),
            DateOfBirth = Happens(60) ? DateOnly.FromDateTime(today).AddDays(-_chance.Next(18 * 365, 80 * 365)) : null,
            Gender = _chance.Next(4) switch { 0 => "female", 1 => "male", 2 when Happens(10) => "non-binary", _ => null },
            AcceptsMarketingEmail = Happens(45),
            AcceptsMarketingSms = Happens(20),
            PreferredLanguage = place.Language,
            PreferredCurrency = place.Currency,
            Source = Happens(50) ? Pick(DemoWorld.Sources) : null,
            IsVerified = Happens(80),
            IsVip = Happens(2),
            IsActive = !Happens(4),
            DateJoined = joined,
            CreatedAt = joined,
            UpdatedAt = joined,
            LastLogin = Happens(75) ? joined.AddSeconds(_chance.NextInt64((long)(today - joined).TotalSeconds + 1)) : null,
            LoyaltyTier = "",
        };
    }

    private void Order(DemoStory story)
    {
        // Five on average: a few customers place most of the orders.
        var count = _chance.Next(10) switch { < 3 => 0, < 7 => _chance.Next(1, 6), < 9 => _chance.Next(5, 15), _ => _chance.Next(12, 27) };
        var span = (today - story.Customer.DateJoined).TotalSeconds;
        var instants = new DateTime[count];
        for (var i = 0; i < count; i++)
        {
            instants[i] = story.Customer.DateJoined.AddSeconds(Math.Floor(_chance.NextDouble() * span));
        }

        Array.Sort(instants);
        foreach (var placedAt in instants)
        {
            var lines = new (DemoProduct, int)[_chance.Next(1, 3)];
            for (var i = 0; i < lines.Length; i++)
            {
                lines[i] = (Pick(DemoWorld.Products), _chance.Next(1, 3));
            }

            var status = placedAt > today.AddDays(-5)
                ? "processing"
                : _chance.Next(100) switch { < 3 => "cancelled", < 6 => "refunded", < 8 => "pending", _ => "delivered" };
            var number = string.Create(CultureInfo.InvariantCulture, $"D-{++_orders:D8}");
            story.Order(number, status, placedAt, lines);
            if (status == "delivered" && Happens(6))
            {
                story.Reviews($"R-{number}", lines[0].Item1, _chance.Next(2, 6), Pick(DemoWorld.ReviewTitles), placedAt.AddDays(7));
            }
        }
    }

    private T Pick<T>(T[] values) => values[_chance.Next(values.Length)];

    private bool Happens(int percent) => _chance.Next(100) < percent;

    private static string Plain(string name) => new([.. TextFolding.Fold(name).Where(char.IsAsciiLetter)]);

    /// <summary>A version 7 UUID (RFC 9562, section 5.7) with a reproducible random part.</summary>
    private Guid Uuid(DateTime instant)
    {
        var bytes = Guid.CreateVersion7(instant).ToByteArray(bigEndian: true);
        _chance.NextBytes(bytes.AsSpan(6));
        bytes[6] = (byte)((bytes[6] & 0x0F) | 0x70);
        bytes[8] = (byte)((bytes[8] & 0x3F) | 0x80);
        return new Guid(bytes, bigEndian: true);
    }
#pragma warning restore CA5394
}
