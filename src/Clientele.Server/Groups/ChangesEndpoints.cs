namespace Clientele.Server.Groups;

internal static class ChangesEndpoints
{
    private const string OldestFirst = "at";
    private const string NewestFirst = "-at";

    private static readonly PageSize Size = new(Default: 100, Largest: 1000);

    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/changes/", ListGroupChanges).WithName(nameof(ListGroupChanges)).For(Who.Admin, KeyScope.GroupsRead).Answers(400, 404);
    }

    /// <summary>List who entered and left a group</summary>
    /// <remarks>
    /// Returns the changes from the beginning or after a cursor, oldest first. Each change is returned once, however late it was committed. Continue
    /// with the cursor of the response, also when there are no more changes for now. A client that applies all changes has the members.
    /// <c>ordering=-at</c> returns the newest changes first, and its cursor continues with earlier ones.
    /// </remarks>
    /// <param name="since" example="NS4xMg">The cursor of an earlier response with the same ordering.</param>
    /// <param name="page_size" example="100">The maximum number of changes: 100 by default, at most 1000.</param>
    /// <param name="ordering" example="-at">at (the oldest first, the default) or -at (the newest first).</param>
    internal static async Task<Results<Ok<GroupChangesResponse>, Problem>> ListGroupChanges(
        long id, string? since, string? page_size, string? ordering, HttpContext context, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "since", "page_size", "ordering");
        errors.Require(ordering is null or "" or OldestFirst or NewestFirst, "ordering", "Must be at (the oldest first) or -at (the newest first).");
        var newestFirst = ordering == NewestFirst;
        var feed = string.Create(CultureInfo.InvariantCulture, $"{id}{(newestFirst ? "-" : "")}");
        errors.Require(
            FeedCursor.TryRead(since, feed, out var place), "since",
            "Must be the cursor of an earlier response about this group, with the same ordering.");
        var size = Size.Read(page_size, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        // Read before the changes: all transactions with numbers up to this one have committed. Later numbers are returned the next time.
        if (await db.GroupCounts.Where(c => c.GroupId == id).Select(c => (long?)c.LastSeq).SingleOrDefaultAsync(cancellationToken) is not { } last)
        {
            return Problems.NotFound();
        }

        var (after, upTo) = newestFirst ? (0, Math.Min(last, (place ?? long.MaxValue) - 1)) : (place ?? 0, last);
        var found = await ChangesAsync(db, id, (after, upTo, newestFirst), size + 1, withStaff: caller.KeyId is null, cancellationToken);
        var shown = found.Take(size).ToList();
        return TypedResults.Ok(new GroupChangesResponse
        {
            Results = shown.ConvertAll(one => one.Change),
            Cursor = FeedCursor.Create(feed, shown.Count > 0 ? shown[^1].Seq : newestFirst ? upTo + 1 : after),
            More = found.Count > size,
        });
    }

    /// <summary>
    /// The next changes, from one statement and so from one instant: current members have entered, and finished periods have both ends. Numbers are
    /// assigned in the order of commits, but if members are on several machines, a commit reaches some of them later than others. So nothing is
    /// returned beyond the number that the group itself had before.
    /// </summary>
    private static async Task<List<(long Seq, GroupChange Change)>> ChangesAsync(
        ClienteleDb db, long group, (long After, long UpTo, bool NewestFirst) range, int most, bool withStaff, CancellationToken cancellationToken)
    {
        // Changes of staff are left out, but the group's own number counts them.
        var (after, upTo, newestFirst) = range;
        var members = withStaff ? db.Memberships : db.Memberships.Where(m => !db.Customers.Any(c => c.Id == m.CustomerId && c.IsStaff));
        var periods = withStaff ? db.MembershipPeriods : db.MembershipPeriods.Where(s => !db.Customers.Any(c => c.Id == s.CustomerId && c.IsStaff));
        var inGroup = periods.Where(s => s.GroupId == group);
        var present = members.Where(m => m.GroupId == group && m.IsMember && m.EnteredSeq > after && m.EnteredSeq <= upTo);
        var entered = inGroup.Where(s => s.EnteredSeq > after && s.EnteredSeq <= upTo);
        var left = inGroup.Where(s => s.LeftSeq > after && s.LeftSeq <= upTo);
        var all = Next(present, m => m.EnteredSeq)
            .Select(m => new { Seq = m.EnteredSeq!.Value, m.CustomerId, Change = "entered", At = m.EnteredAt!.Value, Cause = m.EnteredCause!.Value })
            .Concat(Next(entered, s => s.EnteredSeq)
                .Select(s => new { Seq = s.EnteredSeq, s.CustomerId, Change = "entered", At = s.EnteredAt, Cause = s.EnteredCause }))
            .Concat(Next(left, s => s.LeftSeq).Select(s => new { Seq = s.LeftSeq, s.CustomerId, Change = "left", At = s.LeftAt, Cause = s.LeftCause }));
        var changes = await Next(all, change => change.Seq).TagWith("scatter: the changes of a group").ToListAsync(cancellationToken);
        return changes.ConvertAll(
            change => (change.Seq, new GroupChange { Customer = change.CustomerId, Change = change.Change, At = change.At, Cause = change.Cause.Name() }));

        IQueryable<T> Next<T, TKey>(IQueryable<T> rows, Expression<Func<T, TKey>> seq) =>
            (newestFirst ? rows.OrderByDescending(seq) : rows.OrderBy(seq)).Take(most);
    }
}
