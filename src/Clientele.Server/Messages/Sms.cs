namespace Clientele.Server.Messages;

/// <summary>An SMS that is ready to be sent.</summary>
internal sealed record Sms(Guid Id, string To, string Text);
