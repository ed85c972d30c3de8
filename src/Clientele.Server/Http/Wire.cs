using System.Text.Encodings.Web;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Server.Http;

/// <summary>The JSON of the API, read strictly and written as the caller may see it: snake_case, money as text, instants in UTC.</summary>
internal static class Wire
{
    public const int MaxDepth = 32;

    /// <summary>JSON that is served as JSON needs no escapes for HTML.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>What admins see: everything.</summary>
    public static readonly JsonSerializerOptions ForAdmins = Strict(WireJson.Default);

    /// <summary>What everybody else sees: all members except those for admins only.</summary>
    public static readonly JsonSerializerOptions ForOthers = Strict(((IJsonTypeInfoResolver)WireJson.Default).WithAddedModifier(static info =>
    {
        foreach (var hidden in info.Properties.Where(IsAdminOnly).ToList())
        {
            info.Properties.Remove(hidden);
        }
    }));

    public static bool IsAdminOnly(JsonPropertyInfo property) => property.AttributeProvider?.IsDefined(typeof(AdminOnlyAttribute), inherit: false) == true;

    /// <summary>What the caller may see of the type.</summary>
    public static JsonTypeInfo<T> For<T>(HttpContext context) => For<T>(context.RequestServices.GetRequiredService<Caller>().IsAdmin);

    public static JsonTypeInfo<T> For<T>(bool admin) => (JsonTypeInfo<T>)(admin ? ForAdmins : ForOthers).GetTypeInfo(typeof(T));

    private static JsonSerializerOptions Strict(IJsonTypeInfoResolver types) => new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        NumberHandling = JsonNumberHandling.Strict,
        AllowDuplicateProperties = false,
        RespectNullableAnnotations = true,
        MaxDepth = MaxDepth,
        Encoder = Encoder,
        Converters = { new MoneyConverter(Amounts.TryParse, "0.00"), new InstantConverter(Instants.TryParse) },
        TypeInfoResolver = types,
    };
}
