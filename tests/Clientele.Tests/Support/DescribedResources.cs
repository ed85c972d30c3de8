using System.Globalization;
using System.Text.Json.Nodes;
using Clientele.Tests.Bulk;
using Clientele.Tests.Webhooks;
using Microsoft.IdentityModel.JsonWebTokens;

namespace Clientele.Tests.Support;

/// <summary>The resources that the paths and examples of the description mention, and an admin who may do everything with them.</summary>
public sealed class DescribedResources
{
    private const string Phone = "+4915112345678";
    private readonly Dictionary<string, string> _ids = [];
    private readonly ClienteleApp _app;
    private string _segment = "";
    private string _customersSession = "";
    private string _challenge = "";
    private string _recoveryCode = "";
    private int _fresh;

    private DescribedResources(ClienteleApp app, ApiDescription description, Actor admin, Actor customer) =>
        (_app, Description, Admin, Customer) = (app, description, admin, customer);

    public ApiDescription Description { get; }

    public Actor Admin { get; }

    public Actor Customer { get; }

    /// <summary>The authenticator app that the admin is setting up; null if there is none.</summary>
    public Authenticator? Authenticator { get; set; }

    public static async Task<DescribedResources> CreateAsync(ClienteleApp app)
    {
        await app.NewAdminAsync();
        var world = new DescribedResources(app, await ApiDescription.OfAsync(app), await app.NewAdminAsync(), await app.CustomerAsync());
        world._ids["customers"] = world.Customer.Id.ToString(CultureInfo.InvariantCulture);
        var address = await world.Customer.Post("/api/customers/addresses/", world.Description["CreateAddress"].Example);
        world._ids["addresses"] = address.Expect(201)["id"].ToString();

        // Admins are created without a name. An empty one that is stored can be put back, so the tests would take it for one that is accepted.
        (await world.Admin.Patch("/api/customers/customers/update_profile/", new { first_name = "Ada", phone = Phone })).Expect(200);
        world._ids["groups"] = (await world.Admin.Post("/api/customers/groups/", world.Description["CreateGroup"].Example)).Expect(201)["id"].ToString();
        var segment = new { name = "A segment", auto_assign = true, assignment_rules = new { field = "is_vip", op = "eq", value = true } };
        world._segment = (await world.Admin.Post("/api/customers/groups/", segment)).Expect(201)["id"].ToString();
        (await world.Admin.Post($"{world.Customer.Url}add_loyalty_points/", new { points = 100_000 })).Expect(200);
        var redemption = await world.Admin.Post($"{world.Customer.Url}redeem_loyalty_points/", new { points = 1, reason = "A voucher" });
        world._ids["entries"] = redemption.Expect(200)["entry_id"].ToString();
        var order = new { customer = world.Customer.Id, status = "pending", total = 1, placed_at = "2025-10-15T14:30:00Z", revision = 0 };
        world._ids["orders"] = $"order-of-{world.Customer.Username}";
        (await world.Admin.Put($"/api/orders/{world._ids["orders"]}/", order)).Expect(201);
        var review = new { customer = world.Customer.Id, product_id = "p-100", rating = 5, revision = 0 };
        world._ids["reviews"] = $"review-of-{world.Customer.Username}";
        (await world.Admin.Put($"/api/reviews/{world._ids["reviews"]}/", review)).Expect(201);
        world._ids["messages"] = $"{await app.FailAMessageAsync(world.Customer.Id)}";
        world._ids["sessions"] = SessionOf(await app.SignInAsync(world.Admin.Username, world.Admin.Password));
        await world.SignInHalfwayAsync(app);
        var job = new { action = "add_tags", ids = new[] { world.Customer.Id }, tags = new[] { "wholesale" } };
        world._ids["bulk"] = (string)(await world.Admin.ChangeAsync(job))["id"]!;
        world._ids["webhooks"] = (string)(await world.Admin.Post("/api/webhooks/", world.ExampleFor(world.Description["CreateWebhook"]))).Expect(201)["id"]!;
        world._ids["deliveries"] = $"{await app.DeliveredRegistrationAsync(Guid.Parse(world._ids["webhooks"]), world.Customer.Id)}";
        world._ids["keys"] = (await app.KeyAsync("orders:read")).KeyId;
        return world;
    }

    /// <summary>Another customer has sent the password, and the service asks for the second factor.</summary>
    private async Task SignInHalfwayAsync(ClienteleApp app)
    {
        var careful = await app.CustomerAsync();
        _recoveryCode = (await Authenticator.OfAsync(careful, app.Clock)).RecoveryCodes[0];
        var asked = await app.Stranger.Post("/api/auth/token/", new { username = careful.Username, password = careful.Password });
        _challenge = (string)asked.Expect(401)["challenge"]!;
    }

