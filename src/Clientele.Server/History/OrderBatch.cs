using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.History;

/// <summary>Many orders in one request. Each chunk is one transaction.</summary>
internal sealed class OrderBatch(Transaction transaction, OrderIngestion ingestion, IOptions<Store> store)
{
    public const long LargestJson = 8 * 1024 * 1024;
    public const long LargestStream = 64 * 1024 * 1024;
    public const string UnknownCustomer = "There is no such customer.";
    public const string CustomerChanged = "The order belongs to another customer, and that cannot change.";
    private const int LargestLine = 1024 * 1024;
    private const int ChunkSize = 500;
    private const int MostOrders = 1000;

    /// <summary>After this many lines that are not orders, the request is probably not a stream of orders.</summary>
    private const int MostUnreadable = 1000;

    public async Task<Results<Ok<OrderBatchResponse>, Stream, Problem>> RunAsync(HttpContext context, CancellationToken cancellationToken)
    {
        if (context.Request.ContentType?.StartsWith("application/x-ndjson", StringComparison.OrdinalIgnoreCase) == true)
        {
            return new Stream(this);
        }

        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit)
        {
            limit.MaxRequestBodySize = LargestJson;
        }

        var json = await JsonBodies.ReadAsync(context);
        if (!json.TryGetProperty("orders", out var orders) || orders.ValueKind != JsonValueKind.Array)
        {
            return Problems.Invalid("orders", "Must be a list of orders.");
        }

        if (orders.GetArrayLength() > MostOrders)
        {
            return Problems.Invalid("orders", $"At most {MostOrders} orders at a time; stream more as application/x-ndjson.");
        }

        return TypedResults.Ok(new OrderBatchResponse { Results = await ApplyAsync([.. orders.EnumerateArray().Select(Read)], cancellationToken) });
    }

    private async Task StreamAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var reader = context.Request.BodyReader;
        var chunk = new List<(string?, OrderInput?, Errors)>();
        var (ended, unreadable) = (false, 0);
        while (!ended)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (!ended && TryReadLine(ref buffer, read.IsCompleted, out var line))
            {
                if (!line.IsEmpty)
                {
                    chunk.Add(Read(line));
                    unreadable += chunk[^1] is { Item1: null } ? 1 : 0;
                }

                if (unreadable > MostUnreadable)
                {
                    chunk.Add(Failure($"More than {MostUnreadable} lines are not orders. The rest was not read."));
                    ended = true;
                }

                await FlushAsync(context.Response.BodyWriter, chunk, ChunkSize, cancellationToken);
            }

            ended |= read.IsCompleted;
            if (!ended && buffer.Length > LargestLine)
            {
                chunk.Add(Failure("A line may have at most 1 MiB. The rest was not read."));
                ended = true;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);

            // A client that waits for results before it sends more must get them.
            await FlushAsync(context.Response.BodyWriter, chunk, least: 1, cancellationToken);
        }
    }

    private async Task FlushAsync(PipeWriter writer, List<(string?, OrderInput?, Errors)> chunk, int least, CancellationToken cancellationToken)
    {
        if (chunk.Count < least)
        {
            return;
        }

        foreach (var result in await ApplyAsync(chunk, cancellationToken))
        {
            writer.Write(JsonSerializer.SerializeToUtf8Bytes(result, Wire.For<OrderResult>(admin: true)));
            writer.Write("\n"u8);
        }

        chunk.Clear();
        await writer.FlushAsync(cancellationToken);
    }

    private async Task<List<OrderResult>> ApplyAsync(List<(string? Number, OrderInput? Input, Errors Errors)> items, CancellationToken cancellationToken)
    {
        var good = items.Where(item => item.Input is not null).Select(item => item.Input!).ToList();
        var outcomes = new Queue<OrderIngestion.Outcome>();
        foreach (var chunk in good.Chunk(ChunkSize))
        {
            await transaction.RunAsync(async () => (await ingestion.ApplyAsync(chunk, cancellationToken)).ForEach(outcomes.Enqueue), cancellationToken);
        }

        return [.. items.Select(item => item.Input is null
            ? new OrderResult { OrderNumber = item.Number, Status = 400, Errors = item.Errors.ToDictionary() }
            : Result(item.Number, outcomes.Dequeue().Status))];
    }

    private static OrderResult Result(string? number, int status) => new()
    {
        OrderNumber = number,
        Status = status,
        Errors = status switch
        {
            400 => new Dictionary<string, string[]> { ["customer"] = [UnknownCustomer] },
            409 => new Dictionary<string, string[]> { ["customer"] = [CustomerChanged] },
            _ => null,
        },
    };

    private (string?, OrderInput?, Errors) Read(ReadOnlySequence<byte> line)
    {
        try
        {
            var json = JsonElement.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = Wire.MaxDepth });
            var errors = new Errors();
            JsonBodies.Inspect(json, errors);
            return errors.Any ? (null, null, errors) : Read(json);
        }
        catch (JsonException)
        {
            return Failure("This line is not JSON.");
        }
    }

    private static (string?, OrderInput?, Errors) Failure(string message) => (null, null, Errors.Of("body", message));

    private (string?, OrderInput?, Errors) Read(JsonElement json)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Failure("Must be an object.");
        }

        var order = new Body<BatchedOrder>(json, admin: true).Read(out var errors);
        return (order.OrderNumber.Length == 0 ? null : order.OrderNumber, OrderInput.From(order.OrderNumber, order, store.Value.Currency, errors), errors);
    }

    private static bool TryReadLine(ref ReadOnlySequence<byte> buffer, bool last, out ReadOnlySequence<byte> line)
    {
        var end = buffer.PositionOf((byte)'\n');
        if (end is null)
        {
            line = buffer;
            buffer = last ? buffer.Slice(buffer.End) : buffer;
            return last && !line.IsEmpty;
        }

        line = buffer.Slice(0, end.Value);
        buffer = buffer.Slice(buffer.GetPosition(1, end.Value));
        return true;
    }

    /// <summary>A stream of results, one <see cref="OrderResult"/> per line.</summary>
    internal sealed class Stream(OrderBatch batch) : IResult, IEndpointMetadataProvider
    {
        public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
            builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(OrderResult), ["application/x-ndjson"]));

        public Task ExecuteAsync(HttpContext httpContext) => batch.StreamAsync(httpContext, httpContext.RequestAborted);
    }
}
