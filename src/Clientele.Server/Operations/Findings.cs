namespace Clientele.Server.Operations;

/// <summary>What <see cref="Check"/> has found.</summary>
internal sealed class Findings
{
    private const int Shown = 10;
    private readonly List<string> _texts = [];

    public IReadOnlyList<string> Texts => _texts;

    public void Add(string text) => _texts.Add(text);

    /// <summary>Adds one finding for these ids, if there are any.</summary>
    public void Add(string what, IReadOnlyList<long> ids) => Add(what, ids, ids.Count);

    /// <summary>Adds one finding for the ids that the query returns, if there are any.</summary>
    public async Task AddAsync(string what, IQueryable<long> ids, CancellationToken cancellationToken)
    {
        var tagged = ids.TagWith(Check.Everything);
        var first = await tagged.Take(Shown).ToListAsync(cancellationToken);
        Add(what, first, first.Count < Shown ? first.Count : await tagged.CountAsync(cancellationToken));
    }

    /// <summary>Adds a finding if a counter is not the number of the rows that it counts.</summary>
    public async Task CompareAsync<T>(ClienteleDb db, string counter, IQueryable<T> counted, CancellationToken cancellationToken)
    {
        var (kept, rows) = (await Counter.ReadAsync(db, counter, cancellationToken), await counted.TagWith(Check.Everything).LongCountAsync(cancellationToken));
        if (kept != rows)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"The counter {counter} is {kept}, but there are {rows}."));
        }
    }

    private void Add(string what, IReadOnlyList<long> ids, int count)
    {
        if (count > 0)
        {
            Add(string.Create(CultureInfo.InvariantCulture, $"{count} {what}: {string.Join(", ", ids.Take(Shown))}{(count > Shown ? ", …" : "")}"));
        }
    }
}
