using System.Net;
using System.Net.Http.Headers;

namespace Clientele.Server.Messages;

/// <summary>Sends SMS to the HTTP gateway of a provider.</summary>
internal sealed class HttpSmsSender(IHttpClientFactory clients, IOptions<SmsSettings> options) : ISmsSender
{
    private readonly SmsSettings _settings = options.Value;

    /// <summary>
    /// Adds the client of the gateway. It does not follow redirections, which could lead the code to another host, and it does not log addresses, which
    /// contain the account at the provider.
    /// </summary>
    public static void AddClient(IServiceCollection services) => services.AddHttpClient(nameof(HttpSmsSender)).RemoveAllLoggers()
        .ConfigurePrimaryHttpMessageHandler(() => new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false });

    public async Task SendAsync(Sms sms, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _settings.Url)
        {
            Content = new StringContent(_settings.BodyOf(sms), Encoding.UTF8, _settings.ContentType),
        };
        request.Headers.Add("Idempotency-Key", $"{sms.Id}");
        if (!string.IsNullOrEmpty(_settings.User))
        {
            var credentials = Convert.ToBase64String(Encoding.UTF8.GetBytes($"{_settings.User}:{_settings.Password}"));
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", credentials);
        }

        using var client = clients.CreateClient(nameof(HttpSmsSender));
        using var response = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
        if (!response.IsSuccessStatusCode)
        {
            // The gateway has understood the request and refuses this SMS. Any other status may come from our settings or its state.
            throw new DeliveryException($"The SMS gateway responded with {(int)response.StatusCode}.")
            {
                IsPermanent = response.StatusCode is HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity,
            };
        }
    }
}
