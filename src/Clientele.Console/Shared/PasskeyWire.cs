using System.Text.Json.Serialization;
using Clientele.Client;

namespace Clientele.ConsoleApp.Shared;

/// <summary>The JSON of WebAuthn, which the browser reads and writes.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PasskeyCreationOptionsResponse))]
[JsonSerializable(typeof(PasskeyRequestOptionsResponse))]
[JsonSerializable(typeof(PasskeyAttestation))]
[JsonSerializable(typeof(PasskeyAssertion))]
internal sealed partial class PasskeyWire : JsonSerializerContext;
