using Clientele.Server.Operations;

namespace Clientele.Server.Messages;

/// <summary>The services and routes of mails and SMS to customers.</summary>
internal static class MessagesModule
{
    public static void AddMessages(this IServiceCollection services)
    {
        services.AddSettings<MessageSettings>("Messages").AddSettings<MailSettings>("Mail").AddSettings<SmsSettings>("Sms");
        services.AddSingleton<OutboxSignal>().AddSingleton<MessageValues>().AddSingleton<Templates>().AddSingleton<MessageFolder>();
        services.AddSingleton<IMailSender>(provider => provider.GetRequiredService<IOptions<MailSettings>>().Value.IsServer
            ? ActivatorUtilities.CreateInstance<SmtpMailSender>(provider)
            : ActivatorUtilities.CreateInstance<FolderMailSender>(provider));
        HttpSmsSender.AddClient(services);
        services.AddSingleton<ISmsSender>(provider => provider.GetRequiredService<IOptions<SmsSettings>>().Value.IsGateway
            ? ActivatorUtilities.CreateInstance<HttpSmsSender>(provider)
            : ActivatorUtilities.CreateInstance<FolderSmsSender>(provider));
        services.AddScoped<Outbox>().AddScoped<IMaintenance, OldMessages>().AddScoped<ICheck, OutboxCheck>();
        services.AddScoped<IDatabaseGauges, OutboxGauges>().AddScoped<IDatabaseGauges, GivenUpGauges>().AddSingleton<DeliveryMeter>();
        services.AddSingleton<Delivery>().AddHostedService(provider => provider.GetRequiredService<Delivery>());
    }

    public static void MapMessages(this IEndpointRouteBuilder api) => MessagesEndpoints.Map(api);
}
