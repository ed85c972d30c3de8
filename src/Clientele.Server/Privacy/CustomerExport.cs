using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.Privacy;

/// <summary>Exports everything that is stored about a person.</summary>
internal sealed class CustomerExport(ClienteleDb db, CustomerWrites writes, AuditTrail audit, TimeProvider clock)
{
    /// <summary>The connection of a slower reader is closed, because an open snapshot keeps the database from removing old row versions.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(10);

    /// <summary>Records the export. This is the last entry that the export itself contains.</summary>
    public Task<Results<Download, Problem>> BeginAsync(long id, CancellationToken cancellationToken) => writes.RunAsync<Download>(
        new(id),
        _ =>
        {
            audit.Record(id, AuditAction.CustomerExported, AuditTrail.Resource("customer", id));
            return Task.FromResult<Results<Download, Problem>>(new Download(this, id));
        },
        cancellationToken);

    private async Task WriteAsync(long id, HttpContext context)
    {
        using var limit = new CancellationTokenSource(Longest, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, limit.Token);
        try
        {
            await using var snapshot = await db.ReadSnapshotAsync(either.Token);
            if (await db.Customers.SingleOrDefaultAsync(c => c.Id == id, either.Token) is not { } customer)
            {
                await Problems.WriteAsync(context, Problems.NotFound());
                return;
            }

            var response = context.Response;
            response.ContentType = "application/json; charset=utf-8";
            response.Headers.ContentDisposition = string.Create(CultureInfo.InvariantCulture, $"attachment; filename=\"customer-{id}.json\"");
            response.Headers.CacheControl = "no-store";
            await using var document = new ExportDocument(db, customer, response.BodyWriter, either.Token);
            await document.WriteAsync();
        }
        catch (OperationCanceledException) when (limit.IsCancellationRequested)
        {
            // The document is incomplete, and the client must notice.
            context.Abort();
        }
    }

    /// <summary>The document as a stream.</summary>
    internal sealed class Download(CustomerExport export, long id) : IResult, IEndpointMetadataProvider
    {
        public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(ExportResponse), ["application/json"]));
            builder.Metadata.Add(new OpenApi.Attachment());
        }

        public Task ExecuteAsync(HttpContext httpContext) => export.WriteAsync(id, httpContext);
    }
}
