using System.Globalization;
using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Privacy;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;

namespace Clientele.Server.Groups;

internal static class MembersEndpoints
{
    public static void MapMembers(this IEndpointRouteBuilder api)
    {
        var groups = api.MapGroup("/api/customers/groups/{id:long}").WithTags("Groups");
        groups.MapGet("/members/", ListMembers).WithName(nameof(ListMembers)).Lists(CustomerList.Definition).Answers(400, 404);
        groups.MapPost("/add_member/", AddMember).WithName(nameof(AddMember)).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/remove_member/", RemoveMember).WithName(nameof(RemoveMember)).Answers(400, 404, 409, 415, 422);
        groups.MapPost("/reset_member/", ResetMember).WithName(nameof(ResetMember)).Answers(400, 404, 409, 415, 422);
    }

    /// <summary>List the members of a group</summary>
    /// <remarks>
    /// Admins get all members, with the filters of the customers list. Anybody else gets a page with at most themselves on it,
    /// and no filters: a customer may learn that they are a member, never who else is.
    /// </remarks>
    internal static async Task<Results<PageResult<CustomerSummary>, Problem>> ListMembers(
        long id, ListQuery list, Caller caller, ClienteleDb db, CancellationToken cancellationToken)
    {
        if (!await db.Groups.AnyAsync(g => g.Id == id, cancellationToken))
        {
            return Problems.NotFound();
        }

        var members = caller.Customers.Where(c => db.Memberships.Any(m => m.CustomerId == c.Id && m.GroupId == id && m.Origin == MembershipOrigin.Included));
        return caller.IsAdmin
            ? await list.PageAsync(
                CustomerList.Definition,
                members.TagWith("scatter: the admin's list"),
                Customer.AsSummary,
                cancellationToken,
                () => db.GroupCounts.Where(c => c.GroupId == id).Select(c => c.Members).SingleOrDefaultAsync(cancellationToken))
            : await list.PageAsync(CustomerList.OnlySelf, members.Where(c => c.Id == caller.Id), Customer.AsSummary, cancellationToken);
    }

    /// <summary>Add customers to a group</summary>
    /// <remarks>One by customer_id, or up to 1000 by customer_ids: then all of them or, where one is unknown, none.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> AddMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Add, cancellationToken);

    /// <summary>Remove customers from a group</summary>
    /// <remarks>One by customer_id, or up to 1000 by customer_ids. Out of a segment a removed customer stays until added again or reset.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> RemoveMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Remove, cancellationToken);

    /// <summary>Forget what was decided by hand</summary>
    /// <remarks>Takes customers back to what the group's rule says; in a group without a rule that is: no member.</remarks>
    internal static Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> ResetMember(
        long id, Body<MembersRequest> body, Memberships memberships, CancellationToken cancellationToken) =>
        memberships.RunAsync(id, body, MembershipChange.Reset, cancellationToken);
}

internal enum MembershipChange
{
    Add,
    Remove,
    Reset,
}

/// <summary>Membership by hand.</summary>
internal sealed class Memberships(ClienteleDb db, UnitOfWork unit, Caller caller, TimeProvider clock)
{
    public Task<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>> RunAsync(
        long groupId, Body<MembersRequest> body, MembershipChange change, CancellationToken cancellationToken) =>
        unit.RunAsync<Results<Ok<MembershipResponse>, Ok<MembershipsResponse>, Problem>>(
            async () =>
            {
                var errors = new Errors();
                var request = body.Read(errors);
                if (!errors.Any && request.CustomerId is null == request.CustomerIds is null)
                {
                    errors.Add("customer_id", "Either customer_id or customer_ids is required.");
                }

                if (errors.Any)
                {
                    return Problems.Invalid(errors);
                }

                if (await db.KeepGroupAsync(groupId, cancellationToken) is not { } group)
                {
                    return Problems.NotFound();
                }

                var ids = request.CustomerIds?.Distinct().ToArray() ?? [request.CustomerId!.Value];
                HashSet<long> known = ids.Length == 0 ? [] : [.. (await db.LockCustomersAsync(ids, cancellationToken)).Select(c => c.Id)];
                if (request.CustomerId is not null && known.Count == 0)
                {
                    return new Problem("not_found", "There is no such customer.")
                    {
                        Errors = new Dictionary<string, string[]> { ["customer_id"] = ["There is no such customer."] },
                    };
                }

                if (known.Count < ids.Length)
                {
                    return Problems.Invalid("customer_ids", $"There are no such customers: {string.Join(", ", ids.Where(id => !known.Contains(id)).Take(20))}.");
                }

                var changed = ids.Length == 0 ? 0 : await ApplyAsync(groupId, ids, change, group.AutoAssign, cancellationToken);
                return request.CustomerId is { } one
                    ? TypedResults.Ok(new MembershipResponse { Message = Message(change, "Customer"), Group = groupId, Customer = one, Changed = changed == 1 })
                    : TypedResults.Ok(new MembershipsResponse
                    {
                        Message = Message(change, string.Create(CultureInfo.InvariantCulture, $"{ids.Length} customers")),
                        Group = groupId,
                        Changed = changed,
                        Unchanged = ids.Length - changed,
                    });
            },
            cancellationToken);

    private async Task<int> ApplyAsync(long groupId, long[] ids, MembershipChange change, bool hasRule, CancellationToken cancellationToken)
    {
        var present = await db.Memberships.AsTracking().Where(m => m.GroupId == groupId && ids.Contains(m.CustomerId)).ToDictionaryAsync(m => m.CustomerId, cancellationToken);
        MembershipOrigin? wanted = change switch
        {
            MembershipChange.Add => MembershipOrigin.Included,
            MembershipChange.Remove when hasRule => MembershipOrigin.Excluded,
            _ => null,
        };
        var (changed, delta, now) = (0, 0, clock.Now());
        foreach (var id in ids)
        {
            var membership = present.GetValueOrDefault(id);
            if (membership?.Origin == wanted)
            {
                continue;
            }

            changed++;
            delta += (wanted == MembershipOrigin.Included ? 1 : 0) - (membership?.Origin == MembershipOrigin.Included ? 1 : 0);
            if (wanted is null)
            {
                db.Remove(membership!);
            }
            else if (membership is null)
            {
                db.Add(new Membership { CustomerId = id, GroupId = groupId, Origin = wanted.Value, ChangedAt = now, ChangedBy = caller.Id });
            }
            else
            {
                (membership.Origin, membership.ChangedAt, membership.ChangedBy) = (wanted.Value, now, caller.Id);
            }

            unit.Audit.Record(id, Action(change), AuditTrail.Resource("group", groupId));
        }

        // Memberships before their count, here and wherever both are written, so that two writers cannot wait for each other.
        await unit.SaveAsync(cancellationToken);
        if (delta != 0)
        {
            await GroupCount.AddAsync(db, groupId, delta, cancellationToken);
        }

        return changed;
    }

    private static string Action(MembershipChange change) => change switch
    {
        MembershipChange.Add => "membership.added",
        MembershipChange.Remove => "membership.removed",
        MembershipChange.Reset => "membership.reset",
    };

    private static string Message(MembershipChange change, string who) => change switch
    {
        MembershipChange.Add => $"{who} added to the group.",
        MembershipChange.Remove => $"{who} removed from the group.",
        MembershipChange.Reset => $"{who} taken back to what the group's rule says.",
    };
}
