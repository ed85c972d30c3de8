namespace Clientele.Server.Demo;

/// <summary>The hashes of the demo accounts' passwords.</summary>
/// <param name="Cast">Of the named customers.</param>
/// <param name="Admin">Of the admin who can sign in.</param>
/// <param name="Nobodys">Of a password that nobody knows.</param>
internal sealed record DemoHashes(string Cast, string Admin, string Nobodys)
{
    public string Of(string username, bool isStaff) => username == DemoCast.Admin ? Admin : isStaff ? Nobodys : Cast;
}
