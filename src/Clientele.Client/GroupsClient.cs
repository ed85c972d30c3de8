using static System.FormattableString;

namespace Clientele.Client;

/// <summary>Groups and their members. Everybody who is signed in may read groups; only admins may change them (<c>forbidden</c>, 403).</summary>
public sealed class GroupsClient
{
    private const string All = "api/customers/groups/";

    private readonly Connection _connection;

    internal GroupsClient(Connection connection) => _connection = connection;

    /// <summary>Gets a page of groups.</summary>
    /// <param name="query">Filters, ordering and page; null for the first page of all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for a page past the end.</exception>
    public Task<Page<GroupResponse>> ListAsync(GroupQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + query?.ToQueryString()), WireJson.Default.PageGroupResponse, cancellationToken);

    /// <summary>Walks through groups from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>invalid_token</c> (401): nobody is signed in.</exception>
    public IAsyncEnumerable<GroupResponse> AllAsync(GroupQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(All, query, WireJson.Default.PageGroupResponse, cancellationToken);

    /// <summary>Creates a group.</summary>
    /// <param name="request">The group.</param>
    /// <param name="idempotencyKey">Identifies this creation, so that you can repeat it even after a crash; null to generate a key.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400), also if the name is taken.</exception>
    public Task<Versioned<GroupResponse>> CreateAsync(GroupRequest request, string? idempotencyKey = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(All, request, WireJson.Default.GroupRequest, idempotencyKey), WireJson.Default.GroupResponse, cancellationToken);

    /// <summary>Gets a group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<GroupResponse>> GetAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Get(One(id)), WireJson.Default.GroupResponse, cancellationToken);

    /// <summary>Gets a group, unless the caller already has its current version.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="ifNoneMatch">The ETag of the version that the caller has.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <returns>Null if it has not changed.</returns>
    /// <exception cref="ClienteleException"><c>not_found</c> (404).</exception>
    public Task<Versioned<GroupResponse>?> GetIfChangedAsync(long id, string ifNoneMatch, CancellationToken cancellationToken = default) =>
        _connection.ResourceIfChangedAsync(Call.Get(One(id), ifNoneMatch), WireJson.Default.GroupResponse, cancellationToken);

    /// <summary>Replaces a group: members that are left out get their defaults.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="request">The whole group.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<GroupResponse>> ReplaceAsync(long id, GroupRequest request, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Put(One(id), request, WireJson.Default.GroupRequest, ifMatch), WireJson.Default.GroupResponse, cancellationToken);

    /// <summary>Changes a group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="patch">What to change.</param>
    /// <param name="ifMatch">The ETag of the version that the change is based on; null to change any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400); <c>not_found</c> (404); <c>stale_version</c> (412).</exception>
    public Task<Versioned<GroupResponse>> UpdateAsync(long id, GroupPatch patch, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Patch(One(id), patch, ifMatch), WireJson.Default.GroupResponse, cancellationToken);

    /// <summary>Deletes a group and its memberships, but not its customers.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="ifMatch">The ETag of the version that may be deleted; null for any version.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>not_found</c> (404); <c>group_in_use</c> (409): the rule of another group refers to this group; <c>stale_version</c> (412).
    /// </exception>
    public Task DeleteAsync(long id, string? ifMatch = null, CancellationToken cancellationToken = default) =>
        _connection.DoAsync(Call.Delete(One(id), ifMatch), cancellationToken);

    /// <summary>Gets a page of the members. Admins get all members; other callers get at most themselves and must not filter.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="query">Filters, ordering and page; null for the first page of all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an invalid filter; <c>not_found</c> (404).</exception>
    public Task<Page<CustomerSummary>> ListMembersAsync(long id, CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(One(id) + "members/" + query?.ToQueryString()), WireJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>Walks through the members from page to page. Each page is fetched when it is needed.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="query">Filters and ordering; null for all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for an invalid filter; <c>not_found</c> (404).</exception>
    public IAsyncEnumerable<CustomerSummary> AllMembersAsync(long id, CustomerQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.WalkAsync(One(id) + "members/", query, WireJson.Default.PageCustomerSummary, cancellationToken);

    /// <summary>Adds a customer to the group.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> AddMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "add_member/", customerId, cancellationToken);

    /// <summary>Adds up to 1000 customers to the group: all of them, or none if one is unknown.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerIds">The ids of the customers.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) with the unknown customers.</exception>
    public Task<MembershipsResponse> AddMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "add_member/", customerIds, cancellationToken);

    /// <summary>Removes a customer from the group. In a segment, the customer stays removed until added again or reset.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> RemoveMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "remove_member/", customerId, cancellationToken);

    /// <summary>Removes up to 1000 customers from the group: all of them, or none if one is unknown.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerIds">The ids of the customers.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) with the unknown customers.</exception>
    public Task<MembershipsResponse> RemoveMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "remove_member/", customerIds, cancellationToken);

    /// <summary>Discards the decision by hand about a customer. The group's rule decides again.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404): there is no such group, or no such customer (named in <c>Errors</c>).</exception>
    public Task<MembershipResponse> ResetMemberAsync(long id, long customerId, CancellationToken cancellationToken = default) =>
        OneAsync(id, "reset_member/", customerId, cancellationToken);

    /// <summary>Discards the decisions by hand about up to 1000 customers: about all of them, or about none if one is unknown.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customerIds">The ids of the customers.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>validation_failed</c> (400) with the unknown customers.</exception>
    public Task<MembershipsResponse> ResetMembersAsync(long id, IReadOnlyList<long> customerIds, CancellationToken cancellationToken = default) =>
        ManyAsync(id, "reset_member/", customerIds, cancellationToken);

    /// <summary>Gets the customers who entered and left a group, oldest change first unless told otherwise. Admins only.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="since">The cursor of an earlier response with the same ordering; null to start with the first change.</param>
    /// <param name="pageSize">The maximum number of changes, up to 1000; null for 100.</param>
    /// <param name="orderBy">The ordering; null for the oldest first.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400) for a cursor of another group; <c>not_found</c> (404).</exception>
    public Task<GroupChangesResponse> ChangesAsync(
        long id, string? since = null, int? pageSize = null, GroupChangeOrdering? orderBy = null, CancellationToken cancellationToken = default)
    {
        var parameters = new QueryParameters();
        parameters.Add("since", since);
        parameters.Add("page_size", pageSize);
        parameters.AddOrdering(orderBy is { } ordering ? [ordering] : (IReadOnlyList<GroupChangeOrdering>?)null);
        return _connection.AskAsync(Call.Get(One(id) + "changes/" + parameters), WireJson.Default.GroupChangesResponse, cancellationToken);
    }

    /// <summary>Evaluates a group's rule for all customers in the background. The group's state and progress show how far it is. Admins only.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404); <c>no_rule</c> (409): the group has no rule that decides.</exception>
    public Task<Versioned<GroupResponse>> RebuildAsync(long id, CancellationToken cancellationToken = default) =>
        _connection.ResourceAsync(Call.Post(One(id) + "rebuild/"), WireJson.Default.GroupResponse, cancellationToken);

    private Task<MembershipResponse> OneAsync(long id, string action, long customerId, CancellationToken cancellationToken) => _connection.AskAsync(
        Call.Post(One(id) + action, new MembersRequest { CustomerId = customerId }, WireJson.Default.MembersRequest),
        WireJson.Default.MembershipResponse,
        cancellationToken);

    private Task<MembershipsResponse> ManyAsync(long id, string action, IReadOnlyList<long> customerIds, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(customerIds);
        return _connection.AskAsync(
            Call.Post(One(id) + action, new MembersRequest { CustomerIds = customerIds }, WireJson.Default.MembersRequest),
            WireJson.Default.MembershipsResponse,
            cancellationToken);
    }

    /// <summary>Lists the fields, relations, operators and units of rules.</summary>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>forbidden</c> (403) if the caller is not an admin.</exception>
    public Task<RuleVocabulary> FieldsAsync(CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(All + "fields/"), WireJson.Default.RuleVocabulary, cancellationToken);

    /// <summary>Lists at most twenty values that a field has had recently, the most common first, for suggestions while somebody types.</summary>
    /// <param name="field">A field whose <see cref="RuleField.SuggestsValues"/> is true.</param>
    /// <param name="related">The relation of the field; null for a field of customers.</param>
    /// <param name="search">What the values contain; null for any.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>validation_failed</c> (400): the field has no values to pick from.</exception>
    public Task<SeenValuesResponse> ValuesAsync(
        string field, string? related = null, string? search = null, CancellationToken cancellationToken = default)
    {
        var parameters = new QueryParameters();
        parameters.Add("related", related);
        parameters.Add("field", field);
        parameters.Add("search", search);
        return _connection.AskAsync(Call.Get(All + "values/" + parameters), WireJson.Default.SeenValuesResponse, cancellationToken);
    }

    /// <summary>Tries out a rule: how many customers match now, and some of them. Compared with a group: who would enter, leave and stay.</summary>
    /// <param name="request">The rule, and the group to compare it with.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException">
    /// <c>validation_failed</c> (400): <see cref="ClienteleException.Errors"/> has the messages by JSON pointer.
    /// </exception>
    public Task<PreviewResponse> PreviewAsync(PreviewRequest request, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Post(All + "preview/", request, WireJson.Default.PreviewRequest), WireJson.Default.PreviewResponse, cancellationToken);

    /// <summary>Explains why a customer is or is not in a group, node by node of its rule.</summary>
    /// <param name="id">The group's id.</param>
    /// <param name="customer">The customer's id.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for an unknown group or customer.</exception>
    public Task<ExplanationResponse> ExplainAsync(long id, long customer, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(Call.Get(Invariant($"{One(id)}explain/?customer={customer}")), WireJson.Default.ExplanationResponse, cancellationToken);

    /// <summary>Gets a page of the groups that a customer is in or was excluded from by hand. Admins only.</summary>
    /// <param name="customerId">The customer's id.</param>
    /// <param name="query">Filters, ordering and page; null for the first page of all.</param>
    /// <param name="cancellationToken">Stops waiting for the response.</param>
    /// <exception cref="ClienteleException"><c>not_found</c> (404) for an unknown customer.</exception>
    public Task<Page<MembershipSummary>> ListMembershipsAsync(long customerId, MembershipQuery? query = null, CancellationToken cancellationToken = default) =>
        _connection.AskAsync(
            Call.Get(Invariant($"api/customers/customers/{customerId}/groups/") + query?.ToQueryString()),
            WireJson.Default.PageMembershipSummary,
            cancellationToken);

    private static string One(long id) => Invariant($"{All}{id}/");
}
