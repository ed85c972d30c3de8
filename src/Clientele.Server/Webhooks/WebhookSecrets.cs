using Microsoft.AspNetCore.DataProtection;

namespace Clientele.Server.Webhooks;

/// <summary>The secrets of webhooks, which are stored encrypted, and their signatures by Standard Webhooks.</summary>
internal sealed class WebhookSecrets(IDataProtectionProvider protection)
{
    private const string Prefix = "whsec_";
    private const int Bytes = 32;

    public static string Create() => Prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(Bytes));

    public byte[] Protect(Guid webhook, string secret) => Protector(webhook).Protect(Encoding.UTF8.GetBytes(secret));

    /// <summary>The signature; during a rotation, one by each secret.</summary>
    public string Sign(Webhook webhook, string id, DateTime now, byte[] body)
    {
        byte[][] secrets = webhook.OldSecret is { } old && webhook.OldSecretUntil > now ? [webhook.Secret, old] : [webhook.Secret];
        return string.Join(' ', secrets.Select(secret => WebhookVerifier.Sign(Unprotect(webhook.Id, secret), id, now, body)));
    }

    private string Unprotect(Guid webhook, byte[] secret) => Encoding.UTF8.GetString(Protector(webhook).Unprotect(secret));

    /// <summary>With the webhook's id in its purpose: a secret that was copied to another row cannot be decrypted.</summary>
    private IDataProtector Protector(Guid webhook) => protection.CreateProtector("Clientele.Webhooks", $"{webhook}");
}
