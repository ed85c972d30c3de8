namespace Clientele.Tests.House;

/// <summary>A folder that uses types of another folder, and why it may.</summary>
/// <param name="From">A folder of the server, or for an arrow from the ground a file.</param>
/// <param name="To">The folder whose types are used.</param>
/// <param name="Why">The reason, as one sentence.</param>
internal sealed record Arrow(string From, string To, string Why)
{
    // Every folder may use the ground. The ground itself knows no other folder, except for the files on the list.
    private static readonly string[] Ground = ["Data", "Http"];

    /// <summary>The folders that may use everything.</summary>
    public static readonly string[] Composition = [TypeUse.Root, "Commands"];

    public static readonly Arrow[] Allowed =
    [
        new("Accounts", "Customers", "An account belongs to a customer, and a registration creates both."),
        new("Accounts", "Loyalty", "A new customer starts in the lowest tier."),
        new("Accounts", "Messages", "The owner gets a mail about what happens with the account."),
        new("Accounts", "Operations", "It contributes its settings, and its part of the start."),
        new("Accounts", "Privacy", "Changes of passwords and sessions are audited."),
        new("Accounts", "Rules", "A sign-in says that the last login has changed."),
        new("Accounts", "Segments", "A sign-in queues the customer for evaluation."),
        new("Addresses", "Customers", "An address belongs to a customer, whose row is locked for a change."),
        new("Addresses", "Events", "A statement that changes defaults of addresses adds their events."),
        new("Addresses", "Operations", "It contributes its settings, its part of the check and of the start."),
        new("Addresses", "Privacy", "Changes of addresses are audited."),
        new("Addresses", "Rules", "A change says that addresses have changed."),
        new("Addresses", "Segments", "A change of addresses queues the customer for evaluation."),
        new("Analytics", "Customers", "Snapshots count customers."),
        new("ConsoleHost", "Accounts", "The console signs in, and its refresh token is kept in a cookie."),
        new("ConsoleHost", "Operations", "It contributes its settings."),
        new("Analytics", "Groups", "Figures count the members of groups, and who came and went."),
        new("Analytics", "Loyalty", "Figures count customers by tier, and points over time."),
        new("Analytics", "Messages", "The backlog counts messages."),
        new("Analytics", "Segments", "The backlog counts changes that wait for the segments."),
        new("Bulk", "Events", "A job adds the events of changed tags."),
        new("Bulk", "Groups", "A job adds customers to a group or removes them."),
        new("Bulk", "Customers", "A job changes customers, whom the filters of their list choose."),
        new("Bulk", "Keys", "A job that a key has started ends with the key."),
        new("Bulk", "Privacy", "Changes by a job are audited with its id."),
        new("Customers", "Accounts", "Customers have login names, and a deactivated customer loses the sessions."),
        new("Customers", "Addresses", "A profile shows the addresses, and countries know their currencies."),
        new("Customers", "Events", "A change of tags adds its event."),
        new("Customers", "Groups", "A profile shows the groups."),
        new("Customers", "Loyalty", "The list filters by the tiers that exist."),
        new("Customers", "Operations", "It contributes the check of the counters."),
        new("Customers", "Privacy", "Changes of customers are audited, and a deletion erases."),
        new("Customers", "Rules", "The filters of the list are conditions of rules, and a change says what has changed."),
        new("Customers", "Segments", "A change of tags queues the customer for evaluation."),
        new("Data", "Http", "The transaction knows failed results, and the keys of idempotency have a set."),
        new("Data/ClienteleDb.cs", "Accounts", "It has the sets of accounts."),
        new("Data/ClienteleDb.cs", "Addresses", "It has the set of addresses."),
        new("Data/ClienteleDb.cs", "Bulk", "It has the set of bulk jobs."),
        new("Data/ClienteleDb.cs", "Customers", "It has the sets of customers and locks their rows."),
        new("Data/ClienteleDb.cs", "Events", "It has the sets of events."),
        new("Data/ClienteleDb.cs", "Groups", "It has the sets of groups and locks their rows."),
        new("Data/ClienteleDb.cs", "History", "It has the sets of orders, wishlists and reviews."),
        new("Data/ClienteleDb.cs", "Keys", "It has the set of API keys."),
        new("Data/ClienteleDb.cs", "Loyalty", "It has the sets of the ledger."),
        new("Data/ClienteleDb.cs", "Messages", "It has the set of messages."),
        new("Data/ClienteleDb.cs", "Privacy", "It has the sets of the audit trail."),
        new("Data/ClienteleDb.cs", "Segments", "It has the sets of segments."),
        new("Data/ClienteleDb.cs", "Webhooks", "It has the sets of webhooks."),
        new("Demo", "Accounts", "The demo creates accounts."),
        new("Demo", "Addresses", "The demo creates addresses."),
        new("Demo", "Customers", "The demo creates customers."),
        new("Demo", "Events", "The demo creates events."),
        new("Demo", "Groups", "The demo creates groups."),
        new("Demo", "History", "The demo creates orders, wishlists and reviews."),
        new("Demo", "Loyalty", "The demo creates points and tiers."),
        new("Demo", "Messages", "The demo creates messages that were sent or have failed."),
        new("Demo", "Privacy", "The demo creates an audit trail."),
        new("Demo", "Segments", "The demo creates segments."),
        new("Events", "Addresses", "Changes of addresses are events."),
        new("Events", "Customers", "Changes of customers are events, and a customer counts them."),
        new("Events", "History", "New revisions of orders are events."),
        new("Events", "Loyalty", "Changes of points and tiers are events, and points expire."),
        new("Events", "Operations", "It contributes its settings, and its part of the check."),
        new("Events", "Segments", "An event is never later than the row that queues its customer."),
        new("Groups", "Customers", "Members are customers."),
        new("Groups", "Events", "Entries and exits are events."),
        new("Groups", "Loyalty", "Benefits include those of the tier."),
        new("Groups", "Operations", "It contributes the check of the numbers of members."),
        new("Groups", "Privacy", "Changes of groups and memberships are audited."),
        new("Groups", "Rules", "A group may have a rule, which is parsed, tried out and explained."),
        new("Groups", "Segments", "A change of a rule starts a build, and a decision by hand is evaluated at once."),
        new("History", "Customers", "Orders, wishlists and reviews belong to a customer."),
        new("History", "Loyalty", "Orders earn points and raise tiers."),
        new("History", "Operations", "It contributes its settings, and the check of the statistics."),
        new("History", "Rules", "A change says that reviews or wishlists have changed."),
        new("History", "Segments", "A change of reviews or wishlists queues the customer for evaluation."),
        new("Http", "Data", "Idempotency, lists and the caller read the database."),
        new("Http/Caller.cs", "Addresses", "The caller sees some addresses."),
        new("Http/Caller.cs", "Customers", "The caller sees some customers."),
        new("Keys", "Accounts", "A key is sent where others send an access token, and an admin steps up to create one."),
        new("Keys", "Customers", "A change of a key locks the admin who makes it, for the audit."),
        new("Keys", "Privacy", "Changes of keys are audited."),
        new("Loyalty", "Customers", "Points and tiers belong to a customer."),
        new("Loyalty", "History", "Orders earn points."),
        new("Loyalty", "Operations", "It contributes its settings, and the check of points and tiers."),
        new("Messages", "Customers", "A message is to a customer, in their language and in the name of the shop."),
        new("Messages", "Operations", "It contributes its settings, and the check of the outbox."),
        new("Messages", "Privacy", "Messages that an admin sends again are audited."),
        new("Operations", "Customers", "The check goes through the customers in chunks."),
        new("Operations", "Groups", "The readiness probe reads a small table."),
        new("Privacy", "Accounts", "An export shows the account, and an erasure ends it."),
        new("Privacy", "Addresses", "An export shows the addresses, and an erasure deletes them."),
        new("Privacy", "Customers", "An export shows the customer, and an erasure clears it."),
        new("Privacy", "Events", "An erasure removes what events tell about the person."),
        new("Privacy", "Groups", "An export shows the memberships, and an erasure ends them."),
        new("Privacy", "History", "An export shows orders, wishlists and reviews."),
        new("Privacy", "Loyalty", "An export shows points and tiers."),
        new("Privacy", "Messages", "An export shows the messages."),
        new("Privacy", "Webhooks", "An erasure removes what receivers have answered about the person."),
        new("Privacy", "Operations", "It contributes the check of the audit chains."),
        new("Rules", "Accounts", "Rules compare usernames and e-mails as sign-ins do."),
        new("Rules", "Addresses", "Rules ask for addresses, and know countries by their names."),
        new("Rules", "Customers", "Rules ask for customers."),
        new("Rules", "Groups", "Rules ask for the members of other groups: the set of memberships, and nothing else."),
        new("Rules", "History", "Rules ask for orders, wishlists and reviews."),
        new("Rules", "Loyalty", "Rules ask for points, and compare tiers in their order."),
        new("Search", "Accounts", "Customers are found by their login names."),
        new("Search", "Customers", "Customers are found."),
        new("Search", "Groups", "Groups are found."),
        new("Search", "History", "Orders are found."),
        new("Segments", "Addresses", "The queue notices saved addresses."),
        new("Segments", "Customers", "The engine evaluates customers."),
        new("Segments", "Groups", "The engine writes memberships."),
        new("Segments", "History", "The queue notices saved orders, wishlists and reviews."),
        new("Segments", "Loyalty", "The queue notices saved points, and tiers are part of a segment's fingerprint."),
        new("Segments", "Operations", "It contributes the check of the members."),
        new("Segments", "Rules", "A segment is evaluated by its rule."),
        new("Webhooks", "Accounts", "An admin steps up to create a webhook."),
        new("Webhooks", "Customers", "A change of a webhook locks the admin who makes it, and webhooks are told nothing about staff."),
        new("Webhooks", "Events", "Events are delivered in the order of the feed."),
        new("Webhooks", "Groups", "A webhook is told about some groups."),
        new("Webhooks", "Operations", "It contributes its settings, and names the release to receivers."),
        new("Webhooks", "Privacy", "Changes of webhooks are audited."),
    ];

    /// <summary>The uses that need an arrow.</summary>
    public static IEnumerable<TypeUse> Counted(IEnumerable<TypeUse> uses) =>
        uses.Where(use => !Ground.Contains(use.To) || Ground.Contains(use.From));

    /// <summary>The arrow that a use needs.</summary>
    public static Arrow Of(TypeUse use) =>
        new(Ground.Contains(use.From) && !Ground.Contains(use.To) ? use.File : use.From, use.To, "TODO: why");

    public bool Allows(TypeUse use) => Of(use) is var needed && (From, To) == (needed.From, needed.To);

    public override string ToString() => $"new(\"{From}\", \"{To}\", \"{Why}\")";
}
