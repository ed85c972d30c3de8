using Clientele.Server.Customers;
using Clientele.Server.Data;
using Clientele.Server.Groups;
using Clientele.Server.Loyalty;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Support;

/// <summary>
/// An app with several hundred varied customers, and a naive model of all of them, which the lists are compared with. For classes whose tests only
/// read.
/// </summary>
public sealed class Population : IAsyncDisposable
{
    public const int Size = 120;

    private static readonly string[] FirstNames =
    [
        "Ada", "José", "Zoë", "ÅSA", "李", "Jean-Luc", "O’Neil", "100%", "under_score", "back\\slash", "[bracket]", "🦊 Fox", "Ж",
        "Ann",
    ];
    private static readonly string[] LastNames =
    [
        "Lovelace", "García Márquez", "Łukasz", "Straße", "小明", "d'Arc", "van der Berg", "Müller-Lüdenscheidt", "x_y", "50%off",
        "Достоевский", "O'Brien", "al-Khwārizmī", "",
    ];
    private static readonly string?[] Genders = [null, "female", "Male", "MALE", "non-binary", "Ünsure"];
    private static readonly string[] Languages = ["en", "de", "pt-BR", "zh-Hant-TW"];
    private static readonly string[] Currencies = ["USD", "EUR", "JPY"];
    private static readonly string[] Tiers = ["bronze", "silver", "gold", "platinum"];
    private static readonly string[] Tags = ["wholesale", "Press", "Été"];
    private static readonly DateTime Start = new(2025, 1, 1, 0, 0, 0, DateTimeKind.Utc);

    private readonly Lazy<Task<Population>> _ready;
    private ClienteleApp? _app;

    public Population() => _ready = new(BeginAsync);

    internal ClienteleApp App => _app!;

    internal Actor Admin { get; private set; } = null!;

    internal IReadOnlyList<Person> People { get; private set; } = [];

    /// <summary>The ids of two groups: the first has members, the second had some.</summary>
    internal long[] Groups { get; private set; } = [];

    /// <summary>Started by the first test that needs it, so that only that test is skipped if there is no database.</summary>
    public Task<Population> ReadyAsync() => _ready.Value;

    public async ValueTask DisposeAsync()
    {
        if (_app is not null)
        {
            await _app.DisposeAsync();
        }
    }

    /// <summary>Inserts customers who cannot sign in, and counts them as if they had registered.</summary>
    internal static Task InsertAsync(ClienteleApp app, IReadOnlyCollection<Person> people) => app.WithDatabaseAsync(async db =>
    {
        var seq = new Dictionary<long, long>();
        db.AddRange(people.Select(person => person.ToRow()));
        db.AddRange(people.Select(person =>
            new TierInterval { CustomerId = person.Id, Sequence = 1, Tier = person.Tier, From = person.Joined, Cause = "registered" }));
        foreach (var person in people)
        {
            db.AddRange(person.Tags.Select(tag => new CustomerTag { CustomerId = person.Id, TagKey = TextFolding.NameKey(tag), Tag = tag }));
            db.AddRange(person.Groups.Select(group => new Membership
            {
                CustomerId = person.Id,
                GroupId = group,
                Origin = MembershipOrigin.Included,
                IsMember = true,
                ChangedAt = person.Joined,
                EnteredAt = person.Joined,
                EnteredSeq = seq[group] = seq.GetValueOrDefault(group) + 1,
                EnteredCause = Cause.ByHand,
            }));
        }

        await db.SaveChangesAsync();
        foreach (var (group, members) in seq)
        {
            await db.GroupCounts.Where(c => c.GroupId == group)
                .ExecuteUpdateAsync(set => set.SetProperty(c => c.Members, members).SetProperty(c => c.LastSeq, members));
        }

        return await Counter.AddAsync(db, Counter.CustomersName, 0, people.Count, CancellationToken.None);
    });

    /// <summary>The first of a number of ids that nobody else gets.</summary>
    internal static async Task<long> TakeIdsAsync(ClienteleApp app, int count) =>
        await app.Services.GetRequiredService<Database>().TakeIdsAsync(IdBlocks.Customers, count, CancellationToken.None) - count;

    private static async Task<long> GroupAsync(Actor admin, string name) =>
        (long)(await admin.Post(Lists.Groups, new { name })).Expect(201)["id"];

    /// <summary>Everything is random, from small pools, so that ties, gaps and boundary values are frequent.</summary>
    private static Person Somebody(Random random, long id, int number, long group)
    {
        T Of<T>(T[] pool) => pool[random.Next(pool.Length)];
        bool Maybe() => random.Next(2) == 0;

        // Midnights, and instants right next to them, so that boundaries are hit exactly.
        DateTime Instant() => Start.AddDays(random.Next(12) * 30).AddMilliseconds(Of([0, 0, 1, -1, 43_200_000, 5_500]));

        var orders = random.Next(4) == 0 ? 0 : random.Next(1, 6);
        return new Person
        {
            Id = id,
            Username = $"{Of(["ada", "Jose", "user", "x-y", "zz"])}.{number}",
            Email = $"{Of(["ada", "info", "j.o", "zoe+tag"])}{number}@{Of(["example.com", "mail.example.org", "shop-24.de"])}",
            FirstName = random.Next(8) == 0 ? "" : Of(FirstNames),
            LastName = Of(LastNames),
            Phone = Maybe() ? null : $"+{Of(["1", "49", "442"])}{random.Next(10_000_000, 99_999_999)}",
            PhoneVerified = Maybe(),
            Gender = Of(Genders),
            Mail = Maybe(),
            Sms = Maybe(),
            Language = Of(Languages),
            Currency = Of(Currencies),
            IsVerified = Maybe(),
            IsVip = random.Next(4) == 0,
            IsActive = random.Next(4) > 0,
            IsStaff = random.Next(20) == 0,
            Joined = Instant(),
            Updated = Start.AddDays(number % 7).AddMilliseconds(number % 2),
            Source = (number % 3) switch { 0 => null, 1 => "Newsletter", _ => "shop" },
            Orders = orders,
            Spent = orders == 0 ? 0 : Of([999.99m, 1000m, 1000.01m, 5000m, 0.01m, 12_345.67m]),
            LastOrder = orders == 0 ? null : Instant(),
            Points = Of([0L, 1, 500, 5_000_000_000, 20]),
            Tier = Of(Tiers),
            Tags = [.. Tags.Where(_ => random.Next(3) == 0)],
            Groups = random.Next(3) == 0 ? [group] : [],
        };
    }

    private async Task<Population> BeginAsync()
    {
        _app = await ClienteleApp.StartAsync();
        Admin = await _app.AdminAsync();
        Groups = [await GroupAsync(Admin, "Members"), await GroupAsync(Admin, "Nobody")];
        var random = new Random(20260101);
        var first = await TakeIdsAsync(_app, Size);
        Person[] people = [.. Enumerable.Range(0, Size).Select(number => Somebody(random, first + number, number, Groups[0]))];
        await InsertAsync(_app, people);

        // Removed by hand from a group with a rule: not a member, although there is a row.
        await _app.WithDatabaseAsync(async db =>
        {
            db.AddRange(people.Take(5).Select(person => new Membership
            {
                CustomerId = person.Id,
                GroupId = Groups[1],
                Origin = MembershipOrigin.Excluded,
                IsMember = false,
                ChangedAt = person.Joined,
            }));
            return await db.SaveChangesAsync();
        });

        People = [.. people, Person.Of((await Admin.Get("/api/customers/customers/me/")).Expect(200).Json)];
        return this;
    }
}
