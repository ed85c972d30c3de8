using Clientele.Server.Operations;
using Microsoft.AspNetCore.DataProtection.KeyManagement;

namespace Clientele.Server.Accounts;

/// <summary>Reads the keys. Tries again for some seconds if the database fails meanwhile.</summary>
internal sealed partial class KeysAtStart(
    ServerKeys keys, IKeyManager ring, IOptions<KeySettings> settings, IConfiguration configuration, TimeProvider clock, ILogger<KeysAtStart> logger)
    : IPreparation
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    /// <summary>How long before its end a certificate is warned of.</summary>
    private static readonly TimeSpan Notice = TimeSpan.FromDays(30);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        CheckCertificate();

        // Before a key is written into the folder, and afterwards for the file of the key.
        KeyDirectory.Restrict(configuration);
        for (var attempt = 1; !await TryAsync(attempt, cancellationToken); attempt++)
        {
            await Task.Delay(Pause, cancellationToken);
        }

        KeyDirectory.Restrict(configuration);
    }

    /// <summary>Data protection reports every failure as a decryption failure, even if it could not read its key ring.</summary>
    private async Task<bool> TryAsync(int attempt, CancellationToken cancellationToken)
    {
        try
        {
            OpenRing();
            await keys.LoadAsync(cancellationToken);
            return true;
        }
        catch (Exception failure) when (Database.FaultIn(failure) is { } fault)
        {
            if (attempt == Attempts)
            {
                throw new StartupException($"The database failed while the keys were read: {fault.GetBaseException().Message}");
            }

            Log.KeysUnread(logger, fault.GetBaseException().Message);
            return false;
        }
        catch (CryptographicException)
        {
            throw new StartupException(
                "The keys in the database cannot be decrypted: the data protection key ring is not the one that encrypted them, or it is encrypted with a "
                + "certificate that this node does not have. Point Keys:Directory to the right ring, and set Keys:Certificate or Keys:FormerCertificates.");
        }
    }

    /// <summary>A certificate that has expired must not encrypt new keys, but as a former one it still decrypts.</summary>
    private void CheckCertificate()
    {
        if (string.IsNullOrEmpty(settings.Value.Certificate))
        {
            return;
        }

        using var certificate = KeyCertificate.Load(settings.Value.Certificate, settings.Value.CertificatePassword, out _);
        var ends = certificate!.NotAfter.ToUniversalTime();
        if (ends <= clock.Now())
        {
            throw new StartupException(string.Create(
                CultureInfo.InvariantCulture,
                $"Keys:Certificate: the certificate expired on {ends:yyyy-MM-dd}. Set a new one, and this one as Keys:FormerCertificates:0:File."));
        }

        if (ends - Notice <= clock.Now())
        {
            Log.ExpiresSoon(logger, ends);
        }
    }

    /// <summary>
    /// Decrypts every key of the ring that has not expired. A node that cannot do so must not start: data protection would add a key of its own to the
    /// ring, perhaps unencrypted, and all nodes would use it.
    /// </summary>
    private void OpenRing()
    {
        foreach (var key in ring.GetAllKeys().Where(key => !key.IsRevoked && key.ExpirationDate > clock.GetUtcNow()))
        {
            key.CreateEncryptor();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database failed while the keys were read. The service tries again: {Reason}")]
        public static partial void KeysUnread(ILogger logger, string reason);

        [LoggerMessage(
            Level = LogLevel.Warning,
            Message = "The certificate of Keys:Certificate expires on {Ends:yyyy-MM-dd}. After that the service does not start. Replace it before.")]
        public static partial void ExpiresSoon(ILogger logger, DateTime ends);
    }
}
