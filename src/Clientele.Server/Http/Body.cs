using System.Reflection;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.Http;

/// <summary>
/// A JSON object from a client. <see cref="Read"/> creates a request from it. <see cref="Over"/> writes its members over an existing request:
/// PUT writes over the defaults, a merge patch over the stored values. A value that equals the stored one is not validated again. Unknown members are
/// ignored unless the type is <see cref="StrictAttribute">strict</see>, and so are members for admins if the caller is not one. All errors are
/// reported at once.
/// </summary>
internal sealed class Body<T>(JsonElement json, bool admin) : IEndpointParameterMetadataProvider
    where T : class
{
    private static readonly JsonTypeInfo Info = Wire.ForAdmins.GetTypeInfo(typeof(T));
    private static readonly bool IsStrict = typeof(T).IsDefined(typeof(StrictAttribute), inherit: false);
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
        if (IsStrict)
        {
            RefuseUnknown(errors);
        }

        foreach (var member in Members.Where(member => admin || !member.AdminOnly))
        {
            if (json.TryGetProperty(member.Name, out var value))
            {
                if (member.TryRead(value, stored, errors, out var read))
                {
                    member.Set(target, read);
                }
            }
            else if (!patch && member.Required && member.Get(target) is null or "")
            {
                errors.Add(member.Name, "This member is required.");
            }
        }

        return target;
    }

    private void RefuseUnknown(Errors errors)
    {
        var known = Members.Select(member => member.Name).ToArray();
        foreach (var name in json.EnumerateObject().Select(member => member.Name).Except(known).TakeWhile(_ => !errors.IsFull))
        {
            errors.Add(name, $"This call does not know the member. It knows {string.Join(", ", known)}.");
        }
    }

    /// <summary>The errors in the members of an object inside a body, such as a line of an order.</summary>
    public static IEnumerable<(string Member, string Message)> Complaints(T value)
    {
        foreach (var member in Members)
        {
            if (member.Complaint(member.Get(value)) is { } complaint)
            {
                yield return (member.Name, complaint);
            }
        }
    }

    private sealed record Member(JsonPropertyInfo Property, JsonTypeInfo Type, ValidationAttribute[] Rules, bool AdminOnly, bool OneLine, bool Nullable)
    {
        public string Name => Property.Name;

        public bool Required => Array.Exists(Rules, rule => rule is RequiredAttribute);

        public static Member Of(JsonPropertyInfo property)
        {
            var attributes = property.AttributeProvider!;
            return new Member(
                property,
                Misfits.TypeOf(property),
                [.. attributes.GetCustomAttributes(typeof(ValidationAttribute), inherit: true).Cast<ValidationAttribute>()],
                Wire.IsAdminOnly(property),
                attributes.IsDefined(typeof(OneLineAttribute), inherit: false),
                property.IsSetNullable);
        }

        public string? Complaint(object? value) =>
            Body.Complaint(Rules, Name, value) ?? (OneLine && value is string text ? VisibleText.Complaint(text) : null);

        public object? Get(T target) => Property.Get!(target);

        public void Set(T target, object? value) => Property.Set!(target, value);

        /// <summary>
        /// Reads a value, and checks it unless it is the stored one. A wrong one is not used, so that later checks need not handle, for example, a text
        /// that is too long. A text of which nothing can be seen counts as empty, and one line of text has no blanks around it.
        /// </summary>
        public bool TryRead(JsonElement value, T? stored, Errors errors, out object? read)
        {
            read = null;
            if (value.ValueKind == JsonValueKind.Null && !Nullable && System.Nullable.GetUnderlyingType(Property.PropertyType) is null)
            {
                errors.Add(Name, Required ? "This member is required and may not be null." : "This member may not be null.");
                return false;
            }

            if (value.ValueKind != JsonValueKind.Null && !Misfits.TryRead(value, Type, out read))
            {
                Misfits.Report(value, Type, Name, errors);
                return false;
            }

            if (stored is not null && Equals(read, Get(stored)))
            {
                return true;
            }

            read = read is not string text ? read : VisibleText.IsBlank(text) ? "" : OneLine ? text.Trim() : text;
            if (Complaint(read) is { } complaint)
            {
                errors.Add(Name, complaint);
                return false;
            }

            return true;
        }
    }
}

/// <summary>What bodies of all types share.</summary>
internal static class Body
{
    private static bool Holds(ValidationAttribute rule, object? value)
    {
        try
        {
            // The attribute itself counts the halves of a character beyond the first 65536 of Unicode.
            return rule is StringLengthAttribute length ? value is not string text || VisibleText.Length(text) <= length.MaximumLength : rule.IsValid(value);
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
