namespace Clientele.Server.Accounts;

/// <summary>What a code or link is for.</summary>
internal enum ProofPurpose
{
    /// <summary>Proves the e-mail address, or the pending one if there is one.</summary>
    VerifyEmail,

    /// <summary>Proves the phone number.</summary>
    VerifyPhone,

    /// <summary>Sets a new password.</summary>
    ResetPassword,
}
