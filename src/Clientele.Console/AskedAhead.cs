using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.JSInterop;

namespace Clientele.ConsoleApp;

/// <summary>Gives the first requests the responses that <c>js/boot.js</c> has asked for while the runtime started.</summary>
internal sealed class AskedAhead : DelegatingHandler
{
    private readonly IJSRuntime _browser;
    private readonly Uri _api;
    private bool _isOver;

    public AskedAhead(IJSRuntime browser, Uri api)
    {
        (_browser, _api) = (browser, api);
        InnerHandler = new HttpClientHandler();
    }

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken) =>
        await FindAsync(request, cancellationToken).ConfigureAwait(true) ?? await base.SendAsync(request, cancellationToken).ConfigureAwait(true);

    private async Task<HttpResponseMessage?> FindAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        if (_isOver)
        {
            return null;
        }

        var name = $"{request.Method} {_api.MakeRelativeUri(request.RequestUri!)}";
        using var found = JsonDocument.Parse(await _browser.InvokeAsync<string>("clientele.ahead", cancellationToken, name).ConfigureAwait(true));
        if (found.RootElement.ValueKind != JsonValueKind.Object)
        {
            // The first request that was not foreseen: later ones were not, either.
            _isOver = true;
            return null;
        }

        return Response(found.RootElement, request);
    }

    private static HttpResponseMessage Response(JsonElement found, HttpRequestMessage request)
    {
        var content = new ByteArrayContent(Encoding.UTF8.GetBytes(found.GetProperty("body").GetString()!));
        var response = new HttpResponseMessage((HttpStatusCode)found.GetProperty("status").GetInt32()) { Content = content, RequestMessage = request };
        foreach (var header in found.GetProperty("headers").EnumerateArray())
        {
            var (name, value) = (header[0].GetString()!, header[1].GetString());
            if (!response.Headers.TryAddWithoutValidation(name, value) && name != "content-length")
            {
                content.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return response;
    }
}
