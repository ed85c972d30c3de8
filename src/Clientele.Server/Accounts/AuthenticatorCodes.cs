using Microsoft.AspNetCore.DataProtection;
using OtpNet;
using QRCoder;

namespace Clientele.Server.Accounts;

/// <summary>
/// The codes of authenticator apps (RFC 6238: SHA-1, 6 digits, 30 seconds, which all apps know). The code before and the one after the current one
/// are valid, too, because clocks of phones differ. Each code is valid once.
/// </summary>
internal sealed class AuthenticatorCodes(
    ClienteleDb db, IDataProtectionProvider protection, DatabaseClock databaseClock, TimeProvider clock, IOptions<SecuritySettings> settings)
{
    private const int Digits = 6;
    private const int SecretBytes = 20;
    private const int PixelsPerModule = 4;
    private static readonly VerificationWindow Window = new(previous: 1, future: 1);

    public static bool IsCode(string text) => text.Length == Digits && text.All(char.IsAsciiDigit);

    /// <summary>Stores a new secret that no code has confirmed yet. Returns null and changes nothing if the customer already uses an app.</summary>
    public async Task<TotpSetupResponse?> CreateAsync(Customer customer, CancellationToken cancellationToken)
    {
        var (id, secret, now) = (customer.Id, RandomNumberGenerator.GetBytes(SecretBytes), clock.Now());
        var stored = await db.Database.ExecuteSqlAsync(
            $"""
             INSERT INTO totp_secrets (customer_id, protected, created_at, last_step) VALUES ({id}, {Protector(id).Protect(secret)}, {now}, 0)
             ON CONFLICT (customer_id) DO UPDATE SET protected = excluded.protected, created_at = excluded.created_at
             WHERE totp_secrets.enabled_at IS NULL
             """,
            cancellationToken);
        return stored == 0 ? null : Describe(secret, customer.Username);
    }

    /// <summary>Turns the app on if the code is one of the secret that waits for it. Returns null if no secret waits.</summary>
    public async Task<bool?> EnableAsync(long id, string code, CancellationToken cancellationToken)
    {
        if (await db.TotpSecrets.SingleOrDefaultAsync(t => t.CustomerId == id && t.EnabledAt == null, cancellationToken) is not { } secret)
        {
            return null;
        }

        var (step, now) = (StepOf(secret, code), clock.Now());
        return step is { } used && await db.TotpSecrets.Where(t => t.CustomerId == id && t.EnabledAt == null).ExecuteUpdateAsync(
            set => set.SetProperty(t => t.EnabledAt, now).SetProperty(t => t.LastStep, used), cancellationToken) == 1;
    }

    /// <summary>Uses up a code. Returns false if it is wrong, or not newer than the last one that was used.</summary>
    public async Task<bool> UseAsync(long id, string code, CancellationToken cancellationToken) =>
        await db.TotpSecrets.SingleOrDefaultAsync(t => t.CustomerId == id && t.EnabledAt != null, cancellationToken) is { } secret
            && StepOf(secret, code) is { } step
            && await db.TotpSecrets.Where(t => t.CustomerId == id && t.EnabledAt != null && t.LastStep < step)
                .ExecuteUpdateAsync(set => set.SetProperty(t => t.LastStep, step), cancellationToken) == 1;

    private long? StepOf(TotpSecret secret, string code) =>
        new Totp(Protector(secret.CustomerId).Unprotect(secret.Protected), totpSize: Digits).VerifyTotp(databaseClock.Now, code, out var step, Window)
            ? step : null;

    private TotpSetupResponse Describe(byte[] secret, string username)
    {
        var uri = new OtpUri(OtpType.Totp, secret, username, settings.Value.AuthenticatorName).ToString();
        using var code = QRCodeGenerator.GenerateQrCode(uri, QRCodeGenerator.ECCLevel.L);
        using var image = new SvgQRCode(code);
        return new() { Secret = Base32Encoding.ToString(secret), Uri = uri, QrSvg = image.GetGraphic(PixelsPerModule) };
    }

    /// <summary>With the customer's id in its purpose: a row that was copied to another customer cannot be decrypted.</summary>
    private IDataProtector Protector(long id) => protection.CreateProtector("Clientele.Totp", id.ToString(CultureInfo.InvariantCulture));
}
