using Clientele.Server.Accounts;
using Clientele.Server.Groups;
using Clientele.Server.Loyalty;
using Clientele.Server.Segments;

namespace Clientele.Server.Demo;

/// <summary>
/// Fills an empty database with realistic customers: some named ones with a history of their own, and many others. The same
/// number on the same day creates the same shop.
/// </summary>
internal sealed class DemoSeed(
    ClienteleDb db, Transaction transaction, Database database, Passwords passwords, IOptions<Programme> programme, TimeProvider clock)
{
    public const int FewestCustomers = 10;
    private const int ChunkSize = 2000;

    /// <summary>Limits how many address ids are reserved and not used.</summary>
    private const double AddressesPerCustomer = 1.5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Returns null on success, otherwise an error message. Reports the number of customers written so far.</summary>
    public async Task<string?> RunAsync(int customers, string castPassword, Action<int> progress, CancellationToken cancellationToken)
    {
        if (await ObstacleAsync(cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        var today = clock.Now().Date;
        var castHash = await passwords.HashAsync(castPassword, cancellationToken);

        // Nobody needs this password: only the named customers sign in.
        var bulkHash = await passwords.HashAsync(Guid.NewGuid().ToString(), cancellationToken);
        var mostAddresses = (int)Math.Ceiling(customers * AddressesPerCustomer) + DemoCast.MostAddresses;
        var firstCustomer = await database.TakeIdsAsync(IdBlocks.Customers, customers, cancellationToken) - customers;
        var firstAddress = await database.TakeIdsAsync(IdBlocks.Addresses, mostAddresses, cancellationToken) - mostAddresses;
        var firstGroup = await database.TakeIdsAsync(IdBlocks.Groups, DemoWorld.Groups.Length, cancellationToken) - DemoWorld.Groups.Length;

        // The timeout of a request is a few seconds. A million customers take minutes, and their statistics more than a few seconds.
        await transaction.RunAsync(
            () => WriteAllAsync(
                Groups(firstGroup, today),
                new DemoCast(programme.Value, castHash, today, firstGroup),
                new DemoCrowd(programme.Value, bulkHash, today, firstGroup),
                new Plan(customers, firstCustomer, firstAddress, today),
                progress,
                cancellationToken),
            cancellationToken);
        return null;
    }

    private async Task<string?> ObstacleAsync(CancellationToken cancellationToken)
    {
        if (await db.Customers.TagWith("scatter: is there anybody").Where(c => !c.IsStaff).Select(c => c.Id).Take(1).ToListAsync(cancellationToken) is [_])
        {
            return "The database has customers already. Demo data needs a database without customers: choose another with --database.";
        }

        var names = DemoCast.Members.Select(member => AccountNames.Key(member.Username)).ToArray();
        if (await db.LoginNames.Where(n => names.Contains(n.Name)).Select(n => n.Name).FirstOrDefaultAsync(cancellationToken) is { } taken)
        {
            return $"The username {taken} is taken, and the demo data needs it. Choose another database with --database.";
        }

        return null;
    }

    private async Task WriteAllAsync(List<Group> groups, DemoCast cast, DemoCrowd crowd, Plan plan, Action<int> progress, CancellationToken cancellationToken)
    {
        await db.AllowAsync(Patience, cancellationToken);
        await db.BulkCopyAsync([.. groups, .. groups.Select(group => new GroupName { Name = group.NameKey, GroupId = group.Id })], cancellationToken);
        var members = new long[groups.Count];
        var address = plan.FirstAddress;
        for (var done = 0; done < plan.Customers;)
        {
            var rows = new List<object>();
            var chunk = Math.Min(ChunkSize, plan.Customers - done);
            for (var i = 0; i < chunk; i++)
            {
                var id = plan.FirstCustomer + done + i;
                address += done + i < DemoCast.Size ? cast.Play(rows, done + i, id, address) : crowd.Add(rows, done + i, id, address);
            }

            foreach (var membership in rows.OfType<Membership>())
            {
                membership.EnteredSeq = ++members[membership.GroupId - groups[0].Id];
            }

            await db.BulkCopyAsync(rows, cancellationToken);
            done += chunk;
            progress(done);
        }

        var counts = groups.Select((group, i) => new GroupCount { GroupId = group.Id, Members = members[i], LastSeq = members[i], ChangedAt = plan.Today });
        await db.BulkCopyAsync(counts, cancellationToken);
        await Counter.AddAsync(db, Counter.CustomersName, plan.FirstCustomer, plan.Customers, cancellationToken);
        await Segment.RebuildAsync(db.Segments, cancellationToken);

        // The query planner of neither database knows about rows from a bulk copy.
        await db.Database.ExecuteSqlRawAsync("ANALYZE", cancellationToken);
    }

    private static List<Group> Groups(long firstId, DateTime today) =>
    [
        .. DemoWorld.Groups.Select((name, i) =>
        {
            var group = new Group
            {
                Id = firstId + i,
                Name = name,
                Description = string.Create(CultureInfo.InvariantCulture, $"{name} of the demo shop"),
                DiscountPercentage = i % 4 * 500,
                PrioritySupport = i % 5 == 0,
                FreeShipping = i % 3 == 0,
                CreatedAt = today.AddYears(-3),
                UpdatedAt = today.AddYears(-3),
            };
            group.DeriveKeys();
            return group;
        }),
    ];

    private sealed record Plan(int Customers, long FirstCustomer, long FirstAddress, DateTime Today);
}
