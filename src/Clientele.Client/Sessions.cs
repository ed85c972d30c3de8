namespace Clientele.Client;

/// <summary>A session: a sign-in that has not ended.</summary>
public sealed record SessionResponse
{
    /// <summary>The session's id.</summary>
    /// <example>0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60</example>
    public required Guid Id { get; init; }

    /// <summary>The short name of the client that signed in: a browser and its system, or the name that a program gives itself.</summary>
    /// <example>Firefox on Linux</example>
    public required string Client { get; init; }

    /// <summary>The network that the sign-in came from: the /24 of an IPv4 address, the /48 of an IPv6 address.</summary>
    /// <example>198.51.100.0/24</example>
    public required string Network { get; init; }

    /// <summary>How the customer signed in.</summary>
    /// <example>password</example>
    [OneOf(typeof(SignInMethod))]
    public required string SignedInWith { get; init; }

    /// <summary>When the customer signed in.</summary>
    /// <example>2025-10-15T14:30:00Z</example>
    public required DateTime CreatedAt { get; init; }

    /// <summary>When the session was last renewed, precise to a minute. Calls between renewals do not count.</summary>
    /// <example>2025-10-16T08:00:00Z</example>
    public required DateTime LastUsedAt { get; init; }

    /// <summary>When the session ends unless it is renewed before.</summary>
    /// <example>2025-10-30T08:00:00Z</example>
    public required DateTime ExpiresAt { get; init; }

    /// <summary>Whether this call belongs to the session.</summary>
    /// <example>true</example>
    public required bool Current { get; init; }
}
