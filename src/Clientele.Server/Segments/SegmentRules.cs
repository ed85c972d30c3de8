using System.Collections.Concurrent;
using Clientele.Server.Loyalty;

namespace Clientele.Server.Segments;

/// <summary>Reads the segments. Each version of a rule is parsed once.</summary>
internal sealed class SegmentRules(IOptions<Programme> programme, IOptions<Store> store)
{
    /// <summary>Changed when rules get another meaning, so that all segments are rebuilt.</summary>
    private const string Engine = "2";

    private readonly ConcurrentDictionary<long, (int Version, Rule? Rule, string? Error)> _parsed = [];

    public string Fingerprint => $"{Engine} {programme.Value.Fingerprint()} {store.Value.Region}";

    public IReadOnlyList<string> TierNames => programme.Value.TierNames;

    /// <summary>Parses a rule, or reports what is wrong with it.</summary>
    /// <param name="rule">The rule.</param>
    /// <param name="errors">The errors of the request.</param>
    /// <param name="pointer">Where the rule is in the body.</param>
    public Rule? Parse(JsonElement rule, Errors errors, string pointer = Rule.Pointer) =>
        Rule.Parse(rule, pointer, programme.Value.TierNames, store.Value.Region, errors);

    /// <summary>All segments, by group id.</summary>
    public Task<Dictionary<long, LiveSegment>> ReadAsync(ClienteleDb db, CancellationToken cancellationToken) =>
        ReadAsync(db, db.Segments, cancellationToken);

    /// <summary>One segment; null if the group has no rule that decides.</summary>
    public async Task<LiveSegment?> FindAsync(ClienteleDb db, long groupId, CancellationToken cancellationToken) =>
        (await ReadAsync(db, db.Segments.Where(s => s.GroupId == groupId), cancellationToken)).GetValueOrDefault(groupId);

    private async Task<Dictionary<long, LiveSegment>> ReadAsync(ClienteleDb db, IQueryable<Segment> segments, CancellationToken cancellationToken)
    {
        var rows = await segments
            .Join(db.Groups, s => s.GroupId, g => g.Id, (s, g) => new { s.GroupId, s.State, s.Version, s.ClaimedUntil, s.SweptAt, GroupVersion = g.Version })
            .ToListAsync(cancellationToken);
        var unknown = rows.Where(row => _parsed.GetValueOrDefault(row.GroupId).Version != row.GroupVersion).Select(row => row.GroupId).ToArray();
        if (unknown.Length > 0)
        {
            var texts = await db.Groups.Where(g => unknown.Contains(g.Id)).Select(g => new { g.Id, g.Version, g.AssignmentRules })
                .ToListAsync(cancellationToken);
            texts.ForEach(text => _parsed[text.Id] = Parse(text.Version, text.AssignmentRules));
        }

        // Use the version of the parsed rule: it was read a moment later and may be newer.
        return rows.Where(row => _parsed.ContainsKey(row.GroupId)).ToDictionary(row => row.GroupId, row =>
        {
            var parsed = _parsed[row.GroupId];
            var isBegun = row.ClaimedUntil != DateTime.UnixEpoch;
            return new LiveSegment(row.GroupId, row.State, (row.Version, parsed.Version), isBegun, row.SweptAt, parsed.Rule, parsed.Error);
        });
    }

    private (int Version, Rule? Rule, string? Error) Parse(int version, string text)
    {
        var errors = new Errors();
        var rule = Parse(JsonSerializer.Deserialize(text, WireJson.Default.JsonElement), errors);
        return rule is null || errors.Any ? (version, null, $"The rule is no longer valid. {errors.Summary}") : (version, rule, null);
    }
}
