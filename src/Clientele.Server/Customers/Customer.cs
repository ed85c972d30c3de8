using Clientele.Server.Accounts;

namespace Clientele.Server.Customers;

/// <summary>A customer: the profile, and counters that summarise other tables.</summary>
[Table("customers", TableClass.Owned, FillFactor = 85)]
internal sealed class Customer
{
    public static readonly Expression<Func<Customer, CustomerSummary>> AsSummary = c => new CustomerSummary
    {
        Id = c.Id,
        Uuid = c.Uuid,
        Username = c.Username,
        Email = c.Email,
        FullName = c.FirstName == "" && c.LastName == "" ? c.Username : (c.FirstName + " " + c.LastName).Trim(),
        Phone = c.Phone,
        IsActive = c.IsActive,
        IsVerified = c.IsVerified,
        IsVip = c.IsVip,
        LoyaltyTier = c.LoyaltyTier,
        LoyaltyPoints = c.LoyaltyPoints,
        TotalOrders = c.TotalOrders,
        TotalSpent = c.TotalSpent / 100m,
        LastOrderDate = c.LastOrderDate,
        DateJoined = c.DateJoined,
        UpdatedAt = c.UpdatedAt,
    };

    public required long Id { get; init; }

    public Guid Uuid { get; init; } = Guid.CreateVersion7();

    /// <summary>Grows with changes of the profile and the addresses, not with sign-ins, statistics or memberships.</summary>
    public int Version { get; set; } = 1;

    public required string Username { get; set; }

    public required string Email { get; set; }

    /// <summary>The owner's new e-mail, which becomes the e-mail once it is proven.</summary>
    public string? PendingEmail { get; set; }

    public required string FirstName { get; set; }

    public required string LastName { get; set; }

    public string? Phone { get; set; }

    public bool PhoneVerified { get; set; }

    public DateOnly? DateOfBirth { get; set; }

    public string? Gender { get; set; }

    public bool AcceptsMarketingEmail { get; set; }

    public bool AcceptsMarketingSms { get; set; }

    public required string PreferredLanguage { get; set; }

    public required string PreferredCurrency { get; set; }

    public string? Source { get; set; }

    public bool IsVerified { get; set; }

    public bool IsVip { get; set; }

    public bool IsActive { get; set; } = true;

    public bool IsStaff { get; set; }

