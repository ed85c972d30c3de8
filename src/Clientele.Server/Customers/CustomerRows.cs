namespace Clientele.Server.Customers;

/// <summary>The columns of a customer that responses show, and how they are read.</summary>
internal static class CustomerRows
{
    public const string Shown =
        """
        version, id, uuid, username, email, pending_email, first_name, last_name, phone, phone_verified, date_of_birth, gender,
        accepts_marketing_email, accepts_marketing_sms, total_orders, total_spent, last_order_date, loyalty_points, loyalty_tier,
        preferred_language, preferred_currency,
        source, is_verified, is_vip, is_active, date_joined, created_at, updated_at
        """;

    /// <summary>The columns that only admins see as well.</summary>
    public const string ShownToAdmins = $"{Shown}, is_staff, last_login, notes, metadata";

    private const string Summary =
        """
        id, uuid, username, email, first_name, last_name, phone, is_active, is_verified, is_vip, loyalty_tier, loyalty_points, total_orders,
        total_spent, last_order_date, date_joined, updated_at
        """;

    public static readonly WholeList<CustomerSummary> List = new("the admin's list", "customers", Summary, ReadSummary, Counter.CustomersName);

    /// <summary>A customer with the columns that a response shows; the other members have their defaults.</summary>
    public static Customer Read(Row row, bool admin) => new()
    {
        Version = row.Integer(),
        Id = row.Long(),
        Uuid = row.Uuid(),
        Username = row.Text(),
        Email = row.Text(),
        PendingEmail = row.TextOrNull(),
        FirstName = row.Text(),
        LastName = row.Text(),
        Phone = row.TextOrNull(),
        PhoneVerified = row.Boolean(),
        DateOfBirth = row.DateOrNull(),
        Gender = row.TextOrNull(),
        AcceptsMarketingEmail = row.Boolean(),
        AcceptsMarketingSms = row.Boolean(),
        TotalOrders = row.Integer(),
        TotalSpent = row.Long(),
        LastOrderDate = row.InstantOrNull(),
        LoyaltyPoints = row.Long(),
        LoyaltyTier = row.Text(),
        PreferredLanguage = row.Text(),
        PreferredCurrency = row.Text(),
        Source = row.TextOrNull(),
        IsVerified = row.Boolean(),
        IsVip = row.Boolean(),
        IsActive = row.Boolean(),
        DateJoined = row.Instant(),
        CreatedAt = row.Instant(),
        UpdatedAt = row.Instant(),
        IsStaff = admin && row.Boolean(),
        LastLogin = admin ? row.InstantOrNull() : null,
        Notes = admin ? row.TextOrNull() : null,
        Metadata = admin ? row.Text() : "{}",
    };

    /// <summary>The same as <see cref="Customer.AsSummary"/>.</summary>
    private static CustomerSummary ReadSummary(Row row)
    {
        var (id, uuid, username, email) = (row.Long(), row.Uuid(), row.Text(), row.Text());
        return new()
        {
            Id = id,
            Uuid = uuid,
            Username = username,
            Email = email,
            FullName = Customer.FullName(row.Text(), row.Text(), username),
            Phone = row.TextOrNull(),
            IsActive = row.Boolean(),
            IsVerified = row.Boolean(),
            IsVip = row.Boolean(),
            LoyaltyTier = row.Text(),
            LoyaltyPoints = row.Long(),
            TotalOrders = row.Integer(),
            TotalSpent = row.Long() / 100m,
            LastOrderDate = row.InstantOrNull(),
            DateJoined = row.Instant(),
            UpdatedAt = row.Instant(),
        };
    }
}
