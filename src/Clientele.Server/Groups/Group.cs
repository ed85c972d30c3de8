using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

[Table("groups", TableClass.Local)]
[Index(nameof(NameKey))]
internal sealed class Group
{
    /// <summary>The groups of the customer @id; <see cref="ReadForMember"/> reads them.</summary>
    public const string OfCustomer =
        """
        SELECT g.id, g.name, g.discount_percentage, g.priority_support, g.free_shipping
        FROM memberships AS m JOIN groups AS g ON g.id = m.group_id WHERE m.customer_id = @id AND m.is_member ORDER BY g.name_key
        """;

    public required long Id { get; init; }

    public int Version { get; set; } = 1;

    public required string Name { get; set; }

    /// <summary>The name in the form that is compared and sorted: <see cref="TextFolding.NameKey"/>. <see cref="GroupName"/> keeps it unique.</summary>
    public string NameKey { get; private set; } = "";

    public string Description { get; set; } = "";

    public bool AutoAssign { get; set; }

    /// <summary>A JSON object.</summary>
    public string AssignmentRules { get; set; } = "{}";

    /// <summary>In hundredths of a percent.</summary>
    public int DiscountPercentage { get; set; }

    public bool PrioritySupport { get; set; }

    public bool FreeShipping { get; set; }

    /// <summary>The number of audit entries, which is the number of the last one.</summary>
    public long AuditEntries { get; set; }

    public required DateTime CreatedAt { get; init; }

    public required DateTime UpdatedAt { get; set; }

    /// <summary>The text that is searched.</summary>
    public string SearchText { get; private set; } = "";

    public void DeriveKeys()
    {
        NameKey = TextFolding.NameKey(Name);
        SearchText = TextFolding.SearchText(Name, Description);
    }

    /// <summary>The group in a member's representation.</summary>
    public static CustomerGroup ReadForMember(Row row) => new()
    {
        Id = row.Long(),
        Name = row.Text(),
        DiscountPercentage = row.Integer() / 100m,
        PrioritySupport = row.Boolean(),
        FreeShipping = row.Boolean(),
    };

    public GroupResponse ToResponse(long members, Segment? segment) => new()
    {
        Id = Id,
        Name = Name,
        Description = Description,
        AutoAssign = AutoAssign,
        AssignmentRules = JsonSerializer.Deserialize(AssignmentRules, WireJson.Default.JsonElement),
        DiscountPercentage = DiscountPercentage / 100m,
        PrioritySupport = PrioritySupport,
        FreeShipping = FreeShipping,
        MembersCount = members,
        State = segment is null ? null : JsonNamingPolicy.SnakeCaseLower.ConvertName(segment.State.ToString()),
        Progress = segment?.Progress,
        EvaluatedAt = segment?.EvaluatedAt,
        Error = segment?.Error,
        CreatedAt = CreatedAt,
        UpdatedAt = UpdatedAt,
    };
}
