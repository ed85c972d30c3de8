using System.Globalization;
using Npgsql;

namespace Clientele.Bench;

/// <summary>The CPU time of processes, as counted by the kernel.</summary>
internal static class Cpu
{
    /// <summary>The value of <c>getconf CLK_TCK</c> on every Linux.</summary>
    private const double MillisecondsPerTick = 10;

    public static double OfProcess(int id) => Stat(id) is { } stat ? MillisecondsPerTick * (stat.Own + stat.Ended) : 0;

    /// <summary>A process with its children, including those that have ended.</summary>
    public static double OfFamily(int id)
    {
        var ticks = 0L;
        foreach (var directory in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(directory), NumberStyles.None, CultureInfo.InvariantCulture, out var member)
                && Stat(member) is { } stat && (member == id || stat.Parent == id))
            {
                ticks += stat.Own + stat.Ended;
            }
        }

        return MillisecondsPerTick * ticks;
    }

    /// <summary>The process whose children serve the connections; null if PostgreSQL runs on another machine.</summary>
    public static async Task<int?> PostmasterAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT pg_backend_pid()", connection);
        var backend = (int)(await command.ExecuteScalarAsync(cancellationToken))!;
        return File.Exists($"/proc/{backend}/comm")
            && (await File.ReadAllTextAsync($"/proc/{backend}/comm", cancellationToken)).StartsWith("postgres", StringComparison.Ordinal)
            ? Stat(backend)?.Parent
            : null;
    }

    private static (int Parent, long Own, long Ended)? Stat(int id)
    {
        try
        {
            // The name, in parentheses, may contain any character.
            var text = File.ReadAllText($"/proc/{id}/stat");
            var fields = text[(text.LastIndexOf(')') + 2)..].Split(' ');
            return (int.Parse(fields[1], CultureInfo.InvariantCulture), Ticks(11) + Ticks(12), Ticks(13) + Ticks(14));

            long Ticks(int field) => long.Parse(fields[field], CultureInfo.InvariantCulture);
        }
        catch (IOException)
        {
            return null;
        }
    }
}
