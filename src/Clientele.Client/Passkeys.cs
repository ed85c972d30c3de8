using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;

namespace Clientele.Client;

/// <summary>
/// The options to create a passkey, in the JSON of WebAuthn: pass them to <c>PublicKeyCredential.parseCreationOptionsFromJSON()</c>, and the result to
/// <c>navigator.credentials.create()</c>.
/// </summary>
public sealed record PasskeyCreationOptionsResponse
{
    /// <summary>The service, for which the passkey is valid.</summary>
    public required PasskeyRelyingParty Rp { get; init; }

    /// <summary>The account, as authenticators show it.</summary>
    public required PasskeyUser User { get; init; }

    /// <summary>What the authenticator signs, in base64url: valid once, for five minutes and for this account.</summary>
    /// <example>3mVv1h8rJcXyQ0sB5gq2kd7NfPz4tLwAe6uMiRo9HbEAAAGZ58z2fpvT4YxJ1nKqS8WcGd0Lr5Zb2Uo7Ei3MtFh6VaPy9QkX</example>
    public required string Challenge { get; init; }

    /// <summary>The algorithms that the service accepts, the preferred one first.</summary>
    [JsonPropertyName("pubKeyCredParams")]
    public required IReadOnlyList<PasskeyAlgorithm> Algorithms { get; init; }

    /// <summary>The milliseconds until the challenge expires.</summary>
    /// <example>300000</example>
    public required int Timeout { get; init; }

    /// <summary>The passkeys that the account already has: an authenticator with one of them creates no second one.</summary>
    [JsonPropertyName("excludeCredentials")]
    public required IReadOnlyList<PasskeyDescriptor> ExcludeCredentials { get; init; }

    /// <summary>What the authenticator must be able to do.</summary>
    [JsonPropertyName("authenticatorSelection")]
    public required PasskeyAuthenticatorSelection AuthenticatorSelection { get; init; }

    /// <summary>Always <c>none</c>: the service does not ask for the model of the authenticator.</summary>
    /// <example>none</example>
    public required string Attestation { get; init; }
}

/// <summary>The service, as authenticators know it.</summary>
public sealed record PasskeyRelyingParty
{
    /// <summary>The domain. A passkey can be used on its pages and on those of its subdomains.</summary>
    /// <example>localhost</example>
    public required string Id { get; init; }

    /// <summary>The name that authenticators show.</summary>
    /// <example>Clientele</example>
    public required string Name { get; init; }
}

/// <summary>The account of a passkey.</summary>
public sealed record PasskeyUser
{
    /// <summary>The account's uuid as 16 bytes, in base64url. The authenticator returns it with each sign-in.</summary>
    /// <example>AZnnpF9efBGNKjsfSh8vYA</example>
    public required string Id { get; init; }

    /// <summary>The username.</summary>
    /// <example>johndoe</example>
    public required string Name { get; init; }

    /// <summary>The full name.</summary>
    /// <example>John Doe</example>
    [JsonPropertyName("displayName")]
    public required string DisplayName { get; init; }
}

/// <summary>An algorithm for signatures.</summary>
public sealed record PasskeyAlgorithm
{
    /// <summary>Always <c>public-key</c>.</summary>
    /// <example>public-key</example>
    public required string Type { get; init; }

    /// <summary>The number of the algorithm in the COSE registry: -7 is ES256.</summary>
    /// <example>-7</example>
    public required int Alg { get; init; }
}

/// <summary>A passkey, as authenticators know it.</summary>
public sealed record PasskeyDescriptor
{
    /// <summary>Always <c>public-key</c>.</summary>
    /// <example>public-key</example>
    public required string Type { get; init; }

    /// <summary>The credential's id, in base64url.</summary>
    /// <example>pk3WGpTLxrS8vv7Na6kqRg</example>
    public required string Id { get; init; }

    /// <summary>How a browser can reach the authenticator, such as <c>internal</c>.</summary>
    /// <example>["internal"]</example>
    public required IReadOnlyList<string> Transports { get; init; }
}

