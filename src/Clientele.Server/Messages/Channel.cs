namespace Clientele.Server.Messages;

/// <summary>How a message reaches its recipient.</summary>
internal enum Channel
{
    Mail,
    Sms,
}
