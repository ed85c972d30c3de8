namespace Clientele.Server.Groups;

internal static class ChangesEndpoints
{
    private const int DefaultSize = 100;
    private const int LargestSize = 1000;

    public static void Map(IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/changes/", ListGroupChanges).WithName(nameof(ListGroupChanges)).For(Who.Admin).Answers(400, 404);
    }

    /// <summary>List who entered and left a group</summary>
    /// <remarks>
    /// Returns the changes from the beginning or after a cursor, oldest first. Each change is returned once, however late it was committed. Continue
    /// with the cursor of the response, also when there are no more changes for now. A client that applies all changes has the members.
    /// </remarks>
    /// <param name="since" example="NS4xMg">The cursor of an earlier response.</param>
    /// <param name="page_size" example="100">The maximum number of changes: 100 by default, at most 1000.</param>
    internal static async Task<Results<Ok<GroupChangesResponse>, Problem>> ListGroupChanges(
        long id, string? since, string? page_size, HttpContext context, ClienteleDb db, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        ListQuery.Expect(context, errors, "since", "page_size");
        if (!ChangesCursor.TryRead(since, id, out var after))
        {
            errors.Add("since", "Must be the cursor of an earlier response about this group.");
        }

        var size = Size(page_size, errors);
        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        // Read before the changes: all transactions with numbers up to this one have committed. Later numbers are returned the next time.
        if (await db.GroupCounts.Where(c => c.GroupId == id).Select(c => (long?)c.LastSeq).SingleOrDefaultAsync(cancellationToken) is not { } last)
        {
            return Problems.NotFound();
        }

        var found = await ChangesAsync(db, id, after, last, size + 1, cancellationToken);
        var shown = found.Take(size).ToList();
        return TypedResults.Ok(new GroupChangesResponse
        {
            Results = shown.ConvertAll(change => new GroupChange
            {
                Customer = change.CustomerId,
                Change = change.Entered ? "entered" : "left",
                At = change.At,
                Cause = change.Cause.Name(),
            }),
            Cursor = ChangesCursor.Of(id, shown.Count > 0 ? shown[^1].Seq : after),
            More = found.Count > size,
        });
    }

    private static int Size(string? text, Errors errors)
    {
        if (text is null)
        {
            return DefaultSize;
        }

        if (text.Length == 0 || !text.All(char.IsAsciiDigit) || text.All(digit => digit == '0'))
        {
            errors.Add("page_size", "Must be a whole number, at least 1.");
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var size) ? Math.Min(size, LargestSize) : LargestSize;
    }

    /// <summary>
    /// The next changes, from one statement and so from one instant: current members have entered, and finished periods have both ends. Numbers are
    /// assigned in the order of commits, but if members are on several machines, a commit reaches some of them later than others. So nothing is
    /// returned beyond the number that the group itself had before.
    /// </summary>
    private static Task<List<MemberChange>> ChangesAsync(ClienteleDb db, long group, long after, long last, int most, CancellationToken cancellationToken)
    {
        var present = db.Memberships.Where(m => m.GroupId == group && m.IsMember && m.EnteredSeq > after && m.EnteredSeq <= last)
            .OrderBy(m => m.EnteredSeq).Take(most)
            .Select(m => new MemberChange
            {
                Seq = m.EnteredSeq!.Value,
                CustomerId = m.CustomerId,
                Entered = true,
                At = m.EnteredAt!.Value,
                Cause = m.EnteredCause!.Value,
            });
        var entered = db.MembershipPeriods.Where(s => s.GroupId == group && s.EnteredSeq > after && s.EnteredSeq <= last).OrderBy(s => s.EnteredSeq).Take(most)
            .Select(s => new MemberChange { Seq = s.EnteredSeq, CustomerId = s.CustomerId, Entered = true, At = s.EnteredAt, Cause = s.EnteredCause });
        var left = db.MembershipPeriods.Where(s => s.GroupId == group && s.LeftSeq > after && s.LeftSeq <= last).OrderBy(s => s.LeftSeq).Take(most)
            .Select(s => new MemberChange { Seq = s.LeftSeq, CustomerId = s.CustomerId, Entered = false, At = s.LeftAt, Cause = s.LeftCause });
        return present.Concat(entered).Concat(left).OrderBy(change => change.Seq).Take(most).TagWith("scatter: the changes of a group")
            .ToListAsync(cancellationToken);
    }

    private sealed class MemberChange
    {
        public required long Seq { get; init; }

        public required long CustomerId { get; init; }

        public required bool Entered { get; init; }

        public required DateTime At { get; init; }

        public required Cause Cause { get; init; }
    }
}
