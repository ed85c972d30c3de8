using System.Net.Http.Headers;
using Clientele.Tests.Support;

namespace Clientele.Tests.Privacy;

/// <summary>Exports a document that is larger than the memory of the service.</summary>
public sealed class ExportingMoreThanFits
{
    private const int Orders = 100_000;

    [Fact]
    public async Task A_customer_with_a_hundred_thousand_orders_is_exported_by_a_service_that_has_no_room_for_them()
    {
        Actor? customer = null;
        var (database, _) = await ClienteleApp.DatabaseAsync(async app =>
        {
            customer = await app.CustomerAsync();
            await ManyOrders.InsertAsync(app.Database, customer.Id, Orders);
        });
        await using var dropped = database;

        // If all rows or their text were kept until the end, a heap of 96 MiB could not hold them.
        var settings = new Dictionary<string, string> { ["Clientele__Database"] = database.ConnectionString, ["DOTNET_GCHeapHardLimit"] = "0x6000000" };
        await using var server = await ServerProcess.ServeAsync(settings);
        using var request = new HttpRequestMessage(HttpMethod.Get, $"{customer!.Url}export/");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", customer.Access);
        using var response = await server.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)response.StatusCode);
        await using var document = await response.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);

        var (length, buffer) = (0L, new byte[64 * 1024]);
        for (var read = -1; read != 0; length += read)
        {
            read = await document.ReadAsync(buffer, TestContext.Current.CancellationToken);
        }

        Assert.InRange(length, 300L * Orders, 1000L * Orders);
        using var health = await server.Client.GetAsync("/health/live", TestContext.Current.CancellationToken);
        Assert.Equal(200, (int)health.StatusCode);
    }
}
