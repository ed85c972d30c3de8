using System.ComponentModel;
using System.Diagnostics;

namespace Clientele.Tests.Support;

/// <summary>Programs of the operating system, which not every machine has.</summary>
internal static class Shell
{
    /// <summary>
    /// Runs the rest of the arguments as root who may write other users' files but not change their mode, as a service may in a folder of its group.
    /// </summary>
    public static readonly string[] WithoutOwnership = ["setpriv", "--bounding-set=-fowner", "--inh-caps=-fowner"];

    /// <summary>Runs the rest of the arguments, which have no blanks, at a terminal that shows standard output only.</summary>
    public static readonly string[] AtTerminal = ["/bin/sh", "-c", "exec script -q -e -c \"$* 2>/dev/null\" /dev/null", "sh"];

    private const UnixFileMode Others = UnixFileMode.GroupRead | UnixFileMode.GroupWrite | UnixFileMode.GroupExecute | UnixFileMode.OtherRead;

    public static async Task<bool> SucceedsAsync(params string[] command)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardInput = true, RedirectStandardError = true })!;
            process.StandardInput.Close();
            await process.WaitForExitAsync(TestContext.Current.CancellationToken);
            return process.ExitCode == 0;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }

    /// <summary>Lets others read the files and folders, and a group write them.</summary>
    public static void OpenToOthers(params IEnumerable<string> paths)
    {
        foreach (var path in paths)
        {
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(path, File.GetUnixFileMode(path) | Others);
            }
        }
    }

    public static bool IsOpenToOthers(string path) => !OperatingSystem.IsWindows() && (File.GetUnixFileMode(path) & Others) != 0;

    /// <summary>Makes somebody else the owner of these files and folders. Skips the test if this user may not do so.</summary>
    public static async Task GiveAwayAsync(params string[] paths)
    {
        Assert.SkipUnless(Environment.UserName == "root" && await SucceedsAsync([.. WithoutOwnership, "true"]), "This user cannot give files to others.");
        Assert.True(await SucceedsAsync(["chown", "65534", .. paths]));
    }
}
