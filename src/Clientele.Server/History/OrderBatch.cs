using System.Buffers;
using System.IO.Pipelines;
using System.Reflection;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.History;

/// <summary>Many orders in one request. Each chunk is one transaction.</summary>
internal sealed class OrderBatch(Transaction transaction, OrderIngestion ingestion, IOptions<Store> store, TimeProvider clock)
{
    public const long LargestJson = 8 * 1024 * 1024;
    public const long LargestStream = 64 * 1024 * 1024;
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

        var json = await JsonBodies.ReadAsync(context, apart: "orders");
        if (!json.TryGetProperty("orders", out var orders) || orders.ValueKind != JsonValueKind.Array)
        {
            return Problems.Invalid("orders", "Must be a list of orders.");
        }

        if (orders.GetArrayLength() > MostOrders)
        {
            return Problems.Invalid("orders", $"At most {MostOrders} orders at a time; stream more as application/x-ndjson.");
        }

        var items = orders.EnumerateArray().Select(order => Read(order, line: null)).ToList();
        return TypedResults.Ok(new OrderBatchResponse { Results = await ApplyAsync(items, cancellationToken) });
    }

    private async Task StreamAsync(HttpContext context, CancellationToken cancellationToken)
    {
        context.Response.ContentType = "application/x-ndjson; charset=utf-8";
        var reader = context.Request.BodyReader;
        var chunk = new List<Item>();
        var (ended, unreadable, number) = (false, 0, 0);
        while (!ended)
        {
            var read = await reader.ReadAsync(cancellationToken);
            var buffer = read.Buffer;
            while (!ended && TryReadLine(ref buffer, read.IsCompleted, out var line))
            {
                if (Read(line, ++number) is { } item)
                {
                    chunk.Add(item);
                    unreadable += item.Number is null ? 1 : 0;
                }

                if (unreadable > MostUnreadable)
                {
                    chunk.Add(Failure(number, $"More than {MostUnreadable} lines are not orders. The rest was not read."));
                    ended = true;
                }

                await FlushAsync(context.Response.BodyWriter, chunk, ChunkSize, cancellationToken);
            }

            ended |= read.IsCompleted;
            if (!ended && buffer.Length > LargestLine)
            {
                chunk.Add(Failure(number + 1, "A line may have at most 1 MiB. The rest was not read."));
                ended = true;
            }

            reader.AdvanceTo(buffer.Start, buffer.End);

            // A client that waits for results before it sends more must get them.
            await FlushAsync(context.Response.BodyWriter, chunk, least: 1, cancellationToken);
        }
    }

    private async Task FlushAsync(PipeWriter writer, List<Item> chunk, int least, CancellationToken cancellationToken)
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

    private async Task<List<OrderResult>> ApplyAsync(List<Item> items, CancellationToken cancellationToken)
    {
        var good = items.Where(item => item.Input is not null).Select(item => item.Input!).ToList();
        var outcomes = new Queue<OrderIngestion.Outcome>();
        foreach (var chunk in Chunks(good))
        {
            await transaction.RunAsync(async () => (await ingestion.ApplyAsync(chunk, cancellationToken)).ForEach(outcomes.Enqueue), cancellationToken);
        }

        return [.. items.Select(item => Result(item, item.Input is null ? null : outcomes.Dequeue()))];
    }

    /// <summary>
    /// A new order belongs to the customer of its first line that is accepted, so a line that names another customer than the one before it begins a chunk.
    /// </summary>
    private static IEnumerable<List<OrderInput>> Chunks(List<OrderInput> orders)
    {
        var (chunk, customers) = (new List<OrderInput>(), new Dictionary<string, CustomerReference?>());
        foreach (var order in orders)
        {
            if (chunk.Count == ChunkSize || (customers.TryGetValue(order.Number, out var customer) && customer != order.Customer))
            {
                yield return chunk;
                (chunk, customers) = ([], []);
            }

            chunk.Add(order);
            customers[order.Number] = order.Customer;
        }

        if (chunk.Count > 0)
        {
            yield return chunk;
        }
    }

    private static OrderResult Result(Item item, OrderIngestion.Outcome? outcome) => new()
    {
        Line = item.Line,
        OrderNumber = item.Number,
        Status = outcome?.Status ?? StatusCodes.Status400BadRequest,
        Code = outcome is null ? "validation_failed" : outcome.Refused?.Code,
        Errors = outcome is null ? item.Errors.ToDictionary() : outcome.Refused?.Errors,
    };

    /// <summary>Returns null for a blank line. Some programs begin a file with a byte order mark.</summary>
    private Item? Read(ReadOnlySequence<byte> line, int number)
    {
        var reader = new SequenceReader<byte>(line);
        line = number == 1 && reader.IsNext("\uFEFF"u8, advancePast: true) ? reader.UnreadSequence : line;
        reader.AdvancePastAny(" \t\r"u8);
        if (reader.End)
        {
            return null;
        }

        try
        {
            return Read(JsonElement.Parse(line.ToArray(), new JsonDocumentOptions { MaxDepth = Wire.MaxDepth }), number);
        }
        catch (JsonException)
        {
            return Failure(number, "This line is not JSON.");
        }
    }

    private static Item Failure(int? line, string message) => new(line, null, null, Errors.Of("body", message));

    private Item Read(JsonElement json, int? line)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            return Failure(line, "Must be an object.");
        }

        var errors = new Errors();
        JsonBodies.Inspect(json, errors);
        if (errors.Any)
        {
            return new(line, null, null, errors);
        }

        var order = new Body<BatchedOrder>(json, admin: true).Read(out errors);
        var input = OrderInput.From(order.OrderNumber, order, store.Value.Currency, clock.Now(), errors);
        return new(line, order.OrderNumber.Length == 0 ? null : order.OrderNumber, input, errors);
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

    /// <summary>An order of the request, or what is wrong with it.</summary>
    private sealed record Item(int? Line, string? Number, OrderInput? Input, Errors Errors);

    /// <summary>A stream of results, one <see cref="OrderResult"/> per line.</summary>
    internal sealed class Stream(OrderBatch batch) : IResult, IEndpointMetadataProvider
    {
        public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder) =>
            builder.Metadata.Add(new ProducesResponseTypeMetadata(200, typeof(OrderResult), ["application/x-ndjson"]));

        public Task ExecuteAsync(HttpContext httpContext) => batch.StreamAsync(httpContext, httpContext.RequestAborted);
    }
}