/// <summary>What an authenticator must be able to do.</summary>
public sealed record PasskeyAuthenticatorSelection
{
    /// <summary>Always <c>required</c>: the authenticator finds the account, so nobody has to type a name.</summary>
    /// <example>required</example>
    [JsonPropertyName("residentKey")]
    public required string ResidentKey { get; init; }

    /// <summary>The same for older browsers.</summary>
    /// <example>true</example>
    [JsonPropertyName("requireResidentKey")]
    public required bool RequireResidentKey { get; init; }

    /// <summary>Always <c>required</c>: the authenticator asks for a fingerprint, a face or a PIN.</summary>
    /// <example>required</example>
    [JsonPropertyName("userVerification")]
    public required string UserVerification { get; init; }
}

/// <summary>
/// The options to use a passkey, in the JSON of WebAuthn: pass them to <c>PublicKeyCredential.parseRequestOptionsFromJSON()</c>, and the result to
/// <c>navigator.credentials.get()</c>.
/// </summary>
public sealed record PasskeyRequestOptionsResponse
{
    /// <summary>What the authenticator signs, in base64url: valid once and for five minutes.</summary>
    /// <example>8Yc2Jm5nQ1xTzR4vWb7kHs0PdLg9uEfAo3iVtMr6BqAAAAGZ58z2fpXw1Zk4Ny7Se0JhCm8Ub5Rg2Lp9Ti3OvFq6DaKx</example>
    public required string Challenge { get; init; }

    /// <summary>The milliseconds until the challenge expires.</summary>
    /// <example>300000</example>
    public required int Timeout { get; init; }

    /// <summary>The domain for which the passkeys are valid.</summary>
    /// <example>localhost</example>
    [JsonPropertyName("rpId")]
    public required string RpId { get; init; }

    /// <summary>Always empty: the authenticator offers all passkeys that it has for the service.</summary>
    [JsonPropertyName("allowCredentials")]
    public required IReadOnlyList<PasskeyDescriptor> AllowCredentials { get; init; }

    /// <summary>Always <c>required</c>: the authenticator asks for a fingerprint, a face or a PIN.</summary>
    /// <example>required</example>
    [JsonPropertyName("userVerification")]
    public required string UserVerification { get; init; }
}

/// <summary>Adds a passkey: <c>POST /api/auth/factors/passkeys/</c>.</summary>
public sealed record CreatePasskeyRequest
{
    /// <summary>A name by which the owner recognises the passkey.</summary>
    /// <example>John's phone</example>
    [Required, StringLength(100), OneLine]
    public string Name { get; set; } = "";

    /// <summary>The result of <c>navigator.credentials.create()</c>, as its <c>toJSON()</c> returns it.</summary>
    [Required]
    public PasskeyAttestation Credential { get; set; } = null!;
}

/// <summary>A new passkey, as <c>PublicKeyCredential.toJSON()</c> returns it. The service ignores members that are not listed here.</summary>
public sealed record PasskeyAttestation
{
    /// <summary>The credential's id, in base64url.</summary>
    /// <example>pk3WGpTLxrS8vv7Na6kqRg</example>
    [StringLength(1400)]
    public required string Id { get; init; }

    /// <summary>Always <c>public-key</c>.</summary>
    /// <example>public-key</example>
    [StringLength(20)]
    public required string Type { get; init; }

    /// <summary>The authenticator's response.</summary>
    public required PasskeyAttestationData Response { get; init; }
}

/// <summary>An authenticator's response to the creation of a passkey.</summary>
public sealed record PasskeyAttestationData
{
    /// <summary>What the browser says about the request: its challenge and origin, in base64url.</summary>
    /// <example>eyJ0eXBlIjoid2ViYXV0aG4uY3JlYXRlIiwiY2hhbGxlbmdlIjoiQUEiLCJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0OjgwMDAifQ</example>
    [JsonPropertyName("clientDataJSON"), StringLength(8000)]
    public required string ClientDataJson { get; init; }

    /// <summary>The public key, in base64url.</summary>
    /// <example>o2NmbXRkbm9uZWdhdHRTdG10oGhhdXRoRGF0YVgA</example>
    [JsonPropertyName("attestationObject"), StringLength(16000)]
    public required string AttestationObject { get; init; }

