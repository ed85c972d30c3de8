using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Clientele.Server.Http;

/// <summary>The JSON of the API: snake_case, strict, money as text, instants in UTC.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    NumberHandling = JsonNumberHandling.Strict,
    AllowDuplicateProperties = false,
    RespectNullableAnnotations = true,
    MaxDepth = MaxDepth,
    Converters = [typeof(MoneyConverter), typeof(InstantConverter)])]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(RegisterRequest))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(RefreshRequest))]
[JsonSerializable(typeof(TokenResponse))]
[JsonSerializable(typeof(ChangePasswordRequest))]
[JsonSerializable(typeof(MessageResponse))]
[JsonSerializable(typeof(CustomerResponse))]
[JsonSerializable(typeof(Page<CustomerSummary>))]
[JsonSerializable(typeof(UpdateCustomerRequest))]
[JsonSerializable(typeof(MakeVipRequest))]
[JsonSerializable(typeof(MakeVipResponse))]
[JsonSerializable(typeof(VerifyResponse))]
[JsonSerializable(typeof(ActivationResponse))]
[JsonSerializable(typeof(AddressRequest))]
[JsonSerializable(typeof(AddressResponse))]
[JsonSerializable(typeof(Page<AddressResponse>))]
[JsonSerializable(typeof(GroupRequest))]
[JsonSerializable(typeof(GroupResponse))]
[JsonSerializable(typeof(Page<GroupResponse>))]
[JsonSerializable(typeof(MembersRequest))]
[JsonSerializable(typeof(MembershipResponse))]
[JsonSerializable(typeof(MembershipsResponse))]
[JsonSerializable(typeof(BenefitsResponse))]
[JsonSerializable(typeof(GroupChangesResponse))]
[JsonSerializable(typeof(RuleVocabulary))]
[JsonSerializable(typeof(PreviewRequest))]
[JsonSerializable(typeof(PreviewResponse))]
[JsonSerializable(typeof(ExplanationResponse))]
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(JsonNode))]
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(BatchedOrder))]
[JsonSerializable(typeof(OrderResponse))]
[JsonSerializable(typeof(Page<OrderResponse>))]
[JsonSerializable(typeof(OrderBatchResponse))]
[JsonSerializable(typeof(OrderBatchRequest))]
[JsonSerializable(typeof(WishlistItemRequest))]
[JsonSerializable(typeof(WishlistItemResponse))]
[JsonSerializable(typeof(Page<WishlistItemResponse>))]
[JsonSerializable(typeof(ReviewRequest))]
[JsonSerializable(typeof(ReviewResponse))]
[JsonSerializable(typeof(Page<ReviewResponse>))]
[JsonSerializable(typeof(StatsResponse))]
[JsonSerializable(typeof(UpdateLoyaltyTierRequest))]
[JsonSerializable(typeof(UpdateLoyaltyTierResponse))]
[JsonSerializable(typeof(AddLoyaltyPointsRequest))]
[JsonSerializable(typeof(AddLoyaltyPointsResponse))]
[JsonSerializable(typeof(RedeemLoyaltyPointsRequest))]
[JsonSerializable(typeof(RedeemLoyaltyPointsResponse))]
[JsonSerializable(typeof(ReverseLoyaltyEntryRequest))]
[JsonSerializable(typeof(ReverseLoyaltyEntryResponse))]
[JsonSerializable(typeof(Page<LoyaltyEntryResponse>))]
[JsonSerializable(typeof(LoyaltyResponse))]
[JsonSerializable(typeof(LoyaltyProgrammeResponse))]
[JsonSerializable(typeof(SimulateTiersRequest))]
[JsonSerializable(typeof(SimulateTiersResponse))]
[JsonSerializable(typeof(LiabilityResponse))]
[JsonSerializable(typeof(AnalyticsResponse))]
[JsonSerializable(typeof(ExportResponse))]
[JsonSerializable(typeof(Page<AuditEntryResponse>))]
[JsonSerializable(typeof(JwksResponse))]
[JsonSerializable(typeof(HealthResponse))]
[JsonSerializable(typeof(Dictionary<string, JsonElement>))]
internal sealed partial class WireJson : JsonSerializerContext
{
    public const int MaxDepth = 32;
}

/// <summary>The representations in the API, by who gets them.</summary>
internal static class Wire
{
    /// <summary>JSON that is served as JSON needs no escapes for HTML.</summary>
    public static readonly JavaScriptEncoder Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;

    /// <summary>What admins see: everything.</summary>
    public static readonly JsonSerializerOptions ForAdmins = new(WireJson.Default.Options) { Encoder = Encoder };

    /// <summary>What everybody else sees: all members except those for admins only.</summary>
    public static readonly JsonSerializerOptions ForOthers = new(WireJson.Default.Options)
    {
        Encoder = Encoder,
        TypeInfoResolver = ((IJsonTypeInfoResolver)WireJson.Default).WithAddedModifier(static info =>
        {
            for (var i = info.Properties.Count - 1; i >= 0; i--)
            {
                if (info.Properties[i].AttributeProvider?.IsDefined(typeof(AdminOnlyAttribute), inherit: false) == true)
                {
                    info.Properties.RemoveAt(i);
                }
            }
        }),
    };

    public static JsonTypeInfo<T> For<T>(bool admin) => (JsonTypeInfo<T>)(admin ? ForAdmins : ForOthers).GetTypeInfo(typeof(T));
}

/// <summary>Money and percentages: written as text with two decimal places, read from text or numbers with at most two.</summary>
internal sealed class MoneyConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        var text = reader.TokenType switch
        {
            JsonTokenType.String => reader.GetString(),
            JsonTokenType.Number => System.Text.Encoding.UTF8.GetString(reader.ValueSpan),
            _ => null,
        };
        return Amounts.TryParse(text, out var value) ? value : throw new JsonException();
    }

    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("0.00", CultureInfo.InvariantCulture));
}

/// <summary>Instants: written in UTC with <c>Z</c>, read with any offset, stored to the millisecond.</summary>
internal sealed class InstantConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && Instants.TryParse(reader.GetString()!, out var instant) ? instant : throw new JsonException();

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options)
    {
        var format = value.Ticks % TimeSpan.TicksPerSecond == 0 ? "yyyy-MM-dd'T'HH:mm:ss'Z'" : "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";
        writer.WriteStringValue(value.ToString(format, CultureInfo.InvariantCulture));
    }
}
