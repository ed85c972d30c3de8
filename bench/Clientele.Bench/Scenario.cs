namespace Clientele.Bench;

/// <summary>One endpoint under load.</summary>
/// <param name="Name">The name for <c>--only</c>.</param>
/// <param name="Title">The title in the table.</param>
/// <param name="Target">The most CPU milliseconds a request may take, service and database together.</param>
/// <param name="Django">CPU milliseconds of the same endpoint in Django REST framework.</param>
/// <param name="Script">The script for wrk.</param>
internal sealed record Scenario(string Name, string Title, decimal? Target, string? Django, Func<TestBed, CancellationToken, Task<string>> Script)
{
    private const string Customers = "/api/customers/customers/";

    private static readonly string[] Filters =
    [
        "loyalty_tier=gold&min_spent=1000", "is_vip=true&min_spent=5000", "loyalty_tier=gold&accepts_marketing_email=true", "is_active=false&min_orders=1",
    ];

    private static readonly string[] Terms = ["john", "emma", "schmidt", "hannah fischer", "nguyen", "omar khan", "4321", "kim", "paul.santos", "priya"];

    public static readonly IReadOnlyList<Scenario> All =
    [
        new("me", "me", 1.2m, "12", (bed, _) => Now(Lua.Each("GET", [.. bed.People.Select(person => ($"{Customers}me/?_as={person.Id}", person.Access))]))),
        new("detail", "detail", 1.4m, "14", (bed, _) => Send(bed, "GET", $"{Customers}%d/")),
        new("list", "list, page 1", 1.0m, "140 (2.5 with ideal indexes)", (bed, _) => Get(bed, Customers)),
        new("filtered", "filtered list", 1.5m, "83", (bed, _) => Get(bed, [.. Filters.Select(filter => $"{Customers}?{filter}")])),
        new("search", "search", 5m, "565", (bed, _) => Get(bed, [.. Terms.Select(term => $"{Customers}?search={Uri.EscapeDataString(term)}")])),
        new("deep", "deep page by number", null, "307", (bed, _) => Get(bed, $"{Customers}?page={bed.DeepPage}&page_size=20")),
        new("cursor", "deep page by cursor", null, null, (bed, _) => Get(bed, $"{Customers}?cursor={bed.DeepCursor}&page_size=20")),
        new("stats", "stats", 0.65m, "6.5", (bed, _) => Send(bed, "GET", $"{Customers}%d/stats/")),
        new("address", "address creation", 0.6m, "5.7", (bed, _) => Send(bed, "POST", "/api/customers/addresses/", Bodies.Address)),
        new("order", "order ingestion", null, null, (bed, _) => Send(bed, "PUT", "/api/orders/%s/", Bodies.Order, numbered: true)),
        new("register", "register", null, null, (_, _) => Now(Lua.Unique("POST", "/api/customers/register/", Bodies.Register))),
        new("token", "token", null, null, (bed, _) => Now(Lua.Each(
            "POST",
            [.. bed.People.Select(person => ("/api/auth/token/", ""))],
            [.. bed.People.Select(person => Bodies.Token(person.Username, person.Password))]))),
        new("refresh", "refresh", null, null, async (bed, stop) => Lua.Refresh("/api/auth/token/refresh/", await bed.RefreshTokensAsync(stop))),
    ];

    /// <summary>The endpoints with these names; all of them if none is named.</summary>
    public static IReadOnlyList<Scenario> Named(IReadOnlyList<string> names) =>
        names.Except(All.Select(scenario => scenario.Name)).ToArray() is { Length: > 0 } unknown
            ? throw new BenchException($"There is no endpoint called {string.Join(", ", unknown)}.")
            : [.. All.Where(scenario => names.Count == 0 || names.Contains(scenario.Name))];

    /// <summary>The admin gets these paths in turn.</summary>
    private static Task<string> Get(TestBed bed, params string[] paths) => Now(Lua.Each("GET", [.. paths.Select(path => (path, bed.Admin.Access))]));

    /// <summary>The admin sends requests for random customers.</summary>
    private static Task<string> Send(TestBed bed, string method, string path, string? body = null, bool numbered = false) =>
        Now(Lua.Random(method, path, bed.Admin.Access, bed.FirstId, bed.LastId, body, numbered));

    private static Task<string> Now(string script) => Task.FromResult(script);
}

/// <summary>The bodies to send; <c>%d</c> is a customer, <c>%s</c> a text that has not been sent before.</summary>
internal static class Bodies
{
    public const string Password = "violet-Tram-7-otter";

    public const string Address =
        """{"customer": %d, "address_type": "shipping", "first_name": "John", "last_name": "Doe", "phone": "+1234567890","""
        + """ "address_line1": "123 Main Street", "address_line2": "Apt 4B", "city": "New York", "state": "NY","""
        + """ "postal_code": "10001", "country": "USA", "is_default": false}""";

    public const string Order =
        """{"customer": %d, "status": "paid", "total": "59.80", "placed_at": "2026-01-05T10:00:00Z", "revision": 1, "lines": ["""
        + """{"line_number": 1, "product_id": "tee-01", "sku": "T-1", "name": "Plain T-shirt", "category": "shirts","""
        + """ "quantity": 2, "unit_price": "19.90"},"""
        + """ {"line_number": 2, "product_id": "tote-01", "name": "Tote bag", "quantity": 1, "unit_price": "20.00"}]}""";

    public const string Register =
        $$"""
        {"username": "%s", "email": "%s@example.com", "password": "{{Password}}", "password2": "{{Password}}", "first_name": "John", "last_name": "Doe"}
        """;

    public static string Token(string username, string password) => $$"""{"username": "{{username}}", "password": "{{password}}"}""";
}
