using System.ComponentModel.DataAnnotations;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using Clientele.Client;
using Clientele.Server.Http;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>A text has as many characters as it has code points: 150 emoji fit into 150.</summary>
public sealed class CountingCharacters(ClienteleApp app)
{
    private const string Fox = "🦊";

    public static TheoryData<Type> Requests =>
    [
        .. typeof(RegisterRequest).Assembly.GetTypes().Where(type => type.Name.EndsWith("Request", StringComparison.Ordinal))
            .Where(type => type.GetProperties().Any(property => property.IsDefined(typeof(StringLengthAttribute)))).OrderBy(type => type.Name),
    ];

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_member_takes_as_many_emoji_as_it_takes_characters(Type request)
    {
        var read = typeof(CountingCharacters).GetMethod(nameof(Complaints), BindingFlags.NonPublic | BindingFlags.Static)!.MakeGenericMethod(request);
        foreach (var property in request.GetProperties())
        {
            if (property.GetCustomAttribute<StringLengthAttribute>() is not { } length)
            {
                continue;
            }

            var member = JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name);
            Assert.Empty((IEnumerable<string>)read.Invoke(null, [member, length.MaximumLength])!);
            Assert.Equal([$"At most {length.MaximumLength} characters."], (IEnumerable<string>)read.Invoke(null, [member, length.MaximumLength + 1])!);
        }
    }

    [Fact]
    public async Task Emoji_are_stored_and_found_again()
    {
        var admin = await app.AdminAsync();
        var customer = await app.CustomerAsync(with: new { first_name = Foxes(150), last_name = Foxes(150) });
        var body = new { tags = new[] { Foxes(50) }, notes = Foxes(10_000), metadata = new Dictionary<string, string> { [Foxes(50)] = Foxes(1000) } };

        var read = (await admin.Patch(customer.Url, body)).Expect(200);

        Assert.Equal(Foxes(150), (string)read["first_name"]!);
        Assert.Equal(Foxes(1000), (string)read["metadata"][Foxes(50)]!);
        (await admin.Patch(customer.Url, new { tags = new[] { Foxes(51) } })).ExpectProblem(400, "tags");
        (await admin.Patch(customer.Url, new { metadata = new { text = Foxes(1001) } })).ExpectProblem(400, "metadata.text");
        (await admin.Put($"/api/customers/customers/{customer.Id}/wishlist/{Uri.EscapeDataString(Foxes(100))}/", new { name = Foxes(255) })).Expect(201);
        (await admin.Put($"/api/customers/customers/{customer.Id}/wishlist/{Uri.EscapeDataString(Foxes(101))}/", new { name = "x" })).ExpectProblem(400);
    }

    [Fact]
    public async Task Rules_count_them_too()
    {
        var admin = await app.AdminAsync();
        foreach (var field in new[] { "first_name", "tags", "metadata.fox", "email", "phone" })
        {
            await PreviewAsync(field, 1000, 200);
            await PreviewAsync(field, 1001, 400);
        }

        async Task PreviewAsync(string field, int length, int status)
        {
            var rule = new { field, op = field == "tags" ? "contains_any" : "in", value = new[] { Foxes(length) } };
            (await admin.Post($"{Lists.Groups}preview/", new { assignment_rules = rule })).Expect(status);
        }
    }

    private static string Foxes(int length) => string.Concat(Enumerable.Repeat(Fox, length));

    private static string[] Complaints<T>(string member, int length)
        where T : class
    {
        var json = JsonSerializer.SerializeToElement(new JsonObject { [member] = Foxes(length) });
        new Body<T>(json, admin: true).Read(out var errors);
        return errors.ToDictionary().GetValueOrDefault(member, []);
    }
}
