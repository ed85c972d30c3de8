using Clientele.Server.Loyalty;

namespace Clientele.Server.Demo;

/// <summary>The named customers of the demo shop.</summary>
internal sealed class DemoCast(Programme programme, DemoHashes hashes, DateTime today, long firstGroup)
{
    public const int MostAddresses = 12;

    /// <summary>The admin who can sign in.</summary>
    public const string Admin = "gita";

    private static readonly Person[] People =
    [
        new("ada", "Ada", "Lovelace", 5, 900, "A gold customer and VIP who orders every month"),
        new("ben", "Ben", "Okafor", 0, 3, "Registered three days ago and has not ordered yet"),
        new("carla", "Carla", "Rossi", 9, 800, "Bought for a year, then closed her account"),
        new("dmitri", "Dmitri", "Novák", 7, 400, "Was silver until a large order was refunded"),
        new("emi", "Emi", "Tanaka", 13, 200, "Fills her wishlist and waits for a sale"),
        new("farid", "Farid", "Khan", 4, 1000, "A platinum wholesale buyer with reviews and points"),
        new(Admin, "Gita", "Rao", 5, 1100, "An admin who looks after the customers") { IsStaff = true },
        new("hugo", "Hugo", "Lind", 12, 1050, "An admin who runs the campaigns") { IsStaff = true },
    ];

    public static int Size => People.Length;

    /// <summary>Usernames and descriptions of the customers that can sign in.</summary>
    public static IEnumerable<(string Username, string Story)> Members =>
        People.Where(person => !person.IsStaff).Select(person => (person.Username, person.Story));

    /// <summary>All usernames.</summary>
    public static IEnumerable<string> Usernames => People.Select(person => person.Username);

    public static int Admins => People.Count(person => person.IsStaff);

    /// <summary>The ids of the admins.</summary>
    /// <param name="firstCustomer">The id of the first customer.</param>
    public static long[] AdminIds(long firstCustomer) => [.. Enumerable.Range(0, Size).Where(i => People[i].IsStaff).Select(i => firstCustomer + i)];

    /// <summary>Creates a customer with their history and returns the number of their addresses.</summary>
    public int Play(List<object> rows, int number, long id, long firstAddress)
    {
        var person = People[number];
        var place = DemoWorld.Places[person.Place];
        var joined = today.AddDays(-person.DaysAgo).AddHours(9);
        var story = new DemoStory(rows, programme, Customer(person, place, id, joined), hashes.Of(person.Username, person.IsStaff));
        story.Address(firstAddress, place, "shipping", "1 Demo Street");
        var addresses = Live(story, person.Username, place, joined, firstAddress);
        story.End(today, firstGroup);
        return addresses;
    }

    private int Live(DemoStory story, string username, DemoPlace place, DateTime joined, long firstAddress)
    {
        switch (username)
        {
            case "ada":
                story.Address(firstAddress + 1, place, "billing", "2 Demo Street");
                Monthly(story, "ada", 24, joined, [(Product("coat-02"), 1)]);
                story.Points(500, "Special promotion bonus", joined.AddDays(400));
                return 2;
            case "carla":
                Monthly(story, "carla", 12, joined, [(Product("jean-01"), 1), (Product("tee-01"), 2)]);
                return 1;
            case "dmitri":
                story.Order(Number("dmitri", 1), "delivered", joined.AddDays(10), [(Product("boot-01"), 2)]);
                story.Order(Number("dmitri", 2), "refunded", joined.AddDays(200), [(Product("watch-01"), 5)]);
                return 1;
            case "emi":
                foreach (var product in DemoWorld.Products.Take(6))
                {
                    story.Wishes(product, joined.AddDays(20));
                }

                story.Order(Number("emi", 1), "processing", today.AddDays(-2), [(Product("hat-01"), 1)]);
                return 1;
            case "farid":
                Monthly(story, "farid", 30, joined, [(Product("tee-02"), 20)]);
                story.Reviews("R-FARID-1", Product("tee-02"), 5, "My customers love it", joined.AddDays(90));
                story.Points(2000, "Wholesale thank-you", joined.AddDays(600));
                story.Joins(firstGroup, joined);
                story.Tag("wholesale");
                return 1;
            default:
                return 1;
        }
    }

    private static Customer Customer(Person person, DemoPlace place, long id, DateTime joined) => new()
    {
        Id = id,
        Uuid = Guid.Parse(string.Create(CultureInfo.InvariantCulture, $"01900000-0000-7000-8000-{id:x12}")),
        Username = person.Username,
        Email = $"{person.Username}@example.com",
        FirstName = person.FirstName,
        LastName = person.LastName,
        Phone = place.PhonePrefix + "5550100",
        AcceptsMarketingEmail = person.Username != "carla" && !person.IsStaff,
        IsStaff = person.IsStaff,
        PreferredLanguage = place.Language,
        PreferredCurrency = place.Currency,
        IsVerified = person.Username != "ben",
        IsVip = person.Username == "ada",
        IsActive = person.Username != "carla",
        DateJoined = joined,
        CreatedAt = joined,
        UpdatedAt = joined,
        Notes = person.Story + ".",
        LoyaltyTier = "",
    };

    private static void Monthly(DemoStory story, string username, int months, DateTime joined, IReadOnlyList<(DemoProduct Product, int Quantity)> lines)
    {
        for (var month = 1; month <= months; month++)
        {
            story.Order(Number(username, month), "delivered", joined.AddDays(month * 30), lines);
        }
    }

    private static DemoProduct Product(string id) => Array.Find(DemoWorld.Products, product => product.Id == id)!;

    private static string Number(string who, int order) => string.Create(CultureInfo.InvariantCulture, $"{who.ToUpperInvariant()}-{order:D3}");

    private sealed record Person(string Username, string FirstName, string LastName, int Place, int DaysAgo, string Story)
    {
        public bool IsStaff { get; init; }
    }
}
