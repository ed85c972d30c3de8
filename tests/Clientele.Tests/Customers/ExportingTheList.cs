using Clientele.Client;
using Clientele.Tests.Bulk;
using Clientele.Tests.Support;

namespace Clientele.Tests.Customers;

/// <summary>The list of customers as a CSV file.</summary>
public sealed class ExportingTheList(OwnApp app) : IClassFixture<OwnApp>
{
    private const string Url = "/api/customers/customers/export/";
    private const string Header =
        "id,uuid,username,email,full_name,phone,is_active,is_verified,is_vip,loyalty_tier,loyalty_points,total_orders,total_spent,last_order_date,"
        + "date_joined,updated_at";

    [Fact]
    public async Task The_file_has_a_row_for_everybody_whom_the_filters_match_in_the_order_of_their_ids()
    {
        var (admin, (word, ids)) = (await app.AdminAsync(), await app.CrowdAsync(2500));

        var file = (await admin.Get($"{Url}?search={word}&is_vip=false")).Expect(200);

        Assert.Equal("text/csv; charset=utf-8", file.Headers["Content-Type"]);
        Assert.Equal("attachment; filename=\"customers.csv\"", file.Headers["Content-Disposition"]);
        var lines = file.Text.TrimStart('\uFEFF').TrimEnd().Split("\r\n");
        Assert.Equal(Header, lines[0]);
        Assert.Equal(ids.Select(id => $"{id}"), lines.Skip(1).Select(line => line.Split(',')[0]));
    }

    [Fact]
    public async Task A_spreadsheet_computes_nothing_of_it()
    {
        var (admin, customer) = (await app.AdminAsync(), await app.CustomerAsync(with: new { first_name = "=1+2", last_name = "a\"b, c" }));

        var file = (await admin.Get($"{Url}?ids={customer.Id}")).Expect(200);

        Assert.Contains(",\"'=1+2 a\"\"b, c\",", file.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_admin_confirms_first_who_they_are()
    {
        var admin = await app.AdminAsync();
        var cautious = new Actor(app.CreateClient()) { Access = admin.Access, StepsUp = false };

        Assert.Equal("step_up_required", (await cautious.Get(Url)).ExpectProblem(403).Code);
    }

    [Fact]
    public async Task The_file_takes_the_filters_of_the_list_and_neither_orderings_nor_pages()
    {
        var refused = (await (await app.AdminAsync()).Get($"{Url}?is_vip=maybe&ordering=email&page=2")).ExpectProblem(400);

        Assert.Equal(["is_vip", "ordering", "page"], refused["errors"].AsObject().Select(error => error.Key).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task The_sdk_reads_it_as_a_stream()
    {
        var (word, _) = await app.CrowdAsync(2);
        var admin = await app.AdminAsync();
        using var client = app.Client(admin);
        var cancellation = TestContext.Current.CancellationToken;
        await client.StepUpAsync(new() { Password = admin.Password }, cancellation);

        using var text = new StreamReader(await client.Customers.ExportAsync(new CustomerQuery { Search = word }, cancellation));

        Assert.Equal(3, (await text.ReadToEndAsync(cancellation)).TrimEnd().Split("\r\n").Length);
    }
}
