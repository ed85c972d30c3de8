using System.Buffers.Text;
using Fido2NetLib;
using Fido2NetLib.Objects;

namespace Clientele.Server.Accounts;

/// <summary>Reads the base64url of WebAuthn.</summary>
internal static class PasskeyJson
{
    private const string PublicKey = "public-key";
    private const int LongestCredentialId = 1023;

    /// <summary>The library's form of a new passkey; null if a part of it cannot be read.</summary>
    public static AuthenticatorAttestationRawResponse? Read(PasskeyAttestation credential) =>
        credential.Type == PublicKey
        && Bytes(credential.Id) is { Length: > 0 and <= LongestCredentialId } id
        && Bytes(credential.Response.ClientDataJson) is { } clientData
        && Bytes(credential.Response.AttestationObject) is { } attestation
            ? new()
            {
                Id = Text(id),
                RawId = id,
                Type = PublicKeyCredentialType.PublicKey,
                Response = new() { ClientDataJson = clientData, AttestationObject = attestation, Transports = [] },
                ClientExtensionResults = new(),
            }
            : null;

    /// <summary>The library's form of the use of a passkey; null if a part of it cannot be read.</summary>
    public static AuthenticatorAssertionRawResponse? Read(PasskeyAssertion credential) =>
        credential.Type == PublicKey
        && Bytes(credential.Id) is { Length: > 0 and <= LongestCredentialId } id
        && Bytes(credential.Response.ClientDataJson) is { } clientData
        && Bytes(credential.Response.AuthenticatorData) is { } authenticatorData
        && Bytes(credential.Response.Signature) is { } signature
            ? new()
            {
                Id = Text(id),
                RawId = id,
                Type = PublicKeyCredentialType.PublicKey,
                Response = new() { ClientDataJson = clientData, AuthenticatorData = authenticatorData, Signature = signature },
                ClientExtensionResults = new(),
            }
            : null;

    /// <summary>The challenge that the browser says it was given; empty if there is none.</summary>
    public static byte[] ChallengeOf(byte[] clientData)
    {
        try
        {
            return JsonElement.Parse(clientData) is { ValueKind: JsonValueKind.Object } json
                && json.TryGetProperty("challenge", out var challenge) && challenge.ValueKind == JsonValueKind.String
                && Bytes(challenge.GetString()!) is { } bytes
                    ? bytes
                    : [];
        }
        catch (Exception malformed) when (malformed is JsonException or InvalidOperationException)
        {
            // InvalidOperationException: a text with half a character.
            return [];
        }
    }

    /// <summary>The uuid of the account that the authenticator names; null if it names none.</summary>
    public static Guid? UuidOf(string? userHandle) =>
        userHandle is not null && Bytes(userHandle) is { Length: 16 } bytes ? new Guid(bytes, bigEndian: true) : null;

    /// <summary>The bytes by which authenticators know an account.</summary>
    public static byte[] UserHandleOf(Guid uuid) => uuid.ToByteArray(bigEndian: true);

    public static string Text(byte[] bytes) => Base64Url.EncodeToString(bytes);

    private static byte[]? Bytes(string text) => Base64Url.IsValid(text) ? Base64Url.DecodeFromChars(text) : null;
}
