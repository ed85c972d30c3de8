using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>Calls every operation with the example bodies of the description and checks each response against its schema.</summary>
public sealed class AnsweringAsDescribed
{
    [Fact]
    public async Task Every_operation_takes_its_example_and_answers_by_its_schema()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);
        var description = world.Description;
        var complaints = new List<string>();

        // Operations that delete or end something come last.
        foreach (var operation in description.Operations.OrderBy(operation => operation switch
        {
            { Name: "ChangePassword" } => 4,
            { Name: "DeleteCustomer" } => 3,
            { Method: "DELETE" } => operation.Path.EndsWith("}/", StringComparison.Ordinal) ? 1 : 2,
            { Name: "CreatePasskey" or "CreatePasskeyToken" } => 1,
            _ => 0,
        }))
        {
            var body = operation.Body is null ? null : await world.BodyForAsync(operation);
            await world.PrepareAsync(operation);
            var answer = await world.Admin.Send(new HttpMethod(operation.Method), world.PathOf(operation) + world.QueryOf(operation), body);
            if ((int)answer.Status >= 300)
            {
                complaints.Add($"{operation}: {answer.Status} {answer.Text} to {body}");
                continue;
            }

            if (operation.Name == "CreatePasskey")
            {
                world.Remember(answer);
            }

            if (operation.Name == "SetUpTotp")
            {
                world.Authenticator = new((string)answer["secret"]!, own.Clock);
            }

            var described = description.Answer(operation, (int)answer.Status);
            var headers = (described["headers"]?.AsObject() ?? []).Where(header => header.Key != "Idempotent-Replayed");
            complaints.AddRange(headers.Where(header => !answer.Headers.ContainsKey(header.Key)).Select(header => $"{operation}: no {header.Key}"));
            complaints.AddRange(described["content"] is { } content
                ? content["application/json"] is { } json ? description.Complaints(json["schema"]!, answer.Json, operation.ToString()) : []
                : answer.Text.Length > 0 ? [$"{operation} has a body"] : []);
        }

        Assert.Empty(complaints);
    }

    [Fact]
    public async Task What_customers_get_fits_the_same_schemas()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);

        string[] names =
        [
            "GetMe", "GetCustomer", "ListAddresses", "GetAddress", "ListGroups", "GetGroup", "ListMembers", "GetBenefits", "GetStats", "ListOrders",
            "ListWishlist", "ListReviews", "ExportCustomer",
        ];
        foreach (var name in names)
        {
            var operation = world.Description[name];
            var answer = (await world.Customer.Get(world.PathOf(operation))).Expect(200);
            Assert.Empty(world.Description.Complaints(world.Description.Answer(operation, 200)["content"]!["application/json"]!["schema"]!, answer.Json, name));
        }
    }

    [Fact]
    public async Task Every_kind_of_node_fits_the_schema_of_rules_in_a_group_and_in_an_explanation()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);
        const string rule = """
            {"time_zone": "Europe/Berlin", "v": 1, "all": [
              {"any": [{"field": "total_spent", "op": "gte", "value": "10.00"}, {"field": "loyalty_tier", "op": "in", "value": ["gold"]}]},
              {"none": [{"field": "last_login", "op": "within_last", "value": {"n": 1, "unit": "day"}}]},
              {"not": {"related": "orders", "where": {"field": "status", "op": "eq", "value": "paid"}, "at_least": 2}},
              {"related": "orders", "within": {"on": "placed_at", "between": ["2025-01-01", "2025-02-01"]}, "no_rows": true},
              {"related": "order_lines", "having": {"agg": "sum", "of": "amount", "op": "between", "value": ["1.00", "2.00"]}},
              {"related": "reviews", "every": true},
              {"in_group": #}
            ]}
            """;
        var other = (await world.Admin.Post("/api/customers/groups/", new { name = "Other" })).Expect(201)["id"].ToString();
        var body = $"{{\"name\": \"All kinds\", \"auto_assign\": true, \"assignment_rules\": {rule.Replace("#", other, StringComparison.Ordinal)}}}";

        var group = (await world.Admin.Post("/api/customers/groups/", body)).Expect(201);
        var explained = (await world.Admin.Get($"/api/customers/groups/{group["id"]}/explain/?customer={world.Customer.Id}")).Expect(200);

        var schemas = world.Description.Json["components"]!["schemas"]!;
        Assert.Empty(world.Description.Complaints(schemas["GroupResponse"]!, group.Json));
        Assert.Empty(world.Description.Complaints(schemas["ExplanationResponse"]!, explained.Json));
    }

    [Fact]
    public async Task Refusals_fit_the_schema_of_problems()
    {
        await using var own = await ClienteleApp.StartAsync();
        var world = await DescribedResources.CreateAsync(own);
        var schema = world.Description.Json["components"]!["schemas"]!["ProblemBody"]!;

        Answer[] refusals =
        [
            (await own.Stranger.Get("/api/customers/customers/me/")).ExpectProblem(401),
            (await world.Customer.Get("/api/customers/customers/")).ExpectProblem(403),
            (await world.Admin.Get("/api/customers/customers/0/")).ExpectProblem(404),
            (await world.Admin.Post("/api/customers/customers/", new { })).ExpectProblem(405),
            (await own.Stranger.Post("/api/customers/register/", new { })).ExpectProblem(400, "email"),
            (await world.Admin.Put(world.PathOf(world.Description["ReplaceGroup"]), new { name = "x" }, ("If-Match", "\"0-0\""))).ExpectProblem(412),
        ];

        Assert.All(refusals, refusal => Assert.Empty(world.Description.Complaints(schema, refusal.Json)));
    }
}
