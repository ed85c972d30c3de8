namespace Clientele.Server.Accounts;

/// <summary>
/// The folder for data protection's key ring, if it is not in the database. If the ring is stored apart from the data (in a folder that all
/// nodes share), a stolen copy of the database is useless for forging tokens.
/// </summary>
internal static class KeyDirectory
{
    public static DirectoryInfo? Of(IConfiguration configuration) =>
        configuration["Keys:Directory"] is { Length: > 0 } named ? new DirectoryInfo(named) : null;

    /// <summary>Makes the folder and the files in it unreadable for others.</summary>
    public static void Restrict(IConfiguration configuration)
    {
        if (Of(configuration) is not { Exists: true } directory)
        {
            return;
        }

        var paths = directory.EnumerateFiles().Select(file => file.FullName).Prepend(directory.FullName);
        if (paths.FirstOrDefault(path => !OwnerOnly.TryRestrict(path)) is { } open)
        {
            throw new StartupException(
                $"Keys:Directory: must be a folder that only the service can read. Others have rights on {open}, and the service may not change them. "
                + "Change the owner, or name a folder that does not exist yet: the service creates it.");
        }
    }
}
