using System.Threading.Channels;
using Clientele.Server.Messages;

namespace Clientele.Server.Accounts;

/// <summary>
/// Writes the mails for requested resets, after their responses. A request that a node could not finish is finished by the maintenance of any node.
/// </summary>
internal sealed partial class ResetMails(IServiceScopeFactory scopes, TimeProvider clock, ILogger<ResetMails> logger) : BackgroundService, IMaintenance
{
    private const int MostWaiting = 1000;
    private static readonly TimeSpan LeftBehind = TimeSpan.FromSeconds(10);

    // Under a flood the rest waits for the maintenance.
    private readonly Channel<Guid> _requests = System.Threading.Channels.Channel.CreateBounded<Guid>(
        new BoundedChannelOptions(MostWaiting) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <summary>Writes the mail of a committed request soon.</summary>
    public void Add(Guid request) => _requests.Writer.TryWrite(request);

    async Task IMaintenance.RunAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<ClienteleDb>();
        var before = clock.Now() - LeftBehind;
        var left = await db.ResetRequests.Where(r => r.CreatedAt < before).OrderBy(r => r.CreatedAt).Select(r => r.Id).Take(MostWaiting)
            .ToListAsync(cancellationToken);
        foreach (var id in left)
        {
            await TryWriteAsync(id, cancellationToken);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await foreach (var id in _requests.Reader.ReadAllAsync(stoppingToken))
        {
            await TryWriteAsync(id, stoppingToken);
        }
    }

    private async Task TryWriteAsync(Guid id, CancellationToken cancellationToken)
    {
        try
        {
            await WriteAsync(id, cancellationToken);
        }
#pragma warning disable CA1031 // The maintenance tries again. A request that always fails does not hold up the others.
        catch (Exception failure) when (!cancellationToken.IsCancellationRequested)
#pragma warning restore CA1031
        {
            Log.Failed(logger, failure.GetType().Name, failure.GetBaseException().Message);
        }
    }

    /// <summary>Deletes the request and writes its mail in one transaction, so that each gets one mail, whichever node comes first.</summary>
    private async Task WriteAsync(Guid id, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var services = scope.ServiceProvider;
        var db = services.GetRequiredService<ClienteleDb>();
        await services.GetRequiredService<Transaction>().RunAsync(
            async () =>
            {
                var subject = await db.ResetRequests.Where(r => r.Id == id).Select(r => (long?)r.SubjectId).SingleOrDefaultAsync(cancellationToken);
                if (subject is not { } customerId || await db.ResetRequests.Where(r => r.Id == id).ExecuteDeleteAsync(cancellationToken) == 0)
                {
                    return false;
                }

                if (customerId > 0 && await db.LockAsync<Customer>(customerId, cancellationToken) is { IsActive: true } customer)
                {
                    await SendAsync(services, db, customer, cancellationToken);
                }

                return true;
            },
            cancellationToken);
    }

    private static async Task SendAsync(IServiceProvider services, ClienteleDb db, Customer customer, CancellationToken cancellationToken)
    {
        var proofs = services.GetRequiredService<Proofs>();
        if (await proofs.RefuseAsync(customer.Id, ProofPurpose.ResetPassword, cancellationToken) is not null)
        {
            return;
        }

        var subject = await ProofSubject.OfAsync(db, customer, ProofPurpose.ResetPassword, cancellationToken);
        var (code, token) = await proofs.IssueAsync(subject, cancellationToken);
        var link = services.GetRequiredService<Links>().ResetPassword(token);
        services.GetRequiredService<Outbox>().Add(customer, Template.ResetPassword, customer.Email, ("code", code), ("link", link));
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Warning, Message = "The mail of a password reset could not be written and will be tried again: {Failure}: {Reason}")]
        public static partial void Failed(ILogger logger, string failure, string reason);
    }
}
