using System.Reflection;
using CsvHelper;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.Customers;

/// <summary>Writes customers as a CSV file: a thousand at a time, so that memory does not grow with the list and no statement waits for the client.</summary>
internal sealed partial class CustomerCsv(ClienteleDb db, Database database, Caller caller, ILogger<CustomerCsv> logger)
{
    private const int Step = 1000;

    /// <summary>A spreadsheet would compute texts that begin like formulas. They get an apostrophe in front.</summary>
    private static readonly CsvWriterOptions Format = new()
    {
        Injection = CsvInjection.Escape,

        // Spreadsheets read files without it as something else than UTF-8.
        WriteByteOrderMark = true,
    };

    private static readonly (string Name, Func<CustomerSummary, string?> Value)[] Columns =
    [
        ("id", c => c.Id.ToString(CultureInfo.InvariantCulture)),
        ("uuid", c => c.Uuid.ToString()),
        ("username", c => c.Username),
        ("email", c => c.Email),
        ("full_name", c => c.FullName),
        ("phone", c => c.Phone),
        ("is_active", c => Text(c.IsActive)),
        ("is_verified", c => Text(c.IsVerified)),
        ("is_vip", c => Text(c.IsVip)),
        ("loyalty_tier", c => c.LoyaltyTier),
        ("loyalty_points", c => c.LoyaltyPoints.ToString(CultureInfo.InvariantCulture)),
        ("total_orders", c => c.TotalOrders.ToString(CultureInfo.InvariantCulture)),
        ("total_spent", c => c.TotalSpent.ToString("0.00", CultureInfo.InvariantCulture)),
        ("last_order_date", c => Text(c.LastOrderDate)),
        ("date_joined", c => Text(c.DateJoined)),
        ("updated_at", c => Text(c.UpdatedAt)),
    ];

    private const string ExampleRow = "1234,0199e7a4-5f5e-7c11-8d2a-3b1f4a1f2f60,johndoe,john@example.com,John Doe,'+12025550123,"
        + "true,true,false,silver,1250,12,1480.50,2025-10-15T14:30:00Z,2025-01-15T10:30:00Z,2025-10-15T14:30:02Z";

    public Download Of(IQueryable<Customer> customers) => new(this, customers);

    private async Task WriteAsync(IQueryable<Customer> customers, HttpContext context)
    {
        var (response, cancellationToken) = (context.Response, context.RequestAborted);
        using var planned = database.WithoutPreparing(db);
        var batch = await AfterAsync(customers, 0, cancellationToken);
        response.ContentType = "text/csv; charset=utf-8";
        response.Headers.ContentDisposition = "attachment; filename=\"customers.csv\"";
        response.Headers.CacheControl = "no-store";
        var count = 0;

        await using var csv = CsvWriter.Create(response.Body, Format, leaveOpen: true);
        await csv.WriteRecordAsync([.. Columns.Select(column => column.Name)], cancellationToken);
        while (true)
        {
            foreach (var customer in batch)
            {
                await csv.WriteRecordAsync([.. Columns.Select(column => column.Value(customer))], cancellationToken);
            }

            count += batch.Count;
            if (batch.Count < Step)
            {
                break;
            }

            await csv.FlushAsync(cancellationToken);
            batch = await AfterAsync(customers, batch[^1].Id, cancellationToken);
        }

        Log.Exported(logger, caller.Role, caller.Id, count);
    }

    private static Task<List<CustomerSummary>> AfterAsync(IQueryable<Customer> customers, long id, CancellationToken cancellationToken) =>
        customers.Where(c => c.Id > id).OrderBy(c => c.Id).Take(Step).Select(Customer.AsSummary).ToListAsync(cancellationToken);

    private static string Text(bool value) => value ? "true" : "false";

    private static string? Text(DateTime? instant) => instant?.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);

    /// <summary>The file as a stream.</summary>
    internal sealed class Download(CustomerCsv csv, IQueryable<Customer> customers) : IResult, IEndpointMetadataProvider
    {
        public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
        {
            builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(string), ["text/csv"]));
            builder.Metadata.Add(new OpenApi.Attachment($"{string.Join(',', Columns.Select(column => column.Name))}\r\n{ExampleRow}\r\n"));
        }

        public Task ExecuteAsync(HttpContext httpContext) => csv.WriteAsync(customers, httpContext);
    }

    private static partial class Log
    {
        [LoggerMessage(Level = LogLevel.Information, Message = "The list of customers was exported by {Role} {Caller}: {Count} customers")]
        public static partial void Exported(ILogger logger, string role, long? caller, int count);
    }
}
