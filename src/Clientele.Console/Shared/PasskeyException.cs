namespace Clientele.ConsoleApp.Shared;

/// <summary>The browser could not create or use a passkey.</summary>
internal sealed class PasskeyException(string message, Exception reason) : Exception(message, reason);
