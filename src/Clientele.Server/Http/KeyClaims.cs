namespace Clientele.Server.Http;

/// <summary>The claims of a caller that is an API key. It also has the role of an admin, because it sees what admins see.</summary>
internal static class KeyClaims
{
    public const string Id = "key";
    public const string Name = "key_name";
    public const string Scope = "scope";
}
