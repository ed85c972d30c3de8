using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Clientele.Server.Events;

/// <summary>The description of the events (AsyncAPI 3.0): made from the same records that write them.</summary>
internal static class AsyncApi
{
    public const string DocumentPath = "/api/asyncapi.json";
    private const string FeedPath = "/api/events/";
    private const string Channel = "events";
    private const string Schemas = "#/components/schemas/";

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = Wire.Encoder, NewLine = "\n" };

    public static void Map(IEndpointRouteBuilder api) =>
        api.MapGet(DocumentPath, GetEventDescription).WithName(nameof(GetEventDescription)).For(Who.Public).ExcludeFromDescription();

    internal static FileContentHttpResult GetEventDescription(HttpContext context, Description description) =>
        OpenApi.Document(context, description.Document);

    /// <summary>The description as it is served; docs/asyncapi.json is the same text without settings.</summary>
    public static string Text(IServiceProvider services)
    {
        var address = services.GetRequiredService<IOptions<ServerSettings>>().Value.PublicAddress ?? new Uri(OpenApi.DocumentedAddress);
        var source = services.GetRequiredService<IOptions<EventSettings>>().Value.Source;
        var document = new JsonObject
        {
            ["asyncapi"] = "3.0.0",
            ["info"] = Info(),
            ["defaultContentType"] = "application/json",
            ["servers"] = new JsonObject { ["service"] = Server(address) },
            ["channels"] = new JsonObject
            {
                [Channel] = new JsonObject
                {
                    ["address"] = FeedPath,
                    ["title"] = "The feed of events",
                    ["servers"] = new JsonArray(Reference("#/servers/service")),
                    ["messages"] = ByName(form => Reference($"#/components/messages/{form.Name}")),
                },
            },
            ["operations"] = new JsonObject
            {
                ["sendEvents"] = new JsonObject
                {
                    ["action"] = "send",
                    ["channel"] = Reference($"#/channels/{Channel}"),
                    ["title"] = "The service tells what has happened",
                    ["messages"] = new JsonArray([.. EventForm.All.Select(form => Reference($"#/channels/{Channel}/messages/{form.Name}"))]),
                },
            },
            ["components"] = new JsonObject { ["messages"] = ByName(form => Message(form, source)), ["schemas"] = Components() },
        };
        return document.ToJsonString(Indented) + "\n";
    }

    private static JsonObject Info() => new()
    {
        ["title"] = "Events of Clientele",
        ["version"] = typeof(AsyncApi).Assembly.GetName().Version!.ToString(3),
        ["description"] = "What happens to customers, as CloudEvents 1.0: at least once, in order per customer, from any point again. "
            + "GET /api/events/ returns pages of these events; the description of the HTTP API says how.",
        ["license"] = new JsonObject { ["name"] = "MIT" },
    };

    private static JsonObject Server(Uri address) => new()
    {
        ["host"] = address.IsDefaultPort ? address.IdnHost : string.Create(CultureInfo.InvariantCulture, $"{address.IdnHost}:{address.Port}"),
        ["protocol"] = address.Scheme,
        ["pathname"] = address.AbsolutePath,
    };

    private static JsonObject ByName(Func<EventForm, JsonObject> value)
    {
        var all = new JsonObject();
        foreach (var form in EventForm.All)
        {
            all[form.Name] = value(form);
        }

        return all;
    }

    private static JsonObject Message(EventForm form, string source)
    {
        var data = Reference(Schemas + form.Data.Name);
        return new()
        {
            ["name"] = form.Name,
            ["title"] = form.Name,
            ["summary"] = form.Summary,
            ["contentType"] = "application/json",
            ["payload"] = new JsonObject
            {
                ["allOf"] = new JsonArray(Reference(Schemas + nameof(CustomerEvent))),
                ["properties"] = new JsonObject
                {
                    ["type"] = new JsonObject { ["const"] = form.Name },
                    ["data"] = form.NamesPerson ? new JsonObject { ["oneOf"] = new JsonArray(data, new JsonObject { ["type"] = "null" }) } : data,
                },
            },
            ["examples"] = new JsonArray(new JsonObject { ["name"] = form.Name, ["payload"] = Example(form, source) }),
        };
    }

    private static JsonNode Example(EventForm form, string source)
    {
        var example = OpenApiExamples.Of(typeof(CustomerEvent), admin: true)!;
        (example["type"], example["source"], example["data"]) = (form.Name, source, OpenApiExamples.Of(form.Data, admin: true));
        return example;
    }

    /// <summary>The schemas of the envelope and of all data. References in them have the same form as in the description of the HTTP API.</summary>
    private static JsonNode Components()
    {
        var api = new OpenApiDocument { Info = new(), Paths = [], Components = new OpenApiComponents() };
        new OpenApiSchemas(api).Of(typeof(CustomerEvent), Use.Answer);
        api.Components.Schemas = new SortedDictionary<string, IOpenApiSchema>(api.Components.Schemas!, StringComparer.Ordinal);
        using var text = new StringWriter(CultureInfo.InvariantCulture);
        api.SerializeAsV31(new OpenApiJsonWriter(text));
        return JsonNode.Parse(text.ToString())!["components"]!["schemas"]!.DeepClone();
    }

    private static JsonObject Reference(string path) => new() { ["$ref"] = path };

    /// <summary>The description, created on the first request and kept.</summary>
    internal sealed class Description(IServiceProvider services)
    {
        private readonly Lazy<OpenApi.Published> _document = new(() => new(Encoding.UTF8.GetBytes(Text(services))));

        public OpenApi.Published Document => _document.Value;
    }
}
