namespace Clientele.Server.Loyalty;

/// <summary>Decides which tier a customer has. Works on locked, tracked customers; every change adds an interval in the same transaction.</summary>
internal sealed class TierLadder(ClienteleDb db, IOptions<Programme> programme)
{
    public string Lowest => programme.Value.Ladder[0].Name;

    public bool Knows(string tier) => programme.Value.Ladder.Any(known => known.Name == tier);

    public string Names => string.Join(", ", programme.Value.TierNames);

    public void Register(Customer customer, DateTime now) => Add(customer, "registered", now);

    /// <summary>Updates the tier to match the spending, unless an admin has locked it. A floor is a lock only downwards.</summary>
    public void Update(Customer customer, string cause, DateTime now)
    {
        if (!customer.TierLocked || customer.TierLockedUntil <= now)
        {
            Unlock(customer);
        }
        else if (customer.TierFloor is null)
        {
            return;
        }

        var floor = customer.TierFloor is { } least ? Rank(least) : 0;
        var (present, earned) = (Rank(customer.LoyaltyTier), Math.Max(floor, Rank(Qualified(customer))));
        if (earned > present || (earned < present && programme.Value.Downgrade != Downgrade.Never))
        {
            Move(customer, programme.Value.Ladder[earned].Name, cause, now);
        }
    }

    /// <summary>Removes a lock that has ended. The tier then follows the spending again.</summary>
    public void EndLock(Customer customer, DateTime now)
    {
        if (customer.TierLockedUntil <= now)
        {
            Update(customer, "the lock ended", now);
        }
    }

    /// <summary>Recalculates the tier, up or down, and removes a lock.</summary>
    public void Recalculate(Customer customer, string cause, DateTime now)
    {
        Unlock(customer);
        Move(customer, Qualified(customer), cause, now);
    }

    /// <summary>Sets the tier and locks it. Below a floor nothing falls, and above it the tier follows the spending.</summary>
    public void Lock(Customer customer, string tier, DateTime? until, string? reason, bool floor, DateTime now)
    {
        (customer.TierLocked, customer.TierLockedUntil, customer.TierLockReason, customer.TierFloor) = (true, until, reason, floor ? tier : null);
        if (floor)
        {
            Update(customer, "set by an admin", now);
        }
        else
        {
            Move(customer, tier, "set by an admin", now);
        }
    }

    /// <summary>The tier that the spending qualifies for, regardless of a lock.</summary>
    public string Qualified(Customer customer) => programme.Value.For(customer.TotalSpent / 100m).Name;

    private static void Unlock(Customer customer) =>
        (customer.TierLocked, customer.TierLockedUntil, customer.TierLockReason, customer.TierFloor) = (false, null, null, null);

    private void Move(Customer customer, string tier, string cause, DateTime now)
    {
        if (customer.LoyaltyTier != tier)
        {
            customer.LoyaltyTier = tier;
            Add(customer, cause, now);
        }
    }

    private void Add(Customer customer, string cause, DateTime now) => db.Add(new TierInterval
    {
        CustomerId = customer.Id,
        Sequence = ++customer.TierChanges,
        Tier = customer.LoyaltyTier,
        From = now,
        Cause = cause,
    });

    /// <summary>A tier that is no longer configured ranks below all others.</summary>
    private int Rank(string tier) => programme.Value.Ladder.ToList().FindIndex(known => known.Name == tier);
}
