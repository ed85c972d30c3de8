namespace Clientele.Server.Messages;

/// <summary>How the connection to the mail server is encrypted.</summary>
internal enum MailSecurity
{
    /// <summary>The connection is encrypted after its first commands, usually on port 587. A server that does not offer this gets no mail.</summary>
    StartTls,

    /// <summary>The connection is encrypted from the beginning, usually on port 465.</summary>
    Tls,

    /// <summary>The connection is not encrypted, for a server on the same machine.</summary>
    None,
}
