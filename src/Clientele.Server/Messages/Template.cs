namespace Clientele.Server.Messages;

/// <summary>The messages that the service sends. Each has its texts in <c>Messages/Templates</c>, in every language.</summary>
internal enum Template
{
    /// <summary>Mail: proves an e-mail address. Values: code, link.</summary>
    VerifyEmail,

    /// <summary>Mail: sets a new password. Values: code, link.</summary>
    ResetPassword,

    /// <summary>Mail: tells the owner that the password has changed. Values: at, an instant such as 2025-10-15T14:30:00Z.</summary>
    PasswordChanged,

    /// <summary>Mail to the old address: tells the owner of the new one and lets them undo the change. Values: new_email, link.</summary>
    EmailChanged,

    /// <summary>Mail: tells the owner of a sign-in from a new network and client. Values: client, network, at.</summary>
    NewSignIn,

    /// <summary>
    /// Mail: tells the owner that a second factor was added, removed or used up. Values: change (the action in the audit trail), at.
    /// </summary>
    FactorsChanged,

    /// <summary>SMS: proves a phone number. Values: code.</summary>
    PhoneCode,
}
