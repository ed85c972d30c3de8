using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Groups and their members. Everybody who is signed in may read groups; changing them is for admins (<c>forbidden</c>, 403).</summary>
public sealed class GroupsClient
{
    private const string All = "api/customers/groups/";

    private readonly Connection _connection;

    internal GroupsClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of groups.</summary>
    /// <param name="query">Which groups, and which page of them; null for the first page of all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for a page past the end.</exception>
    public Task<Page<GroupResponse>> ListAsync(GroupQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), ClientJson.Default.PageGroupResponse, cancellationToken);

    /// <summary>Walks through groups from page to page, fetching each as it is needed.</summary>
    /// <param name="query">Which groups; null for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>invalid_token</c> (401): nobody is signed in.</exception>
    public IAsyncEnumerable<GroupResponse> AllAsync(GroupQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, ClientJson.Default.PageGroupResponse, cancellationToken);

    /// <summary>Creates a group.</summary>
    /// <param name="request">The group.</param>
    /// <param name="idempotencyKey">Names this creation, so that it can be repeated even after a crash; null for one of its own.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400), also where the name is taken.</exception>
    public Task<Versioned<GroupResponse>> CreateAsync(GroupRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(All, request, ClientJson.Default.GroupRequest, idempotencyKey), ClientJson.Default.GroupResponse, cancellationToken);

    /// <summary>Gets a group.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<GroupResponse>> GetAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), ClientJson.Default.GroupResponse, cancellationToken);

    /// <summary>Gets a group, if it is another representation than the one that is there already.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="ifNoneMatch">The ETag of the representation that is there already.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <returns>Null where it is the same.</returns>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<GroupResponse>?> GetIfChangedAsync(long id, string ifNoneMatch, CancellationToken cancellationToken = default) =>
        _connection.ResourceIfChangedAsync(Call.Get(One(id), ifNoneMatch), ClientJson.Default.GroupResponse, cancellationToken);

    /// <summary>Replaces a group: members left out fall back to their defaults.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="request">The whole group.</param>
    /// <param name="ifMatch">The ETag of the version it is based on; null to overwrite whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<GroupResponse>> ReplaceAsync(long id, GroupRequest request, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Put(One(id), request, ClientJson.Default.GroupRequest, ifMatch), ClientJson.Default.GroupResponse, cancellationToken);

    /// <summary>Changes a group.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version it is based on; null to change whatever is there.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<GroupResponse>> UpdateAsync(long id, GroupPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), ClientJson.Default.GroupResponse, cancellationToken);

    /// <summary>Deletes a group and its memberships; the customers stay.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="ifMatch">The ETag of the version that may be deleted; null for any.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException">
    /// <c>not_found</c> (404); <c>group_in_use</c> (409): the rule of another group asks for its members; <c>stale_version</c> (412).
    /// </exception>
    public Task DeleteAsync(long id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Gets a page of the members. Admins get all; anybody else gets at most themselves, and may not filter.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="query">Which members, and which page of them; null for the first page of all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for a filter that makes no sense; <c>not_found</c> (404).</exception>
    public Task<Page<CustomerSummary>> ListMembersAsync(long id, CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(id) + "members/" + query?.ToQueryString()), ClientJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>Walks through the members from page to page, fetching each as it is needed.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="query">Which members; null for all.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for a filter that makes no sense; <c>not_found</c> (404).</exception>
    public IAsyncEnumerable<CustomerSummary> AllMembersAsync(long id, CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(One(id) + "members/", query, ClientJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>Adds a customer to the group.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> AddMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "add_member/", customerId, cancellationToken);

    /// <summary>Adds up to 1000 customers to the group: all of them or, where one is unknown, none.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerIds">The customers' numbers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) naming the unknown customers.</exception>
    public Task<MembershipsResponse> AddMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "add_member/", customerIds, cancellationToken);

    /// <summary>Removes a customer from the group; out of a segment they stay removed until added again or reset.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> RemoveMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "remove_member/", customerId, cancellationToken);

    /// <summary>Removes up to 1000 customers from the group: all of them or, where one is unknown, none.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerIds">The customers' numbers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) naming the unknown customers.</exception>
    public Task<MembershipsResponse> RemoveMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "remove_member/", customerIds, cancellationToken);

    /// <summary>Forgets what was decided by hand, and takes a customer back to what the group's rule says.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerId">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> ResetMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "reset_member/", customerId, cancellationToken);

    /// <summary>Forgets what was decided by hand of up to 1000 customers: of all of them or, where one is unknown, of none.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customerIds">The customers' numbers.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) naming the unknown customers.</exception>
    public Task<MembershipsResponse> ResetMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "reset_member/", customerIds, cancellationToken);

    /// <summary>Gets who entered and left a group, oldest first. Admins only.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="since">The cursor of an earlier answer; null to begin at the beginning.</param>
    /// <param name="pageSize">How many changes at most, up to 1000; null for 100.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for a cursor of another group; <c>not_found</c> (404).</exception>
    public Task<GroupChangesResponse> ChangesAsync(long id, string? since = null, int? pageSize = null, CancellationToken cancellationToken = default)
    {
        var parameters = new QueryParameters();
        parameters.Add("since", since);
        parameters.Add("page_size", pageSize);
        return _connection.AskAsync(Call.Get(One(id) + "changes/" + parameters), ClientJson.Default.GroupChangesResponse, cancellationToken);
    }

    /// <summary>Has a group's rule evaluated for everybody, in the background: the group's state and progress tell how far it is. Admins only.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>no_rule</c> (409): the group has no rule that decides.</exception>
    public Task<Versioned<GroupResponse>> RebuildAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(One(id) + "rebuild/"), ClientJson.Default.GroupResponse, cancellationToken);

    private Task<MembershipResponse> OneAsync(long id, string action, long customerId, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Post(One(id) + action, new MembersRequest { CustomerId = customerId }, ClientJson.Default.MembersRequest),
        ClientJson.Default.MembershipResponse,
        cancellationToken);

    private Task<MembershipsResponse> ManyAsync(long id, string action, IReadOnlyList<long> customerIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerIds);
        return _connection.AskAsync(
            Call.Post(One(id) + action, new MembersRequest { CustomerIds = customerIds }, ClientJson.Default.MembersRequest),
            ClientJson.Default.MembershipsResponse,
            cancellationToken);
    }

    /// <summary>Lists what rules can be made of: fields, relations, operators and units.</summary>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403) for who is no admin.</exception>
    public Task<RuleVocabulary> FieldsAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + "fields/"), ClientJson.Default.RuleVocabulary, cancellationToken);

    /// <summary>Tries out a rule: how many customers match now, and some of them; compared with a group, who would enter, leave and stay.</summary>
    /// <param name="request">The rule, and what it is to be compared with.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): what is wrong stands at its JSON pointer in <see cref="ClienteleException.Errors"/>.</exception>
    public Task<PreviewResponse> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post(All + "preview/", request, ClientJson.Default.PreviewRequest), ClientJson.Default.PreviewResponse, cancellationToken);

    /// <summary>Explains why a customer is in a group, or is not, node by node of its rule.</summary>
    /// <param name="id">The group's number.</param>
    /// <param name="customer">The customer's number.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for an unknown group or customer.</exception>
    public Task<ExplanationResponse> ExplainAsync(long id, long customer, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Invariant($"{One(id)}explain/?customer={customer}")), ClientJson.Default.ExplanationResponse, cancellationToken);

    private static string One(long id) => Invariant($"{All}{id}/");
}
