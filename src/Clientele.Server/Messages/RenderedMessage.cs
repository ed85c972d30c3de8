namespace Clientele.Server.Messages;

/// <summary>The content of a message. An SMS uses the text only.</summary>
internal sealed record RenderedMessage(string Language, string Subject, string Text, string Html);
