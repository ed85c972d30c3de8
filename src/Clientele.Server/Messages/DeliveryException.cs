namespace Clientele.Server.Messages;

/// <summary>A message could not be sent. The text says why, without anything of the message, its recipient or the response of a server.</summary>
internal sealed class DeliveryException(string message, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>Whether another attempt would fail the same way.</summary>
    public bool IsPermanent { get; init; }
}