    /// <summary>The operation's path with ids of existing resources, or with the examples in the description.</summary>
    public string PathOf(Operation operation)
    {
        var segments = operation.Path.Split('/');
        return string.Join('/', segments.Select((segment, i) =>
            !segment.StartsWith('{') ? segment
            : operation.Name == "RebuildGroup" ? _segment
            : segment == "{session}" && _customersSession.Length > 0 ? _customersSession
            : _ids.TryGetValue(segments[i - 1], out var id) ? id
            : Description.Parameters(operation).Single(parameter => (string)parameter["name"]! == segment[1..^1])["example"]!.ToString()));
    }

    /// <summary>The examples of the operation's parameters, if one of them is required.</summary>
    public string QueryOf(Operation operation)
    {
        var parameters = Description.Parameters(operation).Where(parameter => (string)parameter["in"]! == "query").ToList();
        return parameters.Exists(parameter => parameter["required"]?.GetValue<bool>() == true)
            ? "?" + string.Join('&', parameters.Select(parameter => $"{parameter["name"]}={parameter["schema"]!["examples"]![0]}"))
            : "";
    }

    /// <summary>The example of the operation's body, with unused names and the ids and secrets of this world.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="owner">The customer in the body, if not the customer of this world.</param>
    public JsonObject ExampleFor(Operation operation, long? owner = null)
    {
        var body = operation.Example;
        var fresh = (++_fresh).ToString(CultureInfo.InvariantCulture);
        Set("username", operation.Name == "CreateToken" ? Customer.Username : $"fresh-{fresh}");
        Set("email", $"fresh-{fresh}@example.com");
        Set("password", operation.Name == "CreateToken" ? Customer.Password : operation.Name == "CreateStepUpToken" ? Admin.Password : "SecureP@ssw0rd123!");
        Set("name", $"Fresh {fresh}");
        Set("groups", new JsonArray(long.Parse(_ids["groups"], CultureInfo.InvariantCulture)));
        Set("refresh", Customer.Refresh);
        Set("challenge", _challenge);
        Set("code", operation.Name == "CreateTokenWithFactor" ? _recoveryCode : Authenticator?.Code() ?? "000000");
        Set("old_password", Admin.Password);
        Set("until", DateTime.UtcNow.AddYears(1).ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        Own(body, owner ?? Customer.Id);

        // Only an authenticator can sign one.
        body.Remove("assertion");
        return body;

        void Set(string member, JsonNode value)
        {
            if (body.ContainsKey(member))
            {
                body[member] = value;
            }
        }
    }

    /// <summary>The same with what an authenticator must sign.</summary>
    public async Task<JsonObject> BodyForAsync(Operation operation)
    {
        var body = ExampleFor(operation);
        using var phone = new SoftwareAuthenticator();
        switch (operation.Name)
        {
            case "CreatePasskey":
                body["credential"] = phone.Create(await Admin.PasskeyOptionsAsync());
                break;
            case "CreatePasskeyToken":
                (await Admin.AddPasskeyAsync(phone)).Expect(201);
                body["credential"] = phone.Use((await Admin.Post($"{PasskeyCalls.SignIn}options/")).Expect(200).Json);
                break;
            case "VerifyEmail":
                return new() { ["token"] = (await _app.Mail.NextAsync((await _app.CustomerAsync()).Email)).Token };
            case "VerifyPhone":
                (await Admin.Post("/api/customers/customers/send_phone_code/")).Expect(202);
                return new() { ["code"] = (await _app.MailedAsync(Phone))[^1].Code };
            case "UndoEmail":
                var mover = await _app.CustomerAsync();
                (await mover.Patch(mover.Url, new { email = $"new-{mover.Email}", current_password = mover.Password })).Expect(200);
                return new() { ["token"] = (await _app.Mail.NextAsync(mover.Email, "/undo/")).Token };
            case "ConfirmReset":
                var forgetful = await _app.CustomerAsync();
                (await _app.Stranger.Post("/api/auth/password/reset/", new { username = forgetful.Username })).Expect(202);
                body.Remove("username");
                body.Remove("code");
                body["token"] = (await _app.Mail.NextAsync(forgetful.Email, "/reset/")).Token;
                break;
        }

        return body;
    }

    /// <summary>Creates what the operation ends, if operations before it may have ended it.</summary>
    public async Task PrepareAsync(Operation operation)
    {
        if (operation.Name == "EndCustomerSession")
        {
            _customersSession = SessionOf(await _app.SignInAsync(Customer.Username, Customer.Password));
        }
    }

    /// <summary>Keeps the admin's new passkey, to delete it later.</summary>
    public void Remember(Answer passkey)
    {
        _ids["passkeys"] = passkey["id"].ToString();
        Admin.KeepCodesOf(passkey.Json);
    }

    private static string SessionOf(Actor actor) => new JsonWebToken(actor.Access).GetClaim("sid").Value;

    /// <summary>Replaces the example's customer, at any depth.</summary>
    private static void Own(JsonNode? node, long owner)
    {
        foreach (var item in node as JsonArray ?? [])
        {
            Own(item, owner);
        }

        foreach (var (name, value) in (node as JsonObject ?? []).ToList())
        {
            if (name is "customer" or "customer_id")
            {
                node![name] = owner;
            }
            else
            {
                Own(value, owner);
            }
        }
    }
}
