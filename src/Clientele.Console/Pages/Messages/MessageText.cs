using Clientele.Client;

namespace Clientele.ConsoleApp.Pages.Messages;

/// <summary>The names of kinds and states of messages, as people say them.</summary>
internal static class MessageText
{
    public static readonly IReadOnlyList<string> Kinds = new OneOfAttribute(typeof(MessageTemplate)).Values;

    public static readonly IReadOnlyList<string> States = new OneOfAttribute(typeof(MessageState)).Values;

    /// <summary>How long after its failure a message can be sent again.</summary>
    private static readonly TimeSpan Retryable = TimeSpan.FromDays(7);

    public static string Kind(string template) => template switch
    {
        MessageTemplate.VerifyEmail => "Verify e-mail",
        MessageTemplate.ResetPassword => "Reset password",
        MessageTemplate.PasswordChanged => "Password changed",
        MessageTemplate.EmailChanged => "E-mail changed",
        MessageTemplate.NewSignIn => "New sign-in",
        MessageTemplate.FactorsChanged => "Second factors changed",
        MessageTemplate.PhoneCode => "Phone code",
        _ => template,
    };

    public static string State(string state) => state switch
    {
        MessageState.Pending => "Waiting",
        MessageState.Sent => "Sent",
        MessageState.Failed => "Failed",
        _ => state,
    };

    public static bool CanRetry(OutgoingMessageResponse message, DateTime now) =>
        message.State == MessageState.Failed && message.FailedAt is { } failed && now - failed < Retryable;
}
