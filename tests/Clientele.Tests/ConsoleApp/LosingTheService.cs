using System.Globalization;
using Clientele.Tests.Support;
using Microsoft.Playwright;

namespace Clientele.Tests.ConsoleApp;

/// <summary>The service goes away while somebody works, and comes back.</summary>
public sealed class LosingTheService(ClienteleApp app, Chromium chromium) : ConsoleScenario(app, chromium)
{
    private Uri? _address;

    protected override Uri Address => _address!;

    [Fact]
    public async Task Nothing_typed_is_lost_and_saving_works_again()
    {
        ExpectLostConnections();
        var customer = 0L;
        var (database, name) = await ClienteleApp.DatabaseAsync(async own => customer = (await own.CustomerAsync()).Id);
        await using var disposed = database;
        var port = PostgresCluster.FreePorts(1)[0].ToString(CultureInfo.InvariantCulture);
        string[] served = ["--urls", $"http://127.0.0.1:{port}"];
        await using var lost = await ServerProcess.ServeAsync(database.ConnectionString, served);
        _address = lost.Address;
        var page = await OpenAsync($"customers/{customer}");
        await FillInAsync(page, name, ClienteleApp.Password);
        var (field, save) = (page.GetByLabel("First name"), page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }));
        await field.FillAsync("Augusta");

        await lost.KillAsync();
        await save.ClickAsync();
        await page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "cannot be reached" }).WaitForAsync();

        await using var back = await ServerProcess.ServeAsync(database.ConnectionString, served);
        Assert.Equal("Augusta", await field.InputValueAsync());
        await save.ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Augusta Lovelace" }).WaitForAsync();
        Assert.Equal(1, await database.CountAsync($"SELECT COUNT(*) FROM customers WHERE id = {customer} AND first_name = 'Augusta'"));
    }
}
