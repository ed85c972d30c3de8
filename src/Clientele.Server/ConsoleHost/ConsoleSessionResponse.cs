namespace Clientele.Server.ConsoleHost;

/// <summary>The access token of a console. Its refresh token is in the cookie.</summary>
internal sealed record ConsoleSessionResponse
{
    public required string Access { get; init; }

    /// <summary>The seconds until the access token expires.</summary>
    public required int ExpiresIn { get; init; }
}
