namespace Clientele.Server.Demo;

/// <summary>The demo shop's products, and the places where its customers live.</summary>
internal static class DemoWorld
{
    public static readonly DemoProduct[] Products =
    [
        new("tee-01", "Plain T-shirt", "shirts", 1990), new("tee-02", "Striped T-shirt", "shirts", 2490), new("shirt-01", "Linen shirt", "shirts", 5900),
        new("jean-01", "Straight jeans", "trousers", 7900), new("jean-02", "Slim jeans", "trousers", 8900), new("chino-01", "Chinos", "trousers", 6900),
        new("coat-01", "Rain coat", "coats", 14900), new("coat-02", "Wool coat", "coats", 24900), new("shoe-01", "Canvas shoes", "shoes", 6500),
        new("shoe-02", "Running shoes", "shoes", 12900), new("boot-01", "Leather boots", "shoes", 18900), new("bag-01", "Tote bag", "bags", 2900),
        new("bag-02", "Backpack", "bags", 9900), new("hat-01", "Straw hat", "accessories", 3500), new("scarf-01", "Wool scarf", "accessories", 4500),
        new("sock-01", "Socks, five pairs", "accessories", 1500), new("belt-01", "Leather belt", "accessories", 3900),
        new("watch-01", "Field watch", "accessories", 19900),
    ];

    public static readonly DemoPlace[] Places =
    [
        new("USA", "New York", "NY", "10001", "en-US", "USD", "+1212"), new("USA", "Austin", "TX", "73301", "en-US", "USD", "+1512"),
        new("USA", "Seattle", "WA", "98101", "en-US", "USD", "+1206"), new("USA", "Chicago", "IL", "60601", "en-US", "USD", "+1312"),
        new("CAN", "Toronto", "ON", "M5V 2T6", "en-CA", "CAD", "+1416"), new("GBR", "London", null, "SW1A 1AA", "en-GB", "GBP", "+4420"),
        new("GBR", "Manchester", null, "M1 1AE", "en-GB", "GBP", "+44161"), new("DEU", "Berlin", null, "10115", "de", "EUR", "+4930"),
        new("DEU", "München", null, "80331", "de", "EUR", "+4989"), new("FRA", "Paris", null, "75001", "fr", "EUR", "+331"),
        new("ESP", "Madrid", "M", "28001", "es", "EUR", "+3491"), new("NLD", "Amsterdam", null, "1012 AB", "nl", "EUR", "+3120"),
        new("SWE", "Stockholm", null, "11120", "sv", "SEK", "+468"), new("JPN", "Shinjuku", "13", "160-0022", "ja", "JPY", "+813"),
        new("AUS", "Sydney", "NSW", "2000", "en-AU", "AUD", "+612"), new("BRA", "São Paulo", "SP", "01310-100", "pt-BR", "BRL", "+5511"),
    ];

    public static readonly string[] FirstNames =
    [
        "Olivia", "Liam", "Emma", "Noah", "Mia", "Lucas", "Sofia", "Mateo", "Léa", "Hugo", "Hannah", "Paul", "Ines", "Jonas", "Elin", "Oskar",
        "Yuki", "Haruto", "Ana", "João", "Chloé", "Louis", "Isla", "Jack", "Freya", "Arlo", "Zoë", "Finn", "Marta", "Pablo", "Aisha", "Omar",
        "Priya", "Arjun", "Mei", "Wei", "Ngozi", "Kwame", "Nora", "Elif",
    ];

    public static readonly string[] LastNames =
    [
        "Smith", "Johnson", "Brown", "Garcia", "Miller", "Müller", "Schmidt", "Fischer", "Martin", "Bernard", "Dubois", "Silva", "Santos",
        "Oliveira", "Jansen", "de Vries", "Andersson", "Johansson", "Tanaka", "Sato", "Suzuki", "Nguyen", "Kim", "Patel", "Singh", "Khan",
        "O'Brien", "Murphy", "Wilson", "Taylor", "Walker", "Young", "López", "Martínez", "Rossi", "Kowalski", "Novák", "Okafor", "Mensah",
        "Yılmaz",
    ];

    public static readonly string[] Streets =
    [
        "Main St", "High Street", "Park Avenue", "Station Road", "Mill Lane", "Garden Street", "River Road", "Church Street", "Market Square",
        "Harbour Way",
    ];

    public static readonly string[] Sources = ["spring-campaign", "newsletter", "instagram", "google", "friend", "store"];

    public static readonly string[] Tags = ["wholesale", "press", "early-adopter", "complained", "gift-buyer"];

    public static readonly string[] Groups =
    [
        "Wholesale buyers", "Affiliate partners", "Press", "Employees", "Beta testers", "VIP lounge", "Newsletter readers",
        "Active this quarter", "Frequent buyers", "Shoe lovers", "Students", "Teachers", "Birthday club", "Free shipping trial", "Europe",
        "North America", "Asia and Pacific", "Big spenders", "Outlet", "Pre-orders",
    ];

    public static readonly string[] LockReasons = ["Goodwill after a late delivery", "Partner of the shop", "Won the spring raffle"];

    public static readonly string[] ReviewTitles =
        ["Fits well", "As described", "Better than I thought", "Colour is off", "Would buy again", "Too small", "My favourite"];
}
