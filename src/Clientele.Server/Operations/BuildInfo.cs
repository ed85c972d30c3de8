using System.Reflection;

namespace Clientele.Server.Operations;

/// <summary>Which release this is, and the commit that it was built from.</summary>
internal static class BuildInfo
{
    private static readonly string[] Parts =
        typeof(BuildInfo).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+', 2);

    public static string Version => Parts[0];

    /// <summary>The commit; <c>unknown</c> if the program was built outside of a repository and was not told.</summary>
    public static string Commit => Parts.Length > 1 ? Parts[1] : "unknown";
}
