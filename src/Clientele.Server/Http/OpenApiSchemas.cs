using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.OpenApi;

namespace Clientele.Server.Http;

/// <summary>What a record is used for. This decides which members are required and which forms are accepted.</summary>
internal enum Use
{
    Answer,

    /// <summary>A body that creates or replaces.</summary>
    Request,

    /// <summary>A merge patch: nothing is required.</summary>
    Patch,
}

/// <summary>
/// The schemas of the API's records. They are generated from the same metadata that reads and writes the JSON, so they cannot differ from it. The
/// framework's own generator knows neither our converters nor members for admins nor patches.
/// </summary>
internal sealed class OpenApiSchemas(OpenApiDocument document)
{
    public IOpenApiSchema Of(Type type, Use use)
    {
        var info = Wire.ForAdmins.GetTypeInfo(type);
        switch (info.Kind)
        {
            case JsonTypeInfoKind.Object when type.IsGenericType && type.GetGenericTypeDefinition() == typeof(Page<>):
                return Pages(info, type);
            case JsonTypeInfoKind.Object:
                return Component(Name(type, use), new() { Type = JsonSchemaType.Object, Description = OpenApiTexts.Summary(type) }, schema =>
                {
                    AddMembers(schema, info, use);
                    if (type == typeof(RuleNode))
                    {
                        TellKindsApart(schema);
                    }
                });
            case JsonTypeInfoKind.Enumerable:
                return new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(info.ElementType!, use) };
            case JsonTypeInfoKind.Dictionary:
                return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Value(info.ElementType!, use) };
            default:
                return Leaf(type, use);
        }
    }

    /// <summary>
    /// A response that is one of several objects, told apart by the members that they have. The members that they share are repeated next to the
    /// choice, because some generators of clients cannot read a choice.
    /// </summary>
    public IOpenApiSchema AnyOf(string name, string description, params IReadOnlyList<IOpenApiSchema> choices) =>
        Component(name, new() { Type = JsonSchemaType.Object, Description = description, AnyOf = [.. choices] }, schema =>
        {
            var members = choices.SelectMany(choice => choice.Properties!).ToLookup(member => member.Key, member => member.Value);
            schema.Properties = members.ToDictionary(member => member.Key, member => member.DistinctBy(other => other.Type).Count() == 1
                ? member.First()
                : new OpenApiSchema { Description = member.First().Description });
            schema.Required = choices.Select(choice => choice.Required!.AsEnumerable()).Aggregate(Enumerable.Intersect).ToHashSet();
        });

    private static string Name(Type type, Use use) => use switch
    {
        Use.Answer => type.Name,
        Use.Request => type.Name.EndsWith("Request", StringComparison.Ordinal) ? type.Name : $"{type.Name}Request",
        Use.Patch => type.Name.Replace("Request", "Patch", StringComparison.Ordinal),
    };

    private OpenApiSchemaReference Component(string name, OpenApiSchema schema, Action<OpenApiSchema> complete)
    {
        if (document.Components?.Schemas?.ContainsKey(name) != true)
        {
            document.AddComponent(name, schema);
            complete(schema);
        }

        return new OpenApiSchemaReference(name, document);
    }

    /// <summary>A page by number has a count, and a page by cursor has none.</summary>
    private IOpenApiSchema Pages(JsonTypeInfo info, Type type)
    {
        string[] counts = ["count", "count_is_estimate"];
        var row = type.GenericTypeArguments[0].Name;
        var numbered = Component($"{row}Page", new() { Type = JsonSchemaType.Object, Description = "A page of a list, by number." }, schema =>
        {
            AddMembers(schema, info, Use.Answer);
            schema.Required!.Add(counts[0]);
        });
        var byCursor = Component($"{row}PageByCursor", new() { Type = JsonSchemaType.Object, Description = "A page of a list, by cursor." }, schema =>
        {
            AddMembers(schema, info, Use.Answer);
            Array.ForEach(counts, count => schema.Properties!.Remove(count));
        });
        return AnyOf($"{row}List", OpenApiTexts.Summary(type)!, numbered, byCursor);
    }

    /// <summary>A node has at most one of the members that say what it is, and members that belong to it. Generators of clients ignore these rules.</summary>
    private static void TellKindsApart(OpenApiSchema node)
    {
        string[] kinds = ["all", "any", "none", "not", "field", "related", "in_group"];
        string[] ofRows = ["where", "within", "at_least", "at_most", "exactly", "no_rows", "every", "having"];
        node.Not = new OpenApiSchema { AnyOf = [.. kinds.SelectMany((_, i) => kinds[..i], (kind, other) => Both(other, kind))] };
        node.DependentRequired = ofRows.ToDictionary(member => member, _ => new HashSet<string> { "related" });
        node.DependentRequired["field"] = ["op"];
        node.DependentRequired["op"] = ["field"];
        node.DependentRequired["value"] = ["field"];

        static OpenApiSchema Both(params string[] members) => new()
        {
            Properties = members.ToDictionary(member => member, _ => (IOpenApiSchema)new OpenApiSchema()),
            Required = members.ToHashSet(),
        };
    }

    private void AddMembers(OpenApiSchema schema, JsonTypeInfo info, Use use)
    {
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        schema.AdditionalPropertiesAllowed = !info.Type.IsDefined(typeof(StrictAttribute), inherit: false);
        schema.Required = new HashSet<string>();
        var defaults = use == Use.Request ? info.CreateObject?.Invoke() : null;
        foreach (var property in info.Properties.Where(property => property.Get is not null || property.Set is not null))
        {
            schema.Properties[property.Name] = Member(property, use, defaults);
            if (IsRequired(property, use))
            {
                schema.Required.Add(property.Name);
            }
        }
    }

    public static bool IsRequired(JsonPropertyInfo property, Use use) => use switch
    {
        Use.Answer => property.IsRequired && !Wire.IsAdminOnly(property),
        Use.Request => property.IsRequired || property.AttributeProvider!.IsDefined(typeof(RequiredAttribute), inherit: true),
        Use.Patch => false,
    };

    private IOpenApiSchema Member(JsonPropertyInfo property, Use use, object? defaults)
    {
        var member = Value(property, use);
        var schema = member as OpenApiSchema ?? new OpenApiSchema { AllOf = [member] };
        if (IsNullable(property, use))
        {
            if (member is not OpenApiSchema)
            {
                schema = new OpenApiSchema { OneOf = [member, new OpenApiSchema { Type = JsonSchemaType.Null }] };
            }
            else if (schema.Type is not null)
            {
                schema.Type |= JsonSchemaType.Null;
            }
        }

        schema.Description = Description(property, use);
        AddRules(schema, property, use);
        if (OpenApiExamples.Of(property) is { } example)
        {
            schema.Examples = [example];
        }

        if (defaults is not null && !IsRequired(property, use) && property.Get!(defaults) is { } value)
        {
            schema.Default = JsonSerializer.SerializeToNode(value, Wire.ForAdmins.GetTypeInfo(property.PropertyType));
        }

        return schema;
    }

    private IOpenApiSchema Value(JsonPropertyInfo property, Use use)
    {
        var attributes = property.AttributeProvider!;
        if (attributes.GetCustomAttributes(typeof(OneOfAttribute), inherit: true) is [OneOfAttribute oneOf])
        {
            var set = Closed(oneOf.Set.Name, OpenApiTexts.Summary(oneOf.Set)!, oneOf.Values);
            return property.PropertyType == typeof(string) ? set : new OpenApiSchema { Type = JsonSchemaType.Array, Items = set };
        }

        if (attributes.GetCustomAttributes(typeof(ShapeAttribute), inherit: false) is [ShapeAttribute shape])
        {
            return shape.Types is [var only] ? Of(only, Use.Answer) : OneOfShapes(property, shape);
        }

        if (property.Name == "type" && property.DeclaringType == typeof(ProblemBody))
        {
            return Closed("ProblemType", OpenApiTexts.Summary(property)!, Problems.Codes.Keys.Select(code => Problems.TypePrefix + code));
        }

        return attributes.IsDefined(typeof(JsonConverterAttribute), inherit: true)
            ? new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d+(\.\d{1,10})?$" }
            : Of(Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType, use);
    }

    /// <summary>Free JSON that has the form of one of several records.</summary>
    private OpenApiSchemaReference OneOfShapes(JsonPropertyInfo property, ShapeAttribute shape) => Component(
        $"{property.DeclaringType.Name}Data",
        new() { Type = JsonSchemaType.Object, Description = OpenApiTexts.Summary(property) },
        schema => schema.AnyOf = [.. shape.Types.Select(type => Of(type, Use.Answer))]);

    private OpenApiSchemaReference Closed(string name, string description, IEnumerable<string> values) => Component(
        name,
        new() { Type = JsonSchemaType.String, Description = description, Enum = [.. values.Select(value => JsonValue.Create(value))] },
        _ => { });

    private static bool IsNullable(JsonPropertyInfo property, Use use) => use == Use.Answer
        ? property.IsGetNullable && !IsLeftOut(property)
        : !property.AttributeProvider!.IsDefined(typeof(RequiredAttribute), inherit: true)
            && (property.IsSetNullable || Nullable.GetUnderlyingType(property.PropertyType) is not null);

    /// <summary>Whether the member is absent if it has no value, and so never null.</summary>
    private static bool IsLeftOut(JsonPropertyInfo property) => property.AttributeProvider!.IsDefined(typeof(JsonIgnoreAttribute), inherit: false);

    private static string Description(JsonPropertyInfo property, Use use)
    {
        var text = OpenApiTexts.Summary(property) ?? "";
        if (Wire.IsAdminOnly(property) && !text.Contains("admins", StringComparison.OrdinalIgnoreCase))
        {
            text += use == Use.Answer ? " Admins only." : " Ignored unless the caller is an admin.";
        }

        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        return use != Use.Answer && (type == typeof(decimal) || type == typeof(CustomerReference)) ? $"{text} A number is accepted, too." : text;
    }

    private static void AddRules(OpenApiSchema schema, JsonPropertyInfo property, Use use)
    {
        if (use != Use.Answer && property.PropertyType == typeof(string) && property.Name.Contains("password", StringComparison.Ordinal))
        {
            (schema.Format, schema.WriteOnly) = ("password", true);
        }

        foreach (var rule in property.AttributeProvider!.GetCustomAttributes(typeof(ValidationAttribute), inherit: true))
        {
            switch (rule)
            {
                case StringLengthAttribute length:
                    schema.MaxLength = length.MaximumLength;
                    break;
                case MaxLengthAttribute length:
                    schema.MaxItems = length.Length;
                    break;
                case RangeAttribute range when schema.Type?.HasFlag(JsonSchemaType.String) != true:
                    schema.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);

                    // The largest number of the type is already a bound of the format.
                    schema.Maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) < int.MaxValue
                        ? Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)
                        : null;
                    break;
                default:
                    break;
            }
        }
    }

    public static OpenApiSchema Leaf(Type type, Use use) =>
        type == typeof(string) ? new() { Type = JsonSchemaType.String }
            : type == typeof(decimal) ? new() { Type = JsonSchemaType.String, Pattern = use == Use.Answer ? @"^-?\d+\.\d{2}$" : @"^-?\d+(\.\d{1,2})?$" }
            : type == typeof(bool) ? new() { Type = JsonSchemaType.Boolean }
            : type == typeof(int) ? new() { Type = JsonSchemaType.Integer, Format = "int32" }
            : type == typeof(long) ? new() { Type = JsonSchemaType.Integer, Format = "int64" }
            : type == typeof(double) ? new() { Type = JsonSchemaType.Number, Format = "double" }
            : type == typeof(Guid) ? new() { Type = JsonSchemaType.String, Format = "uuid" }
            : type == typeof(DateOnly) ? new() { Type = JsonSchemaType.String, Format = "date" }
            : type == typeof(DateTime) ? new() { Type = JsonSchemaType.String, Format = "date-time" }
            : type == typeof(JsonElement) ? new()
            : type == typeof(CustomerReference) ? new() { Type = JsonSchemaType.String, MaxLength = 254 }
            : throw new InvalidOperationException($"The API description has no schema for {type}.");

    /// <summary>A value of a free dictionary: free JSON allows single values here, and in a patch null removes one.</summary>
    private IOpenApiSchema Value(Type type, Use use) => type != typeof(JsonElement)
        ? Of(type, use)
        : new OpenApiSchema
        {
            Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | (use == Use.Patch ? JsonSchemaType.Null : 0),
        };
}
