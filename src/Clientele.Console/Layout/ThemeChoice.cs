namespace Clientele.ConsoleApp.Layout;

/// <summary>Light or dark.</summary>
public enum ThemeChoice
{
    /// <summary>As the system has it, also when that changes.</summary>
    System,

    /// <summary>Always light.</summary>
    Light,

    /// <summary>Always dark.</summary>
    Dark,
}
