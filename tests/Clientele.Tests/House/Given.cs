using System.Text.Json.Nodes;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Valid bodies, for tests that are about something else.</summary>
internal static class Given
{
    public static JsonObject Registration(string username) => new()
    {
        ["username"] = username,
        ["email"] = $"{username}@example.com",
        ["password"] = ClienteleApp.Password,
        ["password2"] = ClienteleApp.Password,
        ["first_name"] = "Ada",
        ["last_name"] = "Lovelace",
    };

    /// <summary>The id of a customer who never signs in, for tests that need many.</summary>
    public static async Task<long> RegisterAsync(this ClienteleApp app, string username) =>
        (long)(await app.Stranger.Post("/api/customers/register/", Registration(username))).Expect(201)["id"];

    public static object Address(string type = "shipping", long? customer = null, string line1 = "123 Main St", string city = "New York") => new
    {
        customer,
        address_type = type,
        first_name = "Ada",
        last_name = "Lovelace",
        address_line1 = line1,
        city,
        state = "NY",
        postal_code = "10001",
        country = "USA",
    };

    public static object AddressIn(string country, string? city, string? state, string? code, string line1 = "1 Main Street") => new
    {
        address_type = "shipping",
        first_name = "Ada",
        last_name = "Lovelace",
        address_line1 = line1,
        city,
        state,
        postal_code = code,
        country,
    };
}
