using System.Buffers.Binary;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>
/// A browser and its authenticator, with one ES256 key. They can also do what real ones refuse to do: sign for other origins, other domains and other
/// accounts, without the user, and with any counter.
/// </summary>
public sealed class SoftwareAuthenticator : IDisposable
{
    private const byte UserPresent = 0x01;
    private const byte UserVerified = 0x04;
    private const byte HasCredential = 0x40;

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public ReadOnlyMemory<byte> CredentialId { get; init; } = RandomNumberGenerator.GetBytes(16);

    public string Origin { get; set; } = "http://localhost:8000";

    public string Domain { get; set; } = "localhost";

    public bool VerifiesUser { get; set; } = true;

    /// <summary>The counter that the next signature contains is one more; a counter that is null is always sent as 0.</summary>
    public uint? Counter { get; set; } = 0;

    /// <summary>The account that the authenticator names, in base64url.</summary>
    public string? UserHandle { get; set; }

    /// <summary>Creates the passkey: what <c>navigator.credentials.create()</c> returns for the options.</summary>
    public JsonObject Create(JsonNode options)
    {
        UserHandle = (string?)options["user"]!["id"];
        var clientData = ClientData("webauthn.create", (string)options["challenge"]!);
        var point = _key.ExportParameters(includePrivateParameters: false).Q;
        byte[] credential =
        [
            .. new byte[16], 0, (byte)CredentialId.Length, .. CredentialId.Span,
            0xA5, 0x01, 0x02, 0x03, 0x26, 0x20, 0x01, 0x21, 0x58, 0x20, .. point.X!, 0x22, 0x58, 0x20, .. point.Y!,
        ];
        var data = AuthenticatorData(HasCredential, credential);
        byte[] attestation =
        [
            0xA3, 0x63, .. "fmt"u8, 0x64, .. "none"u8, 0x67, .. "attStmt"u8, 0xA0, 0x68, .. "authData"u8, 0x58, (byte)data.Length, .. data,
        ];
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(clientData),
            ["attestationObject"] = Text(attestation),
            ["transports"] = new JsonArray("internal"),
        });
    }

    /// <summary>Uses the passkey: what <c>navigator.credentials.get()</c> returns for the options.</summary>
    public JsonObject Use(JsonNode options) => Use((string)options["challenge"]!);

    /// <summary>Uses the passkey for a challenge in base64url.</summary>
    public JsonObject Use(string challenge)
    {
        var clientData = ClientData("webauthn.get", challenge);
        var data = AuthenticatorData(0, []);
        return Credential(new JsonObject
        {
            ["clientDataJSON"] = Text(clientData),
            ["authenticatorData"] = Text(data),
            ["signature"] = Text(_key.SignData([.. data, .. SHA256.HashData(clientData)], HashAlgorithmName.SHA256, DSASignatureFormat.Rfc3279DerSequence)),
            ["userHandle"] = UserHandle,
        });
    }

    public void Dispose() => _key.Dispose();

    public static string Text(ReadOnlyMemory<byte> bytes) => Base64Url.EncodeToString(bytes.Span);

    private byte[] ClientData(string type, string challenge) =>
        Encoding.UTF8.GetBytes(JsonSerializer.Serialize(new { type, challenge, origin = Origin, crossOrigin = false }));

    private byte[] AuthenticatorData(byte flags, byte[] credential)
    {
        var counter = new byte[4];
        BinaryPrimitives.WriteUInt32BigEndian(counter, Counter is null ? 0 : (Counter += 1).Value);
        flags |= VerifiesUser ? (byte)(UserPresent | UserVerified) : UserPresent;
        return [.. SHA256.HashData(Encoding.UTF8.GetBytes(Domain)), flags, .. counter, .. credential];
    }

    private JsonObject Credential(JsonObject response) => new()
    {
        ["id"] = Text(CredentialId),
        ["rawId"] = Text(CredentialId),
        ["type"] = "public-key",
        ["response"] = response,
        ["authenticatorAttachment"] = "platform",
        ["clientExtensionResults"] = new JsonObject(),
    };
}
