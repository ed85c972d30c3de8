namespace Clientele.Tests.Support;

/// <summary>An app that the tests of one class share, as its class fixture, and nobody else: what they do there reaches no other test.</summary>
public sealed class OwnApp : ClienteleApp
{
    public OwnApp()
        : base(new ClienteleAppOptions())
    {
    }
}
