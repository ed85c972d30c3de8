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
        new("Accounts", "Privacy", "Changes of passwords and sessions are audited."),
        new("Accounts", "Segments", "Rules ask for the last login."),
        new("Addresses", "Customers", "An address belongs to a customer, whose row is locked for a change."),
        new("Addresses", "Privacy", "Changes of addresses are audited."),
        new("Addresses", "Segments", "Rules ask for addresses."),
        new("Analytics", "Customers", "Snapshots count customers."),
        new("Analytics", "Groups", "Snapshots count the members of groups."),
        new("Analytics", "Loyalty", "Snapshots count customers by tier."),
        new("Customers", "Accounts", "Customers have login names, and a deactivated customer loses the sessions."),
        new("Customers", "Addresses", "A profile shows the addresses, and countries know their currencies."),
        new("Customers", "Groups", "A profile shows the groups."),
        new("Customers", "Privacy", "Changes of customers are audited, and a deletion erases."),
        new("Customers", "Segments", "Rules ask for customers, and the list takes a rule as a filter."),
        new("Data/Check.cs", "Customers", "The check compares the counters with the customers."),
        new("Data/Check.cs", "Groups", "The check counts the members of groups."),
        new("Data/Check.cs", "Loyalty", "The check compares tiers with the programme."),
        new("Data/Check.cs", "Privacy", "The check verifies the audit chains."),
        new("Data/Check.cs", "Segments", "The check looks for memberships that differ from the rule."),
        new("Data/ClienteleDb.cs", "Accounts", "It has the sets of accounts."),
        new("Data/ClienteleDb.cs", "Addresses", "It has the set of addresses."),
        new("Data/ClienteleDb.cs", "Customers", "It has the sets of customers and locks their rows."),
        new("Data/ClienteleDb.cs", "Groups", "It has the sets of groups and locks their rows."),
        new("Data/ClienteleDb.cs", "History", "It has the sets of orders, wishlists and reviews."),
        new("Data/ClienteleDb.cs", "Loyalty", "It has the sets of the ledger."),
        new("Data/ClienteleDb.cs", "Privacy", "It has the sets of the audit trail."),
        new("Data/ClienteleDb.cs", "Segments", "It has the sets of segments."),
        new("Data/CustomerCheck.cs", "Customers", "The check reads customers in chunks."),
        new("Data/CustomerCheck.cs", "History", "The check compares statistics with orders."),
        new("Data/CustomerCheck.cs", "Loyalty", "The check replays the ledger."),
        new("Data/CustomerCheck.cs", "Privacy", "The check verifies the audit chains of customers."),
        new("Data/Maintenance.cs", "Accounts", "Maintenance deletes expired tokens, throttles, networks and keys."),
        new("Data/Maintenance.cs", "Loyalty", "Maintenance expires points."),
        new("Data/PostgresClienteleDb.cs", "Customers", "It has the statements for customers that only PostgreSQL has."),
        new("Data/PostgresClienteleDb.cs", "Groups", "It has the statements for memberships that only PostgreSQL has."),
        new("Data/PostgresClienteleDb.cs", "Segments", "It has the statements for the queue that only PostgreSQL has."),
        new("Data/SqliteClienteleDb.cs", "Groups", "It has the statements for memberships that only SQLite has."),
        new("Data/SqliteClienteleDb.cs", "Segments", "It has the statements for the queue that only SQLite has."),
        new("Data/UnitOfWork.cs", "Privacy", "Audit entries are written before a transaction commits."),
        new("Data", "Http", "The transaction knows failed results, and the keys of idempotency have a set."),
        new("Demo", "Accounts", "The demo creates accounts."),
        new("Demo", "Addresses", "The demo creates addresses."),
        new("Demo", "Customers", "The demo creates customers."),
        new("Demo", "Groups", "The demo creates groups."),
        new("Demo", "History", "The demo creates orders, wishlists and reviews."),
        new("Demo", "Loyalty", "The demo creates points and tiers."),
        new("Demo", "Segments", "The demo creates segments."),
        new("Groups", "Customers", "Members are customers."),
        new("Groups", "Loyalty", "Benefits include those of the tier."),
        new("Groups", "Privacy", "Changes of groups and memberships are audited."),
        new("Groups", "Segments", "A group may have a rule, and joining by hand asks it."),
        new("History", "Customers", "Orders, wishlists and reviews belong to a customer."),
        new("History", "Loyalty", "Orders earn points and raise tiers."),
        new("History", "Segments", "Rules ask for wishlists and reviews."),
        new("Http/Caller.cs", "Addresses", "The caller sees some addresses."),
        new("Http/Caller.cs", "Customers", "The caller sees some customers."),
        new("Http/HealthEndpoints.cs", "Groups", "The readiness check reads a small table."),
        new("Http/HealthEndpoints.cs", "Operations", "The readiness check asks whether the node is ready."),
        new("Http/Idempotency.cs", "Accounts", "Fingerprints of requests are made with a server key."),
        new("Http/OpenApi.cs", "Operations", "The description reads the settings of the server."),
        new("Http/OpenApiPages.cs", "Operations", "The pages read the settings of the server."),
        new("Http/Problems.cs", "Operations", "A failure of the database changes the readiness."),
        new("Http/PublicAddress.cs", "Operations", "The public address is a setting of the server."),
        new("Http/Resource.cs", "Addresses", "It knows which endpoints of addresses create."),
        new("Http/Resource.cs", "Segments", "It knows which endpoints of segments accept work."),
        new("Http", "Data", "Idempotency, lists and the caller read the database."),
        new("Loyalty", "Customers", "Points and tiers belong to a customer."),
        new("Loyalty", "History", "Orders earn points."),
        new("Loyalty", "Privacy", "Changes of points and tiers are audited."),
        new("Operations", "Accounts", "Settings of accounts are checked at the start."),
        new("Operations", "Addresses", "Settings of addresses are checked at the start."),
        new("Operations", "History", "Settings of orders are checked at the start."),
        new("Operations", "Loyalty", "Settings of the programme are checked at the start."),
        new("Privacy", "Accounts", "An export shows the account, and an erasure ends it."),
        new("Privacy", "Addresses", "An export shows the addresses, and an erasure deletes them."),
        new("Privacy", "Customers", "An export shows the customer, and an erasure clears it."),
        new("Privacy", "Groups", "An export shows the memberships, and an erasure ends them."),
        new("Privacy", "History", "An export shows orders, wishlists and reviews."),
        new("Privacy", "Loyalty", "An export shows points and tiers."),
        new("Privacy", "Segments", "An erasure ends the memberships that rules gave."),
        new("Segments", "Addresses", "Rules ask for addresses."),
        new("Segments", "Customers", "Rules ask for customers."),
        new("Segments", "Groups", "A segment is the rule of a group and writes memberships."),
        new("Segments", "History", "Rules ask for orders, wishlists and reviews."),
        new("Segments", "Loyalty", "Rules ask for points and tiers."),
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
