using Clientele.Server.Rules;
using Clientele.Server.Segments;

namespace Clientele.Server.Groups;

/// <summary>References between groups: which rule refers to which groups. There are no cycles, and the depth is limited.</summary>
internal sealed class GroupGraph(ClienteleDb db)
{
    public const int MaxDepth = 5;

    /// <summary>Locks the references between groups until the transaction ends. Call this before locking a group's own row.</summary>
    public Task LockAsync(CancellationToken cancellationToken) => db.Database.ExecuteSqlAsync(
        $"INSERT INTO group_graph (id, version) VALUES (1, 1) ON CONFLICT (id) DO UPDATE SET version = group_graph.version + 1", cancellationToken);

    /// <summary>The segments, each after those that it refers to.</summary>
    public static IReadOnlyList<LiveSegment> InOrder(IReadOnlyDictionary<long, LiveSegment> segments)
    {
        var (ordered, seen) = (new List<LiveSegment>(segments.Count), new HashSet<long>());
        foreach (var id in segments.Keys.Order())
        {
            Visit(id);
        }

        return ordered;

        void Visit(long id)
        {
            if (segments.TryGetValue(id, out var segment) && seen.Add(id))
            {
                foreach (var other in segment.Rule?.RefersTo.Order() ?? Enumerable.Empty<long>())
                {
                    Visit(other);
                }

                ordered.Add(segment);
            }
        }
    }

    /// <summary>
    /// Makes a group refer to the groups of its rule, unless that would be a cycle or too deep; errors are reported at their place in the rule. The
    /// graph must be locked.
    /// </summary>
    public async Task<Problem?> ReferAsync(Group group, Rule? rule, CancellationToken cancellationToken)
    {
        var groupId = group.Id;
        var wanted = rule?.RefersTo ?? new HashSet<long>();
        var edges = (await db.GroupReferences.AsTracking().ToListAsync(cancellationToken)).ToLookup(edge => edge.GroupId);
        var others = edges.SelectMany(same => same).Where(edge => edge.GroupId != groupId).ToLookup(edge => edge.GroupId, edge => edge.RefersTo);
        if (wanted.Count > 0)
        {
            var affected = wanted.Concat(others.SelectMany(same => same)).Concat(others.Select(same => same.Key)).Distinct().ToArray();
            var names = await db.Groups.Where(g => affected.Contains(g.Id)).ToDictionaryAsync(g => g.Id, g => g.Name, cancellationToken);
            names[groupId] = group.Name;
            if (Check(groupId, rule!, others, names) is { Any: true } errors)
            {
                return Problems.Invalid(errors);
            }
        }

        db.RemoveRange(edges[groupId].Where(edge => !wanted.Contains(edge.RefersTo)));
        db.AddRange(wanted.Except(edges[groupId].Select(edge => edge.RefersTo)).Select(id => new GroupReference { GroupId = groupId, RefersTo = id }));
        return null;
    }

    /// <summary>The names of the groups whose rules refer to a group.</summary>
    public Task<List<string>> ReferringAsync(long groupId, CancellationToken cancellationToken) => db.GroupReferences.Where(r => r.RefersTo == groupId)
        .Join(db.Groups, r => r.GroupId, g => g.Id, (r, g) => g).OrderBy(g => g.NameKey).Select(g => g.Name).ToListAsync(cancellationToken);

    /// <summary>The segments whose rules refer to a group. Read them while the group's count is locked.</summary>
    public Task<List<long>> DependentsAsync(long groupId, CancellationToken cancellationToken) => db.GroupReferences.Where(r => r.RefersTo == groupId)
        .Join(db.Segments, r => r.GroupId, s => s.GroupId, (r, s) => s.GroupId).ToListAsync(cancellationToken);

    private static Errors Check(long groupId, Rule rule, ILookup<long, long> others, Dictionary<long, string> names)
    {
        var errors = new Errors();
        foreach (var node in rule.Groups)
        {
            if (!names.ContainsKey(node.Id))
            {
                AddError(node, "There is no such group.");
            }
            else if (Path(node.Id, groupId, others) is { } circle)
            {
                AddError(node, $"A group cannot refer to its own members: {string.Join(" → ", circle.Prepend(groupId).Select(id => names[id]))}.");
            }
            else if (Above(groupId, others) + 1 + Below(node.Id, others) > MaxDepth)
            {
                AddError(node, $"Groups can be nested at most {MaxDepth} deep.");
            }
        }

        return errors;

        void AddError(InGroup node, string message) => errors.Add($"{node.Pointer}/in_group", message);
    }

    /// <summary>The path from one group to another, both included; null if there is none.</summary>
    private static List<long>? Path(long from, long to, ILookup<long, long> edges) => from == to
        ? [to]
        : edges[from].Order().Select(next => Path(next, to, edges)).OfType<List<long>>().FirstOrDefault()?.Prepend(from).ToList();

    private static int Below(long id, ILookup<long, long> edges) => edges[id].Select(next => 1 + Below(next, edges)).DefaultIfEmpty().Max();

    private static int Above(long id, ILookup<long, long> edges) =>
        edges.Where(same => same.Contains(id)).Select(same => 1 + Above(same.Key, edges)).DefaultIfEmpty().Max();
}
