using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.Http;

/// <summary>
/// A JSON object from a client. <see cref="Read"/> creates a request from it. <see cref="Over"/> writes its members over an existing request:
/// PUT writes over the defaults, a merge patch over the stored values. A value that equals the stored one is not validated again. Unknown members are
/// ignored, and so are members for admins if the caller is not one. All errors are reported at once.
/// </summary>
internal sealed class Body<T>(JsonElement json, bool admin) : IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly JsonTypeInfo Info = Wire.ForAdmins.GetTypeInfo(typeof(T));
    private static readonly Member[] Members = [.. Info.Properties.Select(Member.Of)];

    public static async ValueTask<Body<T>> BindAsync(HttpContext context) =>
        new(await JsonBodies.ReadAsync(context), context.RequestServices.GetRequiredService<Caller>().IsAdmin);

    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder)
    {
        string[] types = builder.Metadata.OfType<IHttpMethodMetadata>().Any(methods => methods.HttpMethods.Contains("PATCH"))
            ? ["application/json", "application/merge-patch+json"]
            : ["application/json"];
        builder.Metadata.Add(new AcceptsMetadata(types, typeof(T)));
    }

    /// <summary>Whether the client sent the member, with any value.</summary>
    public bool Has(string member) => json.TryGetProperty(member, out _);

    public T Read(out Errors errors) => Over((T)Info.CreateObject!(), errors = new());

    public T Over(T target, Errors errors, bool patch = false, T? stored = null)
    {
        foreach (var member in Members)
        {
            if (member.AdminOnly && !admin)
            {
                continue;
            }

            if (!json.TryGetProperty(member.Name, out var value))
            {
                if (patch)
                {
                    continue;
                }

                if (member.Required && member.Get(target) is null or "")
                {
                    errors.Add(member.Name, "This member is required.");
                }
            }
            else if (!member.TryRead(value, out var read, out var at, out var message))
            {
                errors.Add(at, message);
            }
            else if (member.Check(read, stored) is { } complaint)
            {
                // The value is not used, so that later checks need not handle, for example, a text that is too long.
                errors.Add(member.Name, complaint);
            }
            else
            {
                member.Set(target, read);
            }
        }

        return target;
    }

    /// <summary>The errors in the members of an object inside a body, such as a line of an order.</summary>
    public static IEnumerable<(string Member, string Message)> Complaints(T value)
    {
        foreach (var member in Members)
        {
            if (Body.Complaint(member.Rules, member.Name, member.Get(value)) is { } complaint)
            {
                yield return (member.Name, complaint);
            }
        }
    }

    private sealed record Member(JsonPropertyInfo Property, JsonTypeInfo Type, ValidationAttribute[] Rules, bool AdminOnly, bool Nullable)
    {
        public string Name => Property.Name;

        public bool Required => Array.Exists(Rules, rule => rule is RequiredAttribute);

        public static Member Of(JsonPropertyInfo property)
        {
            var attributes = property.AttributeProvider!;
            return new Member(
                property,
                TypeOf(property),
                [.. attributes.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()],
                Wire.IsAdminOnly(property),
                property.IsSetNullable);
        }

        /// <summary>A converter on the member takes precedence over that of its type.</summary>
        private static JsonTypeInfo TypeOf(JsonPropertyInfo property)
        {
            var converters = property.AttributeProvider!.GetCustomAttributes(typeof(JsonConverterAttribute), inherit: true);
            if (converters is not [JsonConverterAttribute { ConverterType: { } converter }])
            {
                return Wire.ForAdmins.GetTypeInfo(property.PropertyType);
            }

            var options = new JsonSerializerOptions(Wire.ForAdmins);
            options.Converters.Insert(0, (JsonConverter)Activator.CreateInstance(converter)!);
            return options.GetTypeInfo(property.PropertyType);
        }

        /// <summary>The error in a value that was read, unless it is the stored one.</summary>
        public string? Check(object? value, T? stored) =>
            stored is not null && Equals(value, Get(stored)) ? null : Body.Complaint(Rules, Name, value);

        public object? Get(T target) => Property.Get!(target);

        public void Set(T target, object? value) => Property.Set!(target, value);

        public bool TryRead(JsonElement value, out object? read, out string at, out string message)
        {
            at = Name;
            read = null;
            message = "";
            if (value.ValueKind == JsonValueKind.Null)
            {
                message = Required ? "This member is required and may not be null." : "This member may not be null.";
                return Nullable || System.Nullable.GetUnderlyingType(Property.PropertyType) is not null;
            }

            try
            {
                read = value.Deserialize(Type);
                return true;
            }
            catch (JsonException unfit)
            {
                // Inside the member, the path gives the place: $[0].quantity.
                at = Name + unfit.Path?[1..];
                message = at.Length == Name.Length ? Expected(System.Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType, Property.Name)
                    : Type.ElementType is { } element && (element == typeof(string) || element.IsPrimitive) ? Expected(element, Property.Name)
                    : "A member is missing or has the wrong type.";
                return false;
            }
        }

        private static string Expected(Type type, string name) => type switch
        {
            _ when type == typeof(string) => "Must be text.",
            _ when type == typeof(bool) => "Must be true or false.",
            _ when type == typeof(decimal) && name == "exchange_rate" => "Must be a number with at most ten decimal places, such as \"1.0855\".",
            _ when type == typeof(decimal) => "Must be a number with at most two decimal places, such as \"12.50\".",
            _ when type == typeof(DateOnly) => "Must be a date: YYYY-MM-DD.",
            _ when type == typeof(DateTime) => "Must be an instant: 2025-10-15T14:30:00Z.",
            _ when type == typeof(int) || type == typeof(long) => "Must be a whole number.",
            _ when type == typeof(CustomerReference) => "Must be a customer's id, uuid or e-mail.",
            _ when type == typeof(IReadOnlyList<string>) => "Must be a list of texts.",
            _ when type == typeof(IReadOnlyList<long>) => "Must be a list of whole numbers.",
            _ => "Must be an object.",
        };
    }
}

/// <summary>What bodies of all types share.</summary>
internal static class Body
{
    private static bool Holds(ValidationAttribute rule, object? value)
    {
        try
        {
            return rule.IsValid(value);
        }
        catch (OverflowException)
        {
            // A range first converts the value to the type of its bounds. A value that does not fit into that type is out of range.
            return false;
        }
    }

    /// <summary>The error that the attributes on a member report for its value; null if there is none.</summary>
    public static string? Complaint(IEnumerable<ValidationAttribute> rules, string name, object? value) =>
        rules.FirstOrDefault(rule => !Holds(rule, value)) switch
        {
            null => null,
            RequiredAttribute => "This member may not be blank.",
            StringLengthAttribute length => $"At most {length.MaximumLength} characters.",
            var rule => rule.FormatErrorMessage(name),
        };
}
