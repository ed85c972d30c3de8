namespace Clientele.Tests.Support;

/// <summary>An app that only the tests of one class share, as its class fixture: what they do there affects no other test.</summary>
public sealed class OwnApp : ClienteleApp
{
    public OwnApp()
        : base(new ClienteleAppOptions())
    {
    }
}
