namespace Clientele.Server.Addresses;

[Table("addresses", TableClass.Owned, Cascades = true)]
internal sealed class Address
{
    /// <summary>The form of today's states and postal codes. Earlier releases stored other codes in form 0; <see cref="BringUpToDate"/> changes them.</summary>
    public const int CurrentForm = 1;

    /// <summary>The addresses of the customer @id, defaults first, then the newest; <see cref="ReadResponse"/> reads them.</summary>
    public const string OfCustomer =
        """
        SELECT customer_id, id, address_type, first_name, last_name, company, phone, address_line1, address_line2, city, state, postal_code, country,
            form, is_default, created_at, updated_at
        FROM addresses WHERE customer_id = @id ORDER BY is_default DESC, created_at DESC, id DESC
        """;

    public required long CustomerId { get; init; }

    public required long Id { get; init; }

    public int Version { get; set; } = 1;

    public required string AddressType { get; set; }

    public required string FirstName { get; set; }

    public required string LastName { get; set; }

    public string? Company { get; set; }

    public string? Phone { get; set; }

    public required string AddressLine1 { get; set; }

    public string? AddressLine2 { get; set; }

    public string? City { get; set; }

    public string? State { get; set; }

    public string? PostalCode { get; set; }

    /// <summary>ISO 3166-1 alpha-3.</summary>
    public required string Country { get; set; }

    /// <summary>The form of the state and the postal code. Its setter is private, so that the audit trail does not record it.</summary>
    public int Form { get; private set; } = CurrentForm;

    public bool IsDefault { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>The city in the form that the filter compares.</summary>
    public string CityFolded { get; private set; } = "";

    /// <summary>The state in the form that the filter compares.</summary>
    public string StateFolded { get; private set; } = "";

    /// <summary>The texts in the form that rules compare: <see cref="TextFolding.NameKey"/>.</summary>
    public string CityKey { get; private set; } = "";

    public string StateKey { get; private set; } = "";

    public string PostalCodeKey { get; private set; } = "";

    public void DeriveKeys()
    {
        CityKey = TextFolding.NameKey(City ?? "");
        StateKey = TextFolding.NameKey(State ?? "");
        PostalCodeKey = TextFolding.NameKey(PostalCode ?? "");
        CityFolded = TextFolding.Fold(City ?? "");
        StateFolded = TextFolding.Fold(State ?? "");
    }

    public static AddressResponse ReadResponse(Row row) => new Address
    {
        CustomerId = row.Long(),
        Id = row.Long(),
        AddressType = row.Text(),
        FirstName = row.Text(),
        LastName = row.Text(),
        Company = row.TextOrNull(),
        Phone = row.TextOrNull(),
        AddressLine1 = row.Text(),
        AddressLine2 = row.TextOrNull(),
        City = row.TextOrNull(),
        State = row.TextOrNull(),
        PostalCode = row.TextOrNull(),
        Country = row.Text(),
        Form = row.Integer(),
        IsDefault = row.Boolean(),
        CreatedAt = row.Instant(),
        UpdatedAt = row.Instant(),
    }.ToResponse();

    public AddressResponse ToResponse()
    {
        BringUpToDate();
        var country = CountryRules.Default.FindByCode(Country);
        return new()
        {
            Id = Id,
            Customer = CustomerId,
            AddressType = AddressType,
            FirstName = FirstName,
            LastName = LastName,
            Company = Company,
            Phone = Phone,
            AddressLine1 = AddressLine1,
            AddressLine2 = AddressLine2,
            City = City,
            State = State,
            StateName = country?.ListedPart == 'S' && country.SubdivisionWithCode(State) is { } region ? region.Name : State,
            PostalCode = PostalCode,
            Country = Country,
            CountryName = country?.Name ?? Country,
            IsDefault = IsDefault,
            FullAddress = country?.Write(this) ?? $"{FirstName} {LastName}, {AddressLine1}, {Country}",
            CreatedAt = CreatedAt,
            UpdatedAt = UpdatedAt,
        };
    }

    /// <summary>Changes the state and the postal code that an earlier release stored to today's form. What the rules do not know stays as it is.</summary>
    public void BringUpToDate()
    {
        if (Form == CurrentForm)
        {
            return;
        }

        Form = CurrentForm;
        if (CountryRules.Default.FindByCode(Country) is not { } country)
        {
            return;
        }

        if (State is not null && country.ListedPart == 'S')
        {
            var code = country.IsoCode(State);
            State = (country.SubdivisionWithCode(code) ?? country.FindSubdivision(State))?.Code ?? State;
        }

        PostalCode = PostalCode is null ? null : PostalCodes.Spell(country, PostalCode) ?? PostalCode;
        DeriveKeys();
    }

    internal sealed class Configuration : IEntityTypeConfiguration<Address>
    {
        public void Configure(EntityTypeBuilder<Address> builder)
        {
            builder.HasKey(a => new { a.CustomerId, a.Id });
            builder.HasIndex(a => new { a.CustomerId, a.AddressType }).IsUnique().HasFilter("is_default");
            builder.Property(a => a.Form).HasDefaultValue(0);
            builder.HasIndex(a => a.Id);
            builder.HasIndex(a => new { a.IsDefault, a.CreatedAt, a.Id });
            builder.HasIndex(a => new { a.UpdatedAt, a.Id });
        }
    }
}