    /// <summary>How a browser can reach the authenticator, such as <c>internal</c>.</summary>
    /// <example>["internal"]</example>
    [MaxLength(10)]
    public IReadOnlyList<string>? Transports { get; init; }
}

/// <summary>Signs in with a passkey: <c>POST /api/auth/passkeys/</c>.</summary>
public sealed record PasskeyTokenRequest
{
    /// <summary>The result of <c>navigator.credentials.get()</c>, as its <c>toJSON()</c> returns it.</summary>
    [Required]
    public PasskeyAssertion Credential { get; set; } = null!;
}

/// <summary>The use of a passkey, as <c>PublicKeyCredential.toJSON()</c> returns it. The service ignores members that are not listed here.</summary>
public sealed record PasskeyAssertion
{
    /// <summary>The credential's id, in base64url.</summary>
    /// <example>pk3WGpTLxrS8vv7Na6kqRg</example>
    [StringLength(1400)]
    public required string Id { get; init; }

    /// <summary>Always <c>public-key</c>.</summary>
    /// <example>public-key</example>
    [StringLength(20)]
    public required string Type { get; init; }

    /// <summary>The authenticator's response.</summary>
    public required PasskeyAssertionData Response { get; init; }
}

/// <summary>An authenticator's response to the use of a passkey.</summary>
public sealed record PasskeyAssertionData
{
    /// <summary>What the browser says about the request: its challenge and origin, in base64url.</summary>
    /// <example>eyJ0eXBlIjoid2ViYXV0aG4uZ2V0IiwiY2hhbGxlbmdlIjoiQUEiLCJvcmlnaW4iOiJodHRwOi8vbG9jYWxob3N0OjgwMDAifQ</example>
    [JsonPropertyName("clientDataJSON"), StringLength(8000)]
    public required string ClientDataJson { get; init; }

    /// <summary>What the authenticator says about the use, in base64url.</summary>
    /// <example>SZYN5YgOjGh0NBcPZHZgW4_krrmihjLHmVzzuoMdl2MFAAAAAQ</example>
    [JsonPropertyName("authenticatorData"), StringLength(4000)]
    public required string AuthenticatorData { get; init; }

    /// <summary>The signature, in base64url.</summary>
    /// <example>MEUCIQDp7dXKqg3uVwzmn1Yq7G6mJ2k0rj1r2m7Yw5nq0p3a8wIgB1qk0Vt2m3yqz8f4r5n6s7d8e9w0q1a2s3d4f5g6h7j</example>
    [StringLength(2000)]
    public required string Signature { get; init; }

    /// <summary>The account's uuid, in base64url: the account that signs in.</summary>
    /// <example>AZnnpF9efBGNKjsfSh8vYA</example>
    [JsonPropertyName("userHandle"), StringLength(100)]
    public string? UserHandle { get; init; }
}

/// <summary>A passkey of an account.</summary>
public sealed record PasskeyResponse
{
    /// <summary>The passkey's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>The name that the owner has given.</summary>
    /// <example>John's phone</example>
    public required string Name { get; init; }

    /// <summary>When the passkey was added.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the passkey was used last; null if it never was.</summary>
    /// <example>2025-10-16T08:00:00Z</example>
    public required DateTime? LastUsedAt { get; init; }
}

/// <summary>A passkey that was just added.</summary>
public sealed record AddedPasskeyResponse
{
    /// <summary>The passkey's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>The name that the owner has given.</summary>
    /// <example>John's phone</example>
    public required string Name { get; init; }

    /// <summary>When the passkey was added.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>Null: the passkey was not used yet.</summary>
    /// <example>null</example>
    public required DateTime? LastUsedAt { get; init; }

    /// <summary>
    /// Ten recovery codes, each for one use, if the passkey is the first second factor of the account; otherwise empty. They are shown this once.
    /// </summary>
    /// <example>["7k2m-9x4q-c0wd", "b3hf-t8zn-51rv"]</example>
    public required IReadOnlyList<string> RecoveryCodes { get; init; }
}
