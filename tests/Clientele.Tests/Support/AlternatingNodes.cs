namespace Clientele.Tests.Support;

/// <summary>Sends each request to a different node than the previous one.</summary>
internal sealed class AlternatingNodes(params Uri[] nodes) : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
{
    private int _sent;

    protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        request.RequestUri = new Uri(nodes[Interlocked.Increment(ref _sent) % nodes.Length], request.RequestUri!.PathAndQuery);
        return base.SendAsync(request, cancellationToken);
    }
}
