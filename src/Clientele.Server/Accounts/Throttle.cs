namespace Clientele.Server.Accounts;

/// <summary>The number of attempts within a time window, counted for all nodes.</summary>
[Table("throttles", TableClass.Claim)]
[PrimaryKey(nameof(Key))]
[Index(nameof(WindowEnds))]
internal sealed class Throttle
{
    /// <summary>A keyed hash that identifies what is counted.</summary>
    public required string Key { get; init; }

    public required int Tries { get; init; }

    public required int Allowed { get; init; }

    /// <summary>How many windows in a row were used up. Each one doubles the length of the next.</summary>
    public required int Level { get; init; }

    /// <summary>Milliseconds since 1970.</summary>
    public required long WindowEnds { get; init; }
}
