using System.Text.Json;
using Clientele.Client;
using Clientele.Tests.Support;

namespace Clientele.Tests.Client;

/// <summary>The part of the story in which an admin finds and changes many customers at once, and looks closer at one.</summary>
internal static class ManyCustomersOfTheStory
{
    public static async Task ChangeAsync(ClienteleClient admin, long id)
    {
        await admin.StepUpAsync(new StepUpRequest { Password = ClienteleApp.Password });
        Assert.Equal(id, (await admin.Search.FindAsync("johndoe")).Customers.Single().Id);

        var (job, _) = await admin.Bulk.StartAsync(new BulkRequest { Action = BulkAction.AddTags, Ids = [id], Tags = ["regular"] });
        await Wait.UntilAsync(
            async () => (await admin.Bulk.GetAsync(job.Id)).Value.EndedAt is not null, TimeSpan.FromMinutes(2), "the end of the job");
        Assert.Equal(BulkJobState.Done, (await admin.Bulk.CancelAsync(job.Id)).Value.State);
        Assert.Equal((BulkJobState.Done, 1), ((await admin.Bulk.ListAsync()).Results.Single().State, (await admin.Bulk.AllAsync().ToListAsync()).Count));

        var filters = new Dictionary<string, JsonElement> { ["is_vip"] = JsonSerializer.SerializeToElement(true) };
        await admin.Bulk.StartAsync(new BulkRequest { Action = BulkAction.AddTags, Filters = filters, Tags = ["nobody"] });
        using var list = new StreamReader(await admin.Customers.ExportAsync());
        Assert.Contains("johndoe", await list.ReadToEndAsync(), StringComparison.Ordinal);

        Assert.NotNull((await admin.Loyalty.ListLotsAsync(id)).Results);
        Assert.NotNull((await admin.Loyalty.ListTiersAsync(id)).Results);
        Assert.NotNull((await admin.Groups.ListMembershipsAsync(id)).Results);
        Assert.NotNull(await admin.Privacy.ListConsentsAsync(id));
    }
}
