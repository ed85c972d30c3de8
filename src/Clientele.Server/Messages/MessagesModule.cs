namespace Clientele.Server.Messages;

/// <summary>Mails and SMS to customers.</summary>
internal static class MessagesModule
{
    public static void AddMessages(this IServiceCollection services) => services.AddScoped<Outbox>();
}
