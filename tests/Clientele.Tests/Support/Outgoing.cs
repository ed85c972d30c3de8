using Clientele.Server.Data;
using Clientele.Server.Http;
using Clientele.Server.Messages;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Clientele.Tests.Support;

/// <summary>Messages written without their cause, for tests of the delivery.</summary>
internal static class Outgoing
{
    /// <summary>Writes a message in a transaction of its own. Returns its id.</summary>
    public static async Task<Guid> WriteMessageAsync(
        this ClienteleApp app, long customerId, Template template, string recipient, params (string Name, string Value)[] values) =>
        await app.WriteMessageAsync(customerId, template, recipient, commits: true, values);

    /// <summary>The same in a transaction that may be rolled back.</summary>
    public static async Task<Guid> WriteMessageAsync(
        this ClienteleApp app, long customerId, Template template, string recipient, bool commits, params (string Name, string Value)[] values)
    {
        await using var scope = app.Services.CreateAsyncScope();
        var (db, outbox) = (scope.ServiceProvider.GetRequiredService<ClienteleDb>(), scope.ServiceProvider.GetRequiredService<Outbox>());
        Transaction transaction = scope.ServiceProvider.GetRequiredService<RequestTransaction>();
        var id = Guid.Empty;
        await transaction.RunAsync(
            async () =>
            {
                outbox.Add(await db.Customers.SingleAsync(c => c.Id == customerId), template, recipient, values);
                id = db.Tracked().OfType<Message>().Single().Id;
                await db.SaveChangesAsync();
                return commits;
            },
            TestContext.Current.CancellationToken);
        return id;
    }

    /// <summary>Sends what is due, and returns what has become of a message.</summary>
    public static async Task<OutgoingState> DeliveredAsync(this ClienteleApp app, long customerId, Guid id)
    {
        await app.Services.GetRequiredService<Delivery>().DrainAsync(TestContext.Current.CancellationToken);
        var message = (await app.StoredAsync(customerId, id)).ToResponse();
        return new(message.State, message.Attempts, message.LastError);
    }

    /// <summary>A message that has failed for good, because its recipient is no e-mail address.</summary>
    public static async Task<Guid> FailAMessageAsync(this ClienteleApp app, long customerId)
    {
        var id = await app.WriteMessageAsync(customerId, Template.PasswordChanged, "john.example.com", ("at", "2025-10-15T14:30:00Z"));
        Assert.Equal("failed", (await app.DeliveredAsync(customerId, id)).State);
        return id;
    }

    /// <summary>A message as it is stored.</summary>
    public static async Task<Message> StoredAsync(this ClienteleApp app, long customerId, Guid id)
    {
        await using var scope = app.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<ClienteleDb>().Messages.SingleAsync(m => m.CustomerId == customerId && m.Id == id);
    }
}

/// <summary>What has become of a message.</summary>
internal sealed record OutgoingState(string State, int Attempts, string? LastError);
