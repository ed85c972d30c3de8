using System.Globalization;
using System.Text.Json.Nodes;

namespace Clientele.Tests.Support;

/// <summary>The things that the paths and examples of the description speak of, and who may do everything with them.</summary>
public sealed class DescribedWorld
{
    private readonly Dictionary<string, long> _ids = [];
    private int _fresh;

    private DescribedWorld(ApiDescription description, Actor admin, Actor customer) => (Description, Admin, Customer) = (description, admin, customer);

    public ApiDescription Description { get; }

    public Actor Admin { get; }

    public Actor Customer { get; }

    public static async Task<DescribedWorld> CreateAsync(ClienteleApp app)
    {
        await app.NewAdminAsync();
        var world = new DescribedWorld(await ApiDescription.OfAsync(app), await app.NewAdminAsync(), await app.CustomerAsync());
        world._ids["customers"] = world.Customer.Id;
        world._ids["addresses"] = (long)(await world.Customer.Post("/api/customers/addresses/", world.Description["CreateAddress"].Example)).Expect(201)["id"];
        world._ids["groups"] = (long)(await world.Admin.Post("/api/customers/groups/", world.Description["CreateGroup"].Example)).Expect(201)["id"];
        return world;
    }

    /// <summary>The operation's path with the ids of things that are there.</summary>
    public string PathOf(Operation operation)
    {
        var segments = operation.Path.Split('/');
        return string.Join('/', segments.Select((segment, i) => segment.StartsWith('{') ? _ids[segments[i - 1]].ToString(CultureInfo.InvariantCulture) : segment));
    }

    /// <summary>The example of the operation's body, with names nobody has yet and the numbers and secrets of this world.</summary>
    public JsonObject ExampleFor(Operation operation)
    {
        var body = operation.Example;
        var fresh = (++_fresh).ToString(CultureInfo.InvariantCulture);
        Set("username", operation.Name == "CreateToken" ? Customer.Username : $"fresh-{fresh}");
        Set("email", $"fresh-{fresh}@example.com");
        Set("password", operation.Name == "CreateToken" ? Customer.Password : "SecureP@ssw0rd123!");
        Set("name", $"Fresh {fresh}");
        Set("refresh", Customer.Refresh);
        Set("old_password", Admin.Password);
        Set("customer_id", Customer.Id);
        Set("customer", Customer.Id);
        return body;

        void Set(string member, JsonNode value)
        {
            if (body.ContainsKey(member))
            {
                body[member] = value;
            }
        }
    }
}
