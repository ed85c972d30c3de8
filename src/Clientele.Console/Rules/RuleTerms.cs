using Clientele.Client;

namespace Clientele.ConsoleApp.Rules;

/// <summary>What rules can be made of, as the service lists it, and the names of what they refer to.</summary>
public sealed class RuleTerms(RuleVocabulary? vocabulary, IReadOnlyList<GroupResponse>? groups = null, IReadOnlyList<CountryResponse>? countries = null)
{
    private const string Metadata = "metadata.";

    /// <summary>Knows no field and no name.</summary>
    public static readonly RuleTerms None = new(null);

    public IReadOnlyList<RuleRelation> Relations => vocabulary?.Relations ?? [];

    public IReadOnlyList<string> Aggregates => vocabulary?.Aggregates ?? [];

    public IReadOnlyList<string> Units => vocabulary?.Units ?? [];

    public IReadOnlyList<GroupResponse> Groups => groups ?? [];

    public IReadOnlyList<CountryResponse> Countries => countries ?? [];

    /// <summary>The fields of the customer, or of the rows of a relation.</summary>
    public IReadOnlyList<RuleField> Fields(string? relation) =>
        relation is null ? vocabulary?.Fields ?? [] : Relations.FirstOrDefault(known => known.Name == relation)?.Members ?? [];

    /// <summary>Null if there is no such field.</summary>
    public RuleField? Field(string? relation, string? name) =>
        name is null ? null
        : Fields(relation).FirstOrDefault(field => field.Name == name) is { } known ? known
        : relation is null && vocabulary is not null && name.StartsWith(Metadata, StringComparison.Ordinal) && name.Length > Metadata.Length
            ? MetadataField(name)
        : null;

    /// <summary>The instants of rows, for windows of time.</summary>
    public IReadOnlyList<RuleField> Instants(string relation) => [.. Fields(relation).Where(field => field.Type == RuleFieldType.Instant)];

    /// <summary>The fields of rows that an aggregate can take.</summary>
    public IReadOnlyList<RuleField> Aggregated(string relation, string aggregate) => [.. Fields(relation).Where(field => aggregate switch
    {
        RuleAggregateName.Count or RuleAggregateName.CountDistinct => true,
        RuleAggregateName.Sum or RuleAggregateName.Avg => field.Type is RuleFieldType.Number or RuleFieldType.Money,
        _ => field.Type is RuleFieldType.Number or RuleFieldType.Money or RuleFieldType.Instant,
    })];

    /// <summary>What an aggregate of a field is compared like: a number of rows, or a value of the field.</summary>
    public RuleField? Compared(string relation, string? aggregate, string? of)
    {
        var field = Field(relation, of);
        var number = vocabulary?.Fields.FirstOrDefault(known => known.Type == RuleFieldType.Number);
        var alike = aggregate is RuleAggregateName.Count or RuleAggregateName.CountDistinct ? number : field;
        return alike is null || aggregate is RuleAggregateName.Min or RuleAggregateName.Max or RuleAggregateName.Avg
            ? alike
            : alike with { Operators = [.. alike.Operators.Where(op => Form(op) != RuleValueForm.None)] };
    }

    /// <summary>The units of spans; dates have none below a day.</summary>
    public IReadOnlyList<string> UnitsOf(RuleField? field) =>
        field?.Type == RuleFieldType.Date ? [.. Units.SkipWhile(unit => unit != RuleUnit.Day)] : Units;

    /// <summary>The form of the value of an operator, a <see cref="RuleValueForm"/>.</summary>
    public string Form(string op) => vocabulary?.Operators.FirstOrDefault(known => known.Name == op)?.Value ?? RuleValueForm.Value;

    /// <summary>The operator that a condition on the field begins with.</summary>
    public static string Usual(RuleField field)
    {
        string[] usual = field.Type switch
        {
            RuleFieldType.Number or RuleFieldType.Money => [RuleOperatorName.Gte],
            RuleFieldType.Instant => [RuleOperatorName.WithinLast],
            RuleFieldType.Date => [RuleOperatorName.AnniversaryWithinNext],
            RuleFieldType.Set => [RuleOperatorName.ContainsAny],
            _ => [RuleOperatorName.Eq],
        };
        return usual.Concat(field.Operators).First(field.Operators.Contains);
    }

    /// <summary>Whether the field's values are countries: an enumeration that is too long to be listed.</summary>
    public static bool IsCountry(RuleField? field) => field is { Type: RuleFieldType.Enumeration, Values: null };

    /// <summary>The name of a group; null if it is not known.</summary>
    public string? Group(long id) => groups?.FirstOrDefault(group => group.Id == id)?.Name;

    /// <summary>The country with this code or name; null if it is not known.</summary>
    public CountryResponse? Country(string text) => countries?.FirstOrDefault(country =>
        new[] { country.Code3, country.Code, country.Name }.Contains(text, StringComparer.OrdinalIgnoreCase));

    /// <summary>The countries whose name or code contains a text, by name.</summary>
    public IEnumerable<CountryResponse> FindCountries(string? text) => Countries
        .Where(country => string.IsNullOrWhiteSpace(text) || new[] { country.Name, country.NativeName, country.Code, country.Code3 }
            .Any(name => name.Contains(text.Trim(), StringComparison.CurrentCultureIgnoreCase)))
        .OrderBy(country => country.Name, StringComparer.CurrentCulture);

    /// <summary>What applies to metadata: the operators of texts and of numbers, because its type is that of the value.</summary>
    private RuleField MetadataField(string name)
    {
        var operators = vocabulary!.Fields.Where(field => field.Type is RuleFieldType.Text or RuleFieldType.Number)
            .SelectMany(field => field.Operators).Distinct().ToList();
        return new RuleField
        {
            Name = name,
            Type = RuleFieldType.Any,
            Description = "Metadata of the customer. Values of another type than the one here count as missing.",
            Currency = null,
            Operators = operators,
            Values = null,
            SuggestsValues = false,
        };
    }
}
