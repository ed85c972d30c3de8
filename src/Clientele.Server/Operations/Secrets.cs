using Microsoft.Extensions.Configuration.KeyPerFile;

namespace Clientele.Server.Operations;

/// <summary>
/// Settings from files: each file of a folder is named after a setting (<c>Mail__Password</c>) and contains its value. Unlike a variable of the
/// environment, a file does not show in the list of processes or in a crash report.
/// </summary>
internal static class Secrets
{
    /// <summary>Adds the files of <c>Secrets:Directory</c>, if it is set. They win over everything but arguments.</summary>
    public static void AddSecrets(this IConfigurationManager configuration, string[] args)
    {
        if (configuration["Secrets:Directory"] is not { Length: > 0 } folder)
        {
            return;
        }

        try
        {
            configuration.Add<KeyPerFileConfigurationSource>(source =>
            {
                source.FileProvider = new Microsoft.Extensions.FileProviders.PhysicalFileProvider(Path.GetFullPath(folder));
                source.Optional = false;
            });
            configuration.AddCommandLine(args);
        }
        catch (Exception unusable) when (unusable is IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new StartupException($"Secrets:Directory: must be a folder whose files the service can read: {unusable.Message}");
        }
    }
}
