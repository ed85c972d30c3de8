using Clientele.Server.Operations;

namespace Clientele.Server.Accounts;

/// <summary>Reads the keys. Tries again for some seconds if the database fails meanwhile.</summary>
internal sealed partial class KeysAtStart(ServerKeys keys, IConfiguration configuration, ILogger<KeysAtStart> logger) : IPreparation
{
    private const int Attempts = 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    public async Task RunAsync(CancellationToken cancellationToken)
    {
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
                "The keys in the database cannot be decrypted: the data protection key ring is not the one that encrypted them. "
                + "Point Keys:Directory to the right one.");
        }
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The database failed while the keys were read. The service tries again: {Reason}")]
        public static partial void KeysUnread(ILogger logger, string reason);
    }
}
