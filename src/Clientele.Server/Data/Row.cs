using System.Data.Common;

namespace Clientele.Server.Data;

/// <summary>The current row of a result. Each call reads the next column, so a reading function has the order of the statement's columns.</summary>
internal sealed class Row(DbDataReader reader)
{
    private int _column;

    /// <summary>Starts at the first column.</summary>
    public Row Begin()
    {
        _column = 0;
        return this;
    }

    public bool Boolean() => reader.GetBoolean(_column++);

    public int Integer() => reader.GetInt32(_column++);

    public long Long() => reader.GetInt64(_column++);

    public string Text() => reader.GetString(_column++);

    public string? TextOrNull() => IsNull() ? null : Text();

    public Guid Uuid() => reader.GetGuid(_column++);

    public DateOnly? DateOrNull() => IsNull() ? null : reader.GetFieldValue<DateOnly>(_column++);

    /// <summary>SQLite does not store that an instant is in UTC.</summary>
    public DateTime Instant() => DateTime.SpecifyKind(reader.GetDateTime(_column++), DateTimeKind.Utc);

    public DateTime? InstantOrNull() => IsNull() ? null : Instant();

    /// <summary>Skips the column if it is null.</summary>
    private bool IsNull()
    {
        var isNull = reader.IsDBNull(_column);
        _column += isNull ? 1 : 0;
        return isNull;
    }
}
