using System.Collections.Concurrent;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Loyalty;
using Clientele.Server.Messages;
using Clientele.Server.Rules;
using Clientele.Server.Segments;
using Clientele.Tests.Support;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Npgsql;

namespace Clientele.Tests.Data;

/// <summary>Many nodes look for the same work at the same time. The app's own workers do not run.</summary>
public sealed class ClaimingWork
{
    private const int Claimers = 12;
    private const int Changes = 1000;
    private const int Accounts = 90;
    private static readonly DateTime Now = new(2100, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly DateTime Until = Now.AddMinutes(1);

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_queued_change_goes_to_exactly_one_of_many_workers()
    {
        await using var app = await StartAsync();
        await QueueAsync(app);

        var claimed = await ClaimAllAsync(
            app,
            40,
            db => db.SegmentChanges.TagWith("scatter: anything left").Where(c => c.ClaimedUntil <= Now).Select(c => c.Id),
            (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [], skip, 40, Token));

        Assert.Equal(Enumerable.Range(1, Changes), claimed.Select(change => (int)change.Id).Order());
    }

    [Fact]
    public async Task A_lease_of_a_node_whose_clock_was_ahead_is_free()
    {
        await using var app = await StartAsync();
        Task<bool> TakeAsync(string holder, DateTime now) =>
            app.WithDatabaseAsync(db => Lease.TryTakeAsync(db, "some work", holder, now, now.AddSeconds(5), Token));

        Assert.True(await TakeAsync("ahead", Now.AddMinutes(1)));
        Assert.False(await TakeAsync("right", Now));
        Assert.True(await TakeAsync("ahead", Now.AddYears(1)));
        Assert.True(await TakeAsync("right", Now));
        Assert.False(await TakeAsync("another", Now));
    }

    [Fact]
    public async Task What_a_node_whose_clock_was_ahead_has_claimed_is_free()
    {
        await using var app = await StartAsync();
        var first = await Population.TakeIdsAsync(app, 1);
        await Population.InsertAsync(app, [Person.Named(first, "due", new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc))]);
        var message = new Message
        {
            CustomerId = first,
            Id = Guid.CreateVersion7(),
            Template = Template.PasswordChanged,
            Channel = Channel.Mail,
            Language = "en",
            Recipient = "due@example.com",
            SealedValues = "",
            CreatedAt = Now,
            NextAttemptAt = Now,
            GiveUpAt = Now.AddDays(1),
            ClaimedUntil = Now,
        };
        await QueueAsync(app);
        await app.WithDatabaseAsync(async db =>
        {
            db.Add(message);
            await db.SaveChangesAsync(Token);
            return await db.Customers.Where(c => c.Id == first).ExecuteUpdateAsync(set => set.SetProperty(c => c.LoyaltyDueAt, Now), Token);
        });

        async Task<(bool Changes, bool Accounts, bool Messages)> AnyAtAsync(DateTime now) => (
            await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, now, now.AddMinutes(1), [], skip, 2 * Changes, Token), skip: 0) is not [],
            await ClaimAsync(app, (db, skip) => Upkeep.ClaimDueAsync(db, now, now, now.AddMinutes(1), skip, 10, Token), skip: 0) is not [],
            await ClaimAsync(app, (db, skip) => Message.ClaimAsync(db, Channel.Mail, now, now, now.AddMinutes(1), skip, 10, Token), skip: 0) is not []);
        Assert.Equal((true, true, true), await AnyAtAsync(Now.AddMinutes(1)));
        Assert.Equal((false, false, false), await AnyAtAsync(Now));
        Assert.Equal((true, true, true), await AnyAtAsync(Now.AddYears(1)));
        Assert.Equal((true, true, true), await AnyAtAsync(Now));
    }

    [Fact]
    public async Task Every_account_whose_points_are_due_goes_to_exactly_one_of_many_nodes()
    {
        await using var app = await StartAsync();
        var first = await Population.TakeIdsAsync(app, Accounts);
        var joined = new DateTime(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);
        await Population.InsertAsync(app, [.. Enumerable.Range(0, Accounts).Select(i => Person.Named(first + i, $"due.{i}", joined))]);
        await app.WithDatabaseAsync(db => db.Customers.TagWith("scatter: all are due")
            .ExecuteUpdateAsync(set => set.SetProperty(c => c.LoyaltyDueAt, Now), Token));

        var claimed = await ClaimAllAsync(
            app,
            10,
            db => db.Customers.TagWith("scatter: anything left")
                .Where(c => c.LoyaltyDueAt <= Now && (c.LoyaltyClaimedUntil == null || c.LoyaltyClaimedUntil <= Now))
                .Select(c => c.Id),
            (db, skip) => Upkeep.ClaimDueAsync(db, Now, Now, Until, skip, 10, Token));

        Assert.Equal(Enumerable.Range(0, Accounts).Select(i => first + i), claimed.Order());
    }

    [Fact]
    public async Task The_oldest_are_claimed_first()
    {
        await using var app = await StartAsync();
        await QueueAsync(app);

        var first = await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [], skip, 5, Token), skip: 0);
        var second = await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [], skip, 5, Token), skip: 0);

        Assert.Equal([1, 2, 3, 4, 5], first.Select(change => change.Id).Order());
        Assert.Equal([6, 7, 8, 9, 10], second.Select(change => change.Id).Order());
    }

    [Fact]
    public async Task What_a_dead_node_has_claimed_is_free_when_its_lease_is_over()
    {
        await using var app = await StartAsync();
        await QueueAsync(app);
        await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [], skip, 5, Token), skip: 0);

        var again = await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Until, Until.AddMinutes(1), [], skip, 5, Token), skip: 0);

        Assert.Equal([1, 2, 3, 4, 5], again.Select(change => change.Id).Order());
    }

    [Fact]
    public async Task Changes_of_a_group_that_is_being_built_wait()
    {
        await using var app = await StartAsync();
        await QueueAsync(app, group: 7);

        Assert.Empty(await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [6, 7], skip, 5, Token), skip: 0));
        Assert.Equal(5, (await ClaimAsync(app, (db, skip) => SegmentChange.ClaimAsync(db, Now, Until, [6], skip, 5, Token), skip: 0)).Count);
    }

    [Fact]
    public async Task Who_has_lost_the_oldest_looks_elsewhere()
    {
        var asked = new List<int>();

        var won = await Lease.ClaimAsync(
            () => Task.FromResult(true),
            skip =>
            {
                asked.Add(skip);
                return Task.FromResult(asked.Count < 4 ? [] : new List<int> { 1 });
            },
            most: 10);

        Assert.Equal([1], won);
        Assert.Equal(4, asked.Count);
        Assert.All(asked.Index(), one => Assert.InRange(one.Item, 0, 10 * one.Index));
    }

    [Fact]
    public async Task A_deadlock_with_another_node_is_a_loss_like_any_other()
    {
        var tries = 0;

        var won = await Lease.ClaimAsync(
            () => Task.FromResult(true),
            _ => ++tries == 1
                ? throw new InvalidOperationException(
                    "As Entity Framework says it.",
                    new PostgresException("deadlock detected", "ERROR", "ERROR", PostgresErrorCodes.DeadlockDetected))
                : Task.FromResult(new List<int> { 1 }),
            most: 10);

        Assert.Equal([1], won);
    }

    [Fact]
    public async Task Who_keeps_losing_rests() =>
        Assert.Empty(await Lease.ClaimAsync(() => Task.FromResult(true), _ => Task.FromResult(new List<int>()), most: 10));

    private static Task<ClienteleApp> StartAsync() => ClienteleApp.StartAsync(new()
    {
        Services = services =>
        {
            foreach (var worker in services.Where(s => s.ServiceType == typeof(IHostedService) && s.ImplementationFactory is not null).ToList())
            {
                services.Remove(worker);
            }
        },
    });

    /// <summary>Queues one change for each customer, numbered from 1; they are free from <see cref="Now"/>.</summary>
    private static Task<int> QueueAsync(ClienteleApp app, long group = SegmentChange.AllGroups) => app.WithDatabaseAsync(db =>
    {
        db.AddRange(Enumerable.Range(1, Changes).Select(number => new SegmentChange
        {
            CustomerId = 1_000_000 - number,
            Id = number,
            GroupId = group,
            Facets = Facets.Tags,
            Cause = Cause.Profile,
            QueuedAt = Now,
            ClaimedUntil = Now,
        }));
        return db.SaveChangesAsync(Token);
    });

    private static async Task<IReadOnlyCollection<T>> ClaimAllAsync<T>(
        ClienteleApp app, int most, Func<ClienteleDb, IQueryable<long>> left, Func<ClienteleDb, int, Task<List<T>>> claim)
    {
        var claimed = new ConcurrentQueue<T>();
        await Task.WhenAll(Enumerable.Range(0, Claimers).Select(_ => Task.Run(ClaimOneAsync, Token)));
        return claimed;

        async Task ClaimOneAsync()
        {
            while (await AnyAsync())
            {
                foreach (var one in await Lease.ClaimAsync(AnyAsync, skip => ClaimAsync(app, claim, skip), most))
                {
                    claimed.Enqueue(one);
                }
            }
        }

        async Task<bool> AnyAsync()
        {
            await using var scope = app.Services.CreateAsyncScope();
            return await left(scope.ServiceProvider.GetRequiredService<ClienteleDb>()).Take(1).ToListAsync(Token) is [_];
        }
    }

    private static async Task<List<T>> ClaimAsync<T>(ClienteleApp app, Func<ClienteleDb, int, Task<List<T>>> claim, int skip)
    {
        await using var scope = app.Services.CreateAsyncScope();
        List<T> claimed = [];
        await scope.ServiceProvider.GetRequiredService<Transaction>().RunAsync(
            async () =>
            {
                claimed = await claim(scope.ServiceProvider.GetRequiredService<ClienteleDb>(), skip);
                return true;
            },
            Token);
        return claimed;
    }
}
