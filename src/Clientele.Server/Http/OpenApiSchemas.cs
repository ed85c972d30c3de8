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
            case JsonTypeInfoKind.Object:
                var name = Name(type, use);
                if (document.Components?.Schemas?.ContainsKey(name) != true)
                {
                    var schema = new OpenApiSchema { Type = JsonSchemaType.Object, Description = OpenApiTexts.Summary(type) };
                    document.AddComponent(name, schema);
                    AddMembers(schema, info, use);
                }

                return new OpenApiSchemaReference(name, document);
            case JsonTypeInfoKind.Enumerable:
                return new OpenApiSchema { Type = JsonSchemaType.Array, Items = Of(info.ElementType!, use) };
            case JsonTypeInfoKind.Dictionary:
                return new OpenApiSchema { Type = JsonSchemaType.Object, AdditionalProperties = Value(info.ElementType!, use) };
            default:
                return Leaf(type, use);
        }
    }

    private static string Name(Type type, Use use)
    {
        var name = type.IsGenericType ? $"{type.GenericTypeArguments[0].Name}{type.Name[..type.Name.IndexOf('`', StringComparison.Ordinal)]}" : type.Name;
        return use switch
        {
            Use.Answer => name,
            Use.Request => name.EndsWith("Request", StringComparison.Ordinal) ? name : $"{name}Request",
            Use.Patch => name.Replace("Request", "Patch", StringComparison.Ordinal),
        };
    }

    private void AddMembers(OpenApiSchema schema, JsonTypeInfo info, Use use)
    {
        schema.Properties = new Dictionary<string, IOpenApiSchema>();
        schema.Required = new HashSet<string>();
        var defaults = use == Use.Request ? info.CreateObject?.Invoke() : null;
        foreach (var property in info.Properties)
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
        var type = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
        var member = property.AttributeProvider!.IsDefined(typeof(JsonConverterAttribute), inherit: true) ? Rate(use) : Of(type, use);
        var schema = member as OpenApiSchema ?? new OpenApiSchema { AllOf = [member] };
        if (IsNullable(property, use))
        {
            if (schema.Type is null)
            {
                schema = new OpenApiSchema { OneOf = [.. schema.OneOf ?? [member], new OpenApiSchema { Type = JsonSchemaType.Null }] };
            }
            else
            {
                schema.Type |= JsonSchemaType.Null;
            }
        }

        schema.Description = Description(property, use);
        AddRules(schema, property);
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

        return use != Use.Answer && (Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType) == typeof(decimal)
            ? $"{text} A string or a number."
            : text;
    }

    private static void AddRules(OpenApiSchema schema, JsonPropertyInfo property)
    {
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
                case RangeAttribute range:
                    schema.Minimum = Convert.ToString(range.Minimum, CultureInfo.InvariantCulture);

                    // The largest number of the type is already a bound of the format.
                    schema.Maximum = Convert.ToDouble(range.Maximum, CultureInfo.InvariantCulture) < int.MaxValue
                        ? Convert.ToString(range.Maximum, CultureInfo.InvariantCulture)
                        : null;
                    break;
                case AllowedValuesAttribute allowed:
                    schema.Enum = [.. allowed.Values.Select(value => JsonValue.Create((string)value!))];
                    break;
                default:
                    break;
            }
        }
    }

    public static OpenApiSchema Leaf(Type type, Use use) =>
        type == typeof(string) ? new() { Type = JsonSchemaType.String }
            : type == typeof(decimal) && use == Use.Answer ? new() { Type = JsonSchemaType.String, Pattern = @"^-?\d+\.\d{2}$" }
            : type == typeof(decimal) ? new() { Type = JsonSchemaType.String | JsonSchemaType.Number, Pattern = @"^-?\d+(\.\d{1,2})?$" }
            : type == typeof(bool) ? new() { Type = JsonSchemaType.Boolean }
            : type == typeof(int) ? new() { Type = JsonSchemaType.Integer, Format = "int32" }
            : type == typeof(long) ? new() { Type = JsonSchemaType.Integer, Format = "int64" }
            : type == typeof(double) ? new() { Type = JsonSchemaType.Number, Format = "double" }
            : type == typeof(Guid) ? new() { Type = JsonSchemaType.String, Format = "uuid" }
            : type == typeof(DateOnly) ? new() { Type = JsonSchemaType.String, Format = "date" }
            : type == typeof(DateTime) ? new() { Type = JsonSchemaType.String, Format = "date-time" }
            : type == typeof(JsonElement) ? new() { Type = JsonSchemaType.Object }
            : type == typeof(CustomerReference) ? new() { OneOf = [Leaf(typeof(long), use), Leaf(typeof(string), use)] }
            : throw new InvalidOperationException($"The API description has no schema for {type}.");

    /// <summary>An exchange rate, the only decimal that is not money.</summary>
    private static OpenApiSchema Rate(Use use) => new()
    {
        Type = use == Use.Answer ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Number,
        Pattern = @"^\d+(\.\d{1,10})?$",
    };

    /// <summary>A value of a free dictionary: free JSON allows single values here, and in a patch null removes one.</summary>
    private IOpenApiSchema Value(Type type, Use use) => type != typeof(JsonElement)
        ? Of(type, use)
        : new OpenApiSchema
        {
            Type = JsonSchemaType.String | JsonSchemaType.Number | JsonSchemaType.Boolean | (use == Use.Patch ? JsonSchemaType.Null : 0),
        };
}
