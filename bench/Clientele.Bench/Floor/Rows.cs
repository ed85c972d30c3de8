using System.Text.Json;
using Clientele.Client;
using Npgsql;

namespace Clientele.Bench.Floor;

/// <summary>Rows in the form of the API. The columns are in the order of <see cref="Sql"/>.</summary>
internal static class Rows
{
    public static CustomerResponse Customer(NpgsqlDataReader row, bool admin)
    {
        var (username, first, last) = (row.GetString(37), row.GetString(7), row.GetString(15));
        var (orders, spent) = (row.GetInt32(34), row.GetInt64(35));
        return new CustomerResponse
        {
            Id = row.GetInt64(0),
            Uuid = row.GetGuid(38),
            Username = username,
            Email = row.GetString(6),
            PendingEmail = null,
            FirstName = first,
            LastName = last,
            FullName = $"{first} {last}" is { Length: > 1 } name ? name.Trim() : username,
            Phone = row.Text(24),
            PhoneVerified = row.GetBoolean(25),
            DateOfBirth = row.IsDBNull(5) ? null : row.GetFieldValue<DateOnly>(5),
            Gender = row.Text(8),
            AcceptsMarketingEmail = row.GetBoolean(1),
            AcceptsMarketingSms = row.GetBoolean(2),
            TotalOrders = orders,
            TotalSpent = spent / 100m,
            AverageOrderValue = Average(spent, orders),
            LastOrderDate = row.Instant(16),
            LoyaltyPoints = row.GetInt64(20),
            LoyaltyTier = row.GetString(21),
            CustomerGroups = [],
            Addresses = [],
            PreferredLanguage = row.GetString(27),
            PreferredCurrency = row.GetString(26),
            Source = row.Text(29),
            IsVerified = row.GetBoolean(12),
            IsVip = row.GetBoolean(13),
            IsActive = row.GetBoolean(10),
            DateJoined = row.GetDateTime(4),
            CreatedAt = row.GetDateTime(3),
            UpdatedAt = row.GetDateTime(36),
            IsStaff = admin ? row.GetBoolean(11) : null,
            LastLogin = admin ? row.Instant(14) : null,
            Notes = admin ? row.Text(23) : null,
            Metadata = admin ? JsonSerializer.Deserialize(row.GetString(22), FloorJson.Default.DictionaryStringJsonElement) : null,
        };
    }

    public static AddressResponse Address(NpgsqlDataReader row)
    {
        var (first, last, line, city, postal, country) = (row.GetString(10), row.GetString(12), row.GetString(2), row.Text(5), row.Text(14), row.GetString(8));
        return new AddressResponse
        {
            Id = row.GetInt64(1),
            Customer = row.GetInt64(0),
            AddressType = row.GetString(4),
            FirstName = first,
            LastName = last,
            Company = row.Text(7),
            Phone = row.Text(13),
            AddressLine1 = line,
            AddressLine2 = row.Text(3),
            City = city,
            State = row.Text(15),
            StateName = row.Text(15),
            PostalCode = postal,
            Country = country,
            CountryName = country,
            IsDefault = row.GetBoolean(11),
            FullAddress = $"{first} {last}, {line}, {city}, {postal}, {country}",
            CreatedAt = row.GetDateTime(9),
            UpdatedAt = row.GetDateTime(17),
        };
    }

    public static CustomerGroup Group(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Name = row.GetString(1),
        DiscountPercentage = row.GetDecimal(2),
        PrioritySupport = row.GetBoolean(3),
        FreeShipping = row.GetBoolean(4),
    };

    public static CustomerSummary Summary(NpgsqlDataReader row) => new()
    {
        Id = row.GetInt64(0),
        Uuid = row.GetGuid(1),
        Username = row.GetString(2),
        Email = row.GetString(3),
        FullName = row.GetString(4),
        Phone = row.Text(5),
        IsActive = row.GetBoolean(6),
        IsVerified = row.GetBoolean(7),
        IsVip = row.GetBoolean(8),
        LoyaltyTier = row.GetString(9),
        LoyaltyPoints = row.GetInt64(10),
        TotalOrders = row.GetInt32(11),
        TotalSpent = row.GetDecimal(12),
        LastOrderDate = row.Instant(13),
        DateJoined = row.GetDateTime(14),
        UpdatedAt = row.GetDateTime(15),
    };

    public static decimal Average(long spent, int orders) => orders == 0 ? 0 : Math.Round(spent / 100m / orders, 2, MidpointRounding.ToEven);
}
