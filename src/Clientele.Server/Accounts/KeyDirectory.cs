namespace Clientele.Server.Accounts;

/// <summary>
/// The folder for data protection's key ring, if it is not in the database. If the ring is stored apart from the data (in a folder that all
/// nodes share), a stolen copy of the database is useless for forging tokens.
/// </summary>
internal static class KeyDirectory
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    public static DirectoryInfo? Of(IConfiguration configuration) =>
        configuration["Keys:Directory"] is { Length: > 0 } named ? new DirectoryInfo(named) : null;

    public static void Restrict(IConfiguration configuration)
    {
        if (Of(configuration) is not { Exists: true } directory || OperatingSystem.IsWindows())
        {
            return;
        }

        File.SetUnixFileMode(directory.FullName, OwnerOnly | UnixFileMode.UserExecute);
        foreach (var key in directory.EnumerateFiles())
        {
            File.SetUnixFileMode(key.FullName, OwnerOnly);
        }
    }
}