    public required DateTime DateJoined { get; init; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    public DateTime? LastLogin { get; set; }

    public string? Notes { get; set; }

    /// <summary>A JSON object of strings, numbers and booleans.</summary>
    public string Metadata { get; set; } = "{}";

    public int TotalOrders { get; set; }

    /// <summary>In minor units of the store's currency.</summary>
    public long TotalSpent { get; set; }

    public DateTime? LastOrderDate { get; set; }

    public long LoyaltyPoints { get; set; }

    public long LoyaltyPending { get; set; }

    /// <summary>Points that were taken back after the customer had spent them. Later earnings repay them first.</summary>
    public long LoyaltyDebt { get; set; }

    /// <summary>The number of entries in the ledger, which is the number of the last one.</summary>
    public long LoyaltyEntries { get; set; }

    /// <summary>The number of entries in the audit trail, which is the number of the last one.</summary>
    public long AuditEntries { get; set; }

    /// <summary>The number of events, without those about groups, which is the number of the last one.</summary>
    public long EventCount { get; set; }

    /// <summary>When the next points are released or expire; null if none will.</summary>
    public DateTime? LoyaltyDueAt { get; set; }

    /// <summary>Until this instant a node has claimed the due work.</summary>
    public DateTime? LoyaltyClaimedUntil { get; set; }

    public required string LoyaltyTier { get; set; }

    /// <summary>The number of tier intervals, which is the number of the last one.</summary>
    public int TierChanges { get; set; }

    /// <summary>Whether an admin has set the tier, so that it does not follow the spending.</summary>
    public bool TierLocked { get; set; }

    /// <summary>When the lock ends; null for never.</summary>
    public DateTime? TierLockedUntil { get; set; }

    public string? TierLockReason { get; set; }

    /// <summary>The tier of a lock above which the tier still rises; null for a lock that keeps the tier as it is.</summary>
    public string? TierFloor { get; set; }

    /// <summary>The text that the search uses: see <see cref="TextFolding.SearchText"/>.</summary>
    public string SearchText { get; private set; } = "";

    /// <summary>The gender in the form that filters compare.</summary>
    public string? GenderKey { get; private set; }

    /// <summary>The texts in the form that rules compare: <see cref="AccountNames.Key"/> for these, <see cref="TextFolding.NameKey"/> for the others.</summary>
    public string UsernameKey { get; private set; } = "";

    public string EmailKey { get; private set; } = "";

    public string EmailDomain { get; private set; } = "";

    public string FirstNameKey { get; private set; } = "";

    public string LastNameKey { get; private set; } = "";

    public string? SourceKey { get; private set; }

    /// <summary>The birthday as month × 100 + day.</summary>
    public int? BirthDayOfYear { get; private set; }

    /// <summary>Derives the values for search, filters and rules.</summary>
    public void DeriveKeys()
    {
        // In scripts without blanks, the family name comes first, and nothing separates the two.
        var joined = $"{LastName}{FirstName}" is { Length: > 0 } name && name.EnumerateRunes().All(Scripts.HasNoBlanks) ? name : null;
        SearchText = TextFolding.SearchText([Username, Email, FirstName, LastName, joined, Phone, .. PhoneNumbers.Dialled(Phone)]);
        GenderKey = Gender is null ? null : TextFolding.NameKey(Gender);
        UsernameKey = AccountNames.Key(Username);
        EmailKey = AccountNames.Key(Email);
        EmailDomain = EmailKey[(EmailKey.LastIndexOf('@') + 1)..];
        FirstNameKey = TextFolding.NameKey(FirstName);
        LastNameKey = TextFolding.NameKey(LastName);
        SourceKey = Source is null ? null : TextFolding.NameKey(Source);
        BirthDayOfYear = (DateOfBirth?.Month * 100) + DateOfBirth?.Day;
    }

    public CustomerResponse ToResponse(IReadOnlyList<CustomerGroup> groups, IReadOnlyList<AddressResponse> addresses, IReadOnlyList<string> tags) => new()
    {
        Id = Id,
        Uuid = Uuid,
        Username = Username,
        Email = Email,
        PendingEmail = PendingEmail,
        FirstName = FirstName,
        LastName = LastName,
        FullName = FullName(FirstName, LastName, Username),
        Phone = Phone,
        PhoneVerified = PhoneVerified,
        DateOfBirth = DateOfBirth,
        Gender = Gender,
        AcceptsMarketingEmail = AcceptsMarketingEmail,
        AcceptsMarketingSms = AcceptsMarketingSms,
        TotalOrders = TotalOrders,
        TotalSpent = TotalSpent / 100m,
        AverageOrderValue = Average(TotalSpent, TotalOrders),
        LastOrderDate = LastOrderDate,
        LoyaltyPoints = LoyaltyPoints,
        LoyaltyTier = LoyaltyTier,
        CustomerGroups = groups,
        Addresses = addresses,
        PreferredLanguage = PreferredLanguage,
        PreferredCurrency = PreferredCurrency,
        Source = Source,
        IsVerified = IsVerified,
        IsVip = IsVip,
        IsActive = IsActive,
        DateJoined = DateJoined,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
        IsStaff = IsStaff,
        LastLogin = LastLogin,
        Notes = Notes,
        Tags = tags,
        Metadata = JsonSerializer.Deserialize(Metadata, WireJson.Default.DictionaryStringJsonElement)!,
    };

    public TierLock? ToTierLock() => !TierLocked ? null : new()
    {
        LoyaltyTier = TierFloor ?? LoyaltyTier,
        Floor = TierFloor is not null,
        Until = TierLockedUntil,
        Reason = TierLockReason,
    };

    public static string FullName(string first, string last, string username) => $"{first} {last}".Trim() is { Length: > 0 } name ? name : username;

    /// <summary>Spending in minor units divided by the number of orders, rounded half to even to the cent.</summary>
    public static decimal Average(long spent, long orders) => orders == 0 ? 0 : Math.Round(spent / 100m / orders, 2, MidpointRounding.ToEven);

    internal sealed class Configuration : IEntityTypeConfiguration<Customer>
    {
        public void Configure(EntityTypeBuilder<Customer> builder)
        {
            builder.HasIndex(c => new { c.DateJoined, c.Id });
            builder.HasIndex(c => new { c.TotalOrders, c.Id });
            builder.HasIndex(c => new { c.TotalSpent, c.Id });
            builder.HasIndex(c => new { c.LastOrderDate, c.Id });
            builder.HasIndex(c => new { c.UpdatedAt, c.Id });
            builder.HasIndex(c => new { c.LastNameKey, c.FirstNameKey, c.Id });
            builder.HasIndex(c => new { c.EmailKey, c.Id });
            builder.HasIndex(c => new { c.LoyaltyTier, c.TotalSpent, c.Id });

            // For common lists: the newest customers of a tier, and the newest among the few VIP or inactive ones.
            builder.HasIndex(c => new { c.LoyaltyTier, c.DateJoined, c.Id });
            builder.HasIndex(c => new { c.DateJoined, c.Id }, "ix_customers_vip").HasFilter("is_vip");
            builder.HasIndex(c => new { c.DateJoined, c.Id }, "ix_customers_inactive").HasFilter("NOT is_active");

            // For filters by an exact value.
            builder.HasIndex(c => c.UsernameKey);
            builder.HasIndex(c => c.Phone).HasFilter("phone IS NOT NULL");
            builder.HasIndex(c => c.Uuid);

            // For segments: finds customers who cross a threshold of a rule because time passes.
            builder.HasIndex(c => c.LastLogin).HasFilter("last_login IS NOT NULL");
            builder.HasIndex(c => c.DateOfBirth).HasFilter("date_of_birth IS NOT NULL");
            builder.HasIndex(c => c.BirthDayOfYear).HasFilter("birth_day_of_year IS NOT NULL");
            builder.HasIndex(c => c.TierLockedUntil).HasFilter("tier_locked_until IS NOT NULL");
            builder.HasIndex(c => c.LoyaltyDueAt).HasFilter("loyalty_due_at IS NOT NULL");

            // A customer with a debt has no points to spend: points that become available repay it first.
            builder.ToTable(table => table.HasCheckConstraint(
                "ck_customers_points", "loyalty_points >= 0 AND loyalty_pending >= 0 AND loyalty_debt >= 0 AND (loyalty_points = 0 OR loyalty_debt = 0)"));
        }
    }
}
