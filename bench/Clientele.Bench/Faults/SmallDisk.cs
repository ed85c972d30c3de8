namespace Clientele.Bench.Faults;

/// <summary>A disk that can really become full. Only root can mount one.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string path) => Path = path;

    public string Path { get; }

    private string Filler => System.IO.Path.Combine(Path, "filler");

    public static async Task<SmallDisk> MountAsync(int megabytes)
    {
        var disk = new SmallDisk(Directory.CreateTempSubdirectory("clientele-disk-").FullName);
        await Shell.RunAsync("/", asOwner: false, "mount", "-t", "tmpfs", "-o", $"size={megabytes}m", "tmpfs", disk.Path);
        await Shell.OwnAsync(disk.Path);
        return disk;
    }

    /// <summary>Fills it completely.</summary>
    public async Task FillAsync()
    {
        await using var file = new FileStream(Filler, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        try
        {
            for (var block = new byte[64 * 1024]; ;)
            {
                await file.WriteAsync(block);
            }
        }
        catch (IOException)
        {
            // It is full.
        }
    }

    public void Empty() => File.Delete(Filler);

    public async ValueTask DisposeAsync()
    {
        await Shell.RunAsync("/", asOwner: false, "umount", "--lazy", Path);
        Directory.Delete(Path);
    }
}
