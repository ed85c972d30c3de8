namespace Clientele.Server.Data;

/// <summary>Files and folders that only the service's own user may read: customers' data, messages and keys.</summary>
internal static class OwnerOnly
{
    private const UnixFileMode OwnFile = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode OwnFolder = OwnFile | UnixFileMode.UserExecute;

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead | UnixFileMode.OtherWrite | UnixFileMode.OtherExecute;

    public static FileStream CreateFile(string path, FileMode mode = FileMode.CreateNew)
    {
        var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
        {
            options.UnixCreateMode = OwnFile;
        }

        return new(path, options);
    }

    /// <summary>Creates a folder unless it exists.</summary>
    public static void CreateFolder(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(path);
        }
        else
        {
            Directory.CreateDirectory(path, OwnFolder);
        }
    }

    /// <summary>Creates a folder unless it exists, and writes and deletes a file in it. Returns why this is not possible; null if it is.</summary>
    public static string? Complaint(string folder)
    {
        try
        {
            CreateFolder(folder);
            var probe = Path.Combine(folder, $".{Path.GetRandomFileName()}");
            using (var file = CreateFile(probe))
            {
                file.WriteByte(0);
            }

            File.Delete(probe);
            return null;
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            return unusable.Message;
        }
    }

    /// <summary>Takes the rights of all others away. Returns false if they have some, and the service may not change that.</summary>
    public static bool TryRestrict(string path)
    {
        if (OperatingSystem.IsWindows() || !Path.Exists(path))
        {
            return true;
        }

        try
        {
            var mode = File.GetUnixFileMode(path);
            if ((mode & Others) != 0)
            {
                File.SetUnixFileMode(path, mode & ~Others);
            }

            return true;
        }
        catch (Exception denied) when (denied is IOException or UnauthorizedAccessException)
        {
            // Another node may have deleted the file meanwhile.
            return !Path.Exists(path);
        }
    }
}
