using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>
/// The JSON of requests and responses on the client's side. Null members are left out of requests, which the service reads as "not
/// given". A <see cref="MergePatch"/>, where null has a meaning, writes itself.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
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
[JsonSerializable(typeof(OrderRequest))]
[JsonSerializable(typeof(OrderResponse))]
[JsonSerializable(typeof(Page<OrderResponse>))]
[JsonSerializable(typeof(OrderBatchRequest))]
[JsonSerializable(typeof(OrderBatchResponse))]
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
[JsonSerializable(typeof(JsonObject))]
[JsonSerializable(typeof(bool?))]
[JsonSerializable(typeof(decimal?))]
[JsonSerializable(typeof(DateOnly?))]
[JsonSerializable(typeof(JsonElement?))]
internal sealed partial class ClientJson : JsonSerializerContext;

/// <summary>Money and percentages: strings with two decimal places in JSON, <see cref="decimal"/> here.</summary>
internal sealed class MoneyConverter : JsonConverter<decimal>
{
    public override decimal Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            return reader.GetDecimal();
        }

        return decimal.TryParse(reader.GetString(), NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw new JsonException();
    }

    // Does not round: the service rejects an amount with more than two decimal places.
    public override void Write(Utf8JsonWriter writer, decimal value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToString("0.00##########################", CultureInfo.InvariantCulture));
}

/// <summary>Instants, always in UTC.</summary>
internal sealed class InstantConverter : JsonConverter<DateTime>
{
    public override DateTime Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.GetDateTimeOffset().UtcDateTime;

    public override void Write(Utf8JsonWriter writer, DateTime value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value.ToUniversalTime());
}
