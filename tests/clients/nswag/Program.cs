// A client by NSwag.
using System.Net.Http.Headers;
using Generated;

var password = Environment.GetEnvironmentVariable("CLIENTELE_PASSWORD")!;
const string username = "nswag";

using var nobody = new HttpClient();
var anonymous = Client(nobody);
var registered = await anonymous.RegisterCustomerAsync(new RegisterRequest
{
    Username = username, Email = $"{username}@example.com", Password = password, Password2 = password, First_name = "Ada", Last_name = "Lovelace",
});

using var customers = new HttpClient();
var customer = await SignInAsync(customers, username);
Expect(registered.Id, (await customer.GetMeAsync()).Id);

var address = await customer.CreateAddressAsync(new AddressRequest
{
    Address_type = AddressType.Shipping,
    First_name = "Ada",
    Last_name = "Lovelace",
    Address_line1 = "1 Main St",
    City = "New York",
    State = "NY",
    Postal_code = "10001",
    Country = "USA",
});
Expect(AddressType.Shipping, address.Address_type);

using var admins = new HttpClient();
var admin = await SignInAsync(admins, "admin");
var rule = new RuleNode
{
    All = [new() { Field = "total_spent", Op = RuleOperatorName.Gte, Value = "100.00" }, new() { Not = new() { Related = RuleRelationName.Orders } }],
};
var group = await admin.CreateGroupAsync(new GroupRequest { Name = username, Auto_assign = true, Assignment_rules = rule, Discount_percentage = "12.50" });
Expect("12.50", group.Discount_percentage);
Expect(RuleOperatorName.Gte, group.Assignment_rules!.All!.First().Op);

var page = await admin.ListCustomersAsync(search: username);
Expect((1L, username), (page.Count, page.Results.Single().Username));

try
{
    await customer.ListCustomersAsync();
    throw new InvalidOperationException("It was not refused.");
}
catch (ApiException<ProblemBody> refused)
{
    Expect(403, refused.Result.Status);
}

Console.WriteLine("NSwag: done");

Api Client(HttpClient http) => new(http) { BaseUrl = Environment.GetEnvironmentVariable("CLIENTELE_URL")! };

async Task<Api> SignInAsync(HttpClient http, string name)
{
    var tokens = await anonymous.CreateTokenAsync(new TokenRequest { Username = name, Password = password });
    http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", tokens.Access);
    return Client(http);
}

static void Expect<T>(T expected, T actual)
{
    if (!Equals(expected, actual))
    {
        throw new InvalidOperationException($"{actual} instead of {expected}.");
    }
}
