// A client by Kiota.
using Generated;
using Generated.Models;
using Microsoft.Kiota.Abstractions.Authentication;
using Microsoft.Kiota.Abstractions.Serialization;
using Microsoft.Kiota.Http.HttpClientLibrary;

var address = Environment.GetEnvironmentVariable("CLIENTELE_URL")!;
var password = Environment.GetEnvironmentVariable("CLIENTELE_PASSWORD")!;
const string username = "kiota";

var anonymous = Client(new AnonymousAuthenticationProvider());
var registered = await anonymous.Api.Customers.Register.EmptyPathSegment.PostAsync(new RegisterRequest
{
    Username = username, Email = $"{username}@example.com", Password = password, Password2 = password, FirstName = "Ada", LastName = "Lovelace",
});

var customer = await SignInAsync(username);
Expect(registered!.Id, (await customer.Api.Customers.Customers.Me.EmptyPathSegment.GetAsync())!.Id);

var created = await customer.Api.Customers.Addresses.EmptyPathSegment.PostAsync(new AddressRequest
{
    AddressType = AddressType.Shipping,
    FirstName = "Ada",
    LastName = "Lovelace",
    AddressLine1 = "1 Main St",
    City = "New York",
    State = "NY",
    PostalCode = "10001",
    Country = "USA",
});
Expect(AddressType.Shipping, created!.AddressType);

var admin = await SignInAsync("admin");
var rule = new RuleNode
{
    All =
    [
        new() { Field = "total_spent", Op = RuleOperatorName.Gte, Value = new UntypedString("100.00") },
        new() { Not = new() { Related = RuleRelationName.Orders } },
    ],
};
var group = await admin.Api.Customers.Groups.EmptyPathSegment.PostAsync(
    new GroupRequest { Name = username, AutoAssign = true, AssignmentRules = rule, DiscountPercentage = "12.50" });
Expect("12.50", group!.DiscountPercentage);
Expect(RuleOperatorName.Gte, group.AssignmentRules!.All![0].Op);

var list = await admin.Api.Customers.Customers.EmptyPathSegment.GetAsync(request => request.QueryParameters.Search = username);
Expect((1L, username), (list!.CustomerSummaryPage!.Count, list.CustomerSummaryPage.Results!.Single().Username));

try
{
    await customer.Api.Customers.Customers.EmptyPathSegment.GetAsync();
    throw new InvalidOperationException("It was not refused.");
}
catch (ProblemBody refused)
{
    Expect(403, refused.Status);
}

Console.WriteLine("Kiota: done");

Clientele Client(IAuthenticationProvider authentication) => new(new HttpClientRequestAdapter(authentication) { BaseUrl = address });

async Task<Clientele> SignInAsync(string name)
{
    var tokens = await anonymous.Api.Auth.Token.EmptyPathSegment.PostAsync(new TokenRequest { Username = name, Password = password });
    return Client(new BaseBearerTokenAuthenticationProvider(new Session(tokens!.Access!)));
}

static void Expect<T>(T expected, T actual)
{
    if (!Equals(expected, actual))
    {
        throw new InvalidOperationException($"{actual} instead of {expected}.");
    }
}

sealed class Session(string access) : IAccessTokenProvider
{
    public AllowedHostsValidator AllowedHostsValidator { get; } = new();

    public Task<string> GetAuthorizationTokenAsync(Uri uri, Dictionary<string, object>? context = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(access);
}
