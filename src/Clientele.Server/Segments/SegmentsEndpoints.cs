using System.Globalization;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Segments;

internal static class SegmentsEndpoints
{
    private const int DefaultSize = 100;
    private const int LargestSize = 1000;

    public static void MapSegments(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/changes/", ListGroupChanges).WithName(nameof(ListGroupChanges)).Answers(400, 404);
        groups.MapPost("/rebuild/", RebuildGroup).WithName(nameof(RebuildGroup)).Answers(404, 409);
    }

    /// <summary>List who entered and left a group</summary>
    /// <remarks>
    /// From the beginning or after a cursor, oldest first; each change is told once, however late it was committed. The cursor of the answer goes on
    /// from there, also when nothing is left for now. Whoever applies all changes has the members.
    /// </remarks>
    /// <param name="id">The group's number.</param>
    /// <param name="since">The cursor of an earlier answer.</param>
    /// <param name="pageSize">How many changes at most: 100 unless said otherwise, and never more than 1000.</param>
    /// <param name="db">The database.</param>
    /// <param name="cancellationToken">Stops it.</param>
    internal static async Task<Results<Ok<GroupChangesResponse>, Problem>> ListGroupChanges(
        long id, string? since, [FromQuery(Name = "page_size")] string? pageSize, ClienteleDb db, CancellationToken cancellationToken)
    {
        var errors = new Errors();
        if (!ChangesCursor.TryRead(since, id, out var after))
        {
            errors.Add("since", "Must be the cursor of an earlier answer about this group.");
        }

        if (!int.TryParse(pageSize ?? "", NumberStyles.None, CultureInfo.InvariantCulture, out var size) && pageSize is not null || (pageSize is not null && size < 1))
        {
            errors.Add("page_size", "Must be a whole number from 1.");
        }

        if (errors.Any)
        {
            return Problems.Invalid(errors);
        }

        if (!await db.Groups.AnyAsync(g => g.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        size = pageSize is null ? DefaultSize : Math.Min(size, LargestSize);
        var found = await ChangesAsync(db, id, after, size + 1, cancellationToken);
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

    /// <summary>Evaluate a group's rule for everybody</summary>
    /// <remarks>It happens in the background; the group's state and progress tell how far it is. Whom nothing changes for is not touched.</remarks>
    internal static Task<Results<Resource<GroupResponse>, Problem>> RebuildGroup(
        long id, ClienteleDb db, UnitOfWork unit, SegmentQueue queue, GroupBook groups, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<Resource<GroupResponse>, Problem>>(
            async () =>
            {
                var begun = await Segment.RebuildAsync(db.Segments.Where(s => s.GroupId == id), cancellationToken);
                if (await groups.Counted.SingleOrDefaultAsync(g => g.Group.Id == id, cancellationToken) is not { } group)
                {
                    return Problems.NotFound();
                }

                queue.Signal();
                return begun == 0
                    ? new Problem("no_rule", "Only the members of a group with auto_assign are evaluated.")
                    : new Resource<GroupResponse>(group.ToResponse(), group.Group.Version) { IsAccepted = true };
            },
            cancellationToken);

    /// <summary>
    /// The next changes, from one statement and so as of one instant: those who are members have entered, and spells that are over have both ends.
    /// The numbers are given in the order of commits, so nothing that is missing now can come before what is there.
    /// </summary>
    private static Task<List<MemberChange>> ChangesAsync(ClienteleDb db, long group, long after, int most, CancellationToken cancellationToken)
    {
        var present = db.Memberships.Where(m => m.GroupId == group && m.IsMember && m.EnteredSeq > after).OrderBy(m => m.EnteredSeq).Take(most)
            .Select(m => new MemberChange { Seq = m.EnteredSeq!.Value, CustomerId = m.CustomerId, Entered = true, At = m.EnteredAt!.Value, Cause = m.EnteredCause!.Value });
        var entered = db.MembershipSpells.Where(s => s.GroupId == group && s.EnteredSeq > after).OrderBy(s => s.EnteredSeq).Take(most)
            .Select(s => new MemberChange { Seq = s.EnteredSeq, CustomerId = s.CustomerId, Entered = true, At = s.EnteredAt, Cause = s.EnteredCause });
        var left = db.MembershipSpells.Where(s => s.GroupId == group && s.LeftSeq > after).OrderBy(s => s.LeftSeq).Take(most)
            .Select(s => new MemberChange { Seq = s.LeftSeq, CustomerId = s.CustomerId, Entered = false, At = s.LeftAt, Cause = s.LeftCause });
        return present.Concat(entered).Concat(left).OrderBy(change => change.Seq).Take(most).TagWith("scatter: the changes of a group").ToListAsync(cancellationToken);
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

/// <summary>Where a reader of a group's changes is.</summary>
internal static class ChangesCursor
{
    public static string Of(long group, long seq) =>
        System.Buffers.Text.Base64Url.EncodeToString(System.Text.Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{group}.{seq}")));

    public static bool TryRead(string? text, long group, out long seq)
    {
        seq = 0;
        if (string.IsNullOrEmpty(text))
        {
            return true;
        }

        if (!System.Buffers.Text.Base64Url.IsValid(text))
        {
            return false;
        }

        var parts = System.Text.Encoding.UTF8.GetString(System.Buffers.Text.Base64Url.DecodeFromChars(text)).Split('.');
        return parts is [var first, var second]
            && long.TryParse(first, NumberStyles.None, CultureInfo.InvariantCulture, out var own) && own == group
            && long.TryParse(second, NumberStyles.None, CultureInfo.InvariantCulture, out seq);
    }
}
