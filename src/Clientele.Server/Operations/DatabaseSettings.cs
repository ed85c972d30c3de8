namespace Clientele.Server.Operations;

/// <summary>The settings under <c>Database:</c>.</summary>
internal sealed class DatabaseSettings
{
    /// <summary>A standby that answers reads of many customers, as a PostgreSQL connection string.</summary>
    public string? Replica { get; set; }

    /// <summary>Whether the database role may be a superuser in Production.</summary>
    public bool AllowSuperuser { get; set; }

    /// <summary>Whether to start on a database that a newer release has upgraded.</summary>
    public bool AllowNewerSchema { get; set; }
}
