using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Clientele.Bench.Faults;

/// <summary>Programs that are neither the service nor this one: PostgreSQL, HAProxy, etcd, Patroni. PostgreSQL and Patroni refuse to run as root.</summary>
internal static class Shell
{
    private static readonly string[] AsOwner = Environment.UserName == "root" ? ["setpriv", "--reuid=postgres", "--regid=postgres", "--init-groups", "--"] : [];

    /// <summary>Starts a program that runs until it is killed. What it says goes to a file.</summary>
    public static Process Start(string log, string directory, params string[] command)
    {
        string[] line = ["/bin/sh", "-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1", "faults", log, .. AsOwner, .. command];
        var start = new ProcessStartInfo(line[0], line[1..]) { WorkingDirectory = directory };
        return Process.Start(start)!;
    }

    /// <summary>Runs a program to its end. Throws if it fails.</summary>
    public static async Task RunAsync(string directory, bool asOwner, params string[] command)
    {
        var line = asOwner ? [.. AsOwner, .. command] : command;

        // A server that the program starts keeps the output open, so it is a file.
        var log = Path.Combine(Path.GetTempPath(), $"clientele-faults-{Guid.NewGuid():n}.log");
        try
        {
            string[] shell = ["-c", "log=$1; shift; exec \"$@\" >\"$log\" 2>&1 </dev/null", "faults", log, .. line];
            using var process = Process.Start(new ProcessStartInfo("/bin/sh", shell) { WorkingDirectory = directory })!;
            await process.WaitForExitAsync();
            if (process.ExitCode != 0)
            {
                throw new BenchException($"{string.Join(' ', command)} failed:\n{await File.ReadAllTextAsync(log)}");
            }
        }
        finally
        {
            File.Delete(log);
        }
    }

    /// <summary>Sends a signal to processes, and says nothing if some of them have ended.</summary>
    public static async Task SignalAsync(string signal, IEnumerable<int> processes)
    {
        using var kill = Process.Start(new ProcessStartInfo("kill", [$"-{signal}", .. processes.Select(id => $"{id}")]) { RedirectStandardError = true })!;
        await kill.WaitForExitAsync();
    }

    /// <summary>Ends a process and all its descendants, and waits until they are gone.</summary>
    public static async Task KillAsync(int parent)
    {
        var family = Family(parent);
        await SignalAsync("KILL", family);
        while (family.Exists(id => Directory.Exists($"/proc/{id}") && ReadStat($"/proc/{id}")?.Contains(") Z ", StringComparison.Ordinal) == false))
        {
            await Task.Delay(10);
        }
    }

    /// <summary>A process and all its descendants.</summary>
    public static List<int> Family(int parent)
    {
        var parents = new Dictionary<int, int>();
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), out var id) && ReadStat(directory) is { } stat)
            {
                parents[id] = int.Parse(stat[(stat.LastIndexOf(')') + 4)..].Split(' ')[0], System.Globalization.CultureInfo.InvariantCulture);
            }
        }

        var family = new List<int> { parent };
        for (var i = 0; i < family.Count; i++)
        {
            family.AddRange(parents.Where(pair => pair.Value == family[i]).Select(pair => pair.Key));
        }

        return family;
    }

    /// <summary>A directory that only the owner of the servers uses.</summary>
    public static async Task<string> DirectoryAsync(string name)
    {
        var directory = Directory.CreateTempSubdirectory($"clientele-{name}-").FullName;
        await OwnAsync(directory);
        return directory;
    }

    public static Task OwnAsync(string directory) =>
        AsOwner.Length == 0 ? Task.CompletedTask : RunAsync("/", asOwner: false, "chown", "-R", "postgres", directory);

    public static int[] FreePorts(int count)
    {
        var listeners = Enumerable.Range(0, count).Select(_ => new TcpListener(IPAddress.Loopback, 0)).ToList();
        listeners.ForEach(listener => listener.Start());
        int[] ports = [.. listeners.Select(listener => ((IPEndPoint)listener.LocalEndpoint).Port)];
        listeners.ForEach(listener => listener.Dispose());
        return ports;
    }

    private static string? ReadStat(string directory)
    {
        try
        {
            return File.ReadAllText(Path.Combine(directory, "stat"));
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
