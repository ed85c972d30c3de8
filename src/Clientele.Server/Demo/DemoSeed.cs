using Clientele.Server.Accounts;
using Clientele.Server.Events;
using Clientele.Server.Groups;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;
using Clientele.Server.Segments;

namespace Clientele.Server.Demo;

/// <summary>
/// Fills an empty database with realistic customers: some named ones with a history of their own, and many others. The same
/// number on the same day creates the same shop.
/// </summary>
internal sealed class DemoSeed(
    ClienteleDb db, Transaction transaction, Database database, Passwords passwords, IOptions<Programme> programme, SegmentRules rules, MessageValues values,
    IOptions<EventSettings> events, TimeProvider clock)
{
    public const int FewestCustomers = 10;
    private const int ChunkSize = 2000;

    /// <summary>Limits how many address ids are reserved and not used.</summary>
    private const double AddressesPerCustomer = 1.5;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    /// <summary>Returns null on success, otherwise an error message. Reports the number of customers written so far.</summary>
    /// <param name="customers">How many, including the named ones and the admins.</param>
    /// <param name="castPassword">The password of the named customers.</param>
    /// <param name="adminPassword">The password of the admin.</param>
    /// <param name="progress">Is told how many customers are written.</param>
    /// <param name="cancellationToken">Stops; nothing is written then.</param>
    public async Task<string?> RunAsync(
        int customers, string castPassword, string adminPassword, Action<int> progress, CancellationToken cancellationToken)
    {
        if (await ObstacleAsync(cancellationToken) is { } obstacle)
        {
            return obstacle;
        }

        var today = clock.Now().Date;

        // Nobody needs the third password: only the named customers and one admin sign in.
        var hashes = new DemoHashes(
            await passwords.HashAsync(castPassword, cancellationToken),
            await passwords.HashAsync(adminPassword, cancellationToken),
            await passwords.HashAsync(Guid.NewGuid().ToString(), cancellationToken));
        var mostAddresses = (int)Math.Ceiling(customers * AddressesPerCustomer) + DemoCast.MostAddresses;
        var firstCustomer = await database.TakeIdsAsync(IdBlocks.Customers, customers, cancellationToken) - customers;
        var firstAddress = await database.TakeIdsAsync(IdBlocks.Addresses, mostAddresses, cancellationToken) - mostAddresses;
        var firstGroup = await database.TakeIdsAsync(IdBlocks.Groups, DemoWorld.Groups.Length, cancellationToken) - DemoWorld.Groups.Length;

        // The stories change it: points of the last orders are held back.
        var own = programme.Value.Copy();

        // The timeout of a request is a few seconds. A million customers take minutes, and their statistics more than a few seconds.
        await transaction.RunAsync(
            () => WriteAllAsync(
                Groups(firstGroup, today),
                new DemoCast(own, hashes, today, firstGroup),
                new DemoCrowd(own, hashes.Nobodys, today, firstGroup, DemoCast.AdminIds(firstCustomer), new DemoMail(values, today)),
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

        var names = DemoCast.Usernames.Select(AccountNames.Key).ToArray();
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
        var (members, last) = (new long[groups.Count], new Dictionary<long, long>());
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

            var stays = rows.OfType<DemoStay>().ToList();
            rows.RemoveAll(row => row is DemoStay);
            DemoStay.Number(stays, last);
            rows.AddRange(stays.Select(stay => stay.ToRow()));
            stays.FindAll(stay => !stay.IsOver).ForEach(stay => members[stay.Group - groups[0].Id]++);
            rows.AddRange(DemoEvents.Of(rows, plan.Today.AddDays(-events.Value.KeepDays)).ToList());
            await db.BulkCopyAsync(rows, cancellationToken);
            done += chunk;
            progress(done);
        }

        await FinishAsync(groups, members, last, plan, cancellationToken);
    }

    private async Task FinishAsync(List<Group> groups, long[] members, Dictionary<long, long> last, Plan plan, CancellationToken cancellationToken)
    {
        var counts = groups.Select((group, i) => new GroupCount
        {
            GroupId = group.Id,
            Members = members[i],
            LastSeq = last.GetValueOrDefault(group.Id),
            ChangedAt = plan.Today,
        });
        await db.BulkCopyAsync(counts, cancellationToken);
        await Counter.AddAsync(db, Counter.CustomersName, plan.FirstCustomer, plan.Customers, cancellationToken);
        for (var i = 0; i < DemoCast.Admins; i++)
        {
            await Counter.AddAdminAsync(db, cancellationToken);
        }

        await Segment.RebuildAsync(db.Segments, cancellationToken);
        await db.BulkCopyAsync(
            groups.Where(group => group.AutoAssign).Select(group => DemoSegments.Segment(group.Id, rules.Fingerprint, plan.Today)), cancellationToken);

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
                AutoAssign = DemoSegments.RuleOf(name) is not null,
                AssignmentRules = DemoSegments.RuleOf(name) ?? "{}",
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
