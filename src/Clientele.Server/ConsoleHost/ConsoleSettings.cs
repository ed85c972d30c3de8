namespace Clientele.Server.ConsoleHost;

/// <summary>The settings under <c>Console:</c>.</summary>
internal sealed class ConsoleSettings
{
    /// <summary>Whether the service serves the console.</summary>
    public bool Enabled { get; set; } = true;
}
