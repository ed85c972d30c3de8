using System.Text.Json.Nodes;
using Microsoft.OpenApi;

namespace Clientele.Server.Http;

/// <summary>What many operations have in common, described once: credentials, headers, paging, errors.</summary>
internal sealed class OpenApiShared
{
    private const string ETag = "\"3-9f86d081884c7d65\"";

    private readonly OpenApiDocument _document;
    private readonly OpenApiSchemas _schemas;

    public OpenApiShared(OpenApiDocument document, OpenApiSchemas schemas)
    {
        (_document, _schemas) = (document, schemas);
        document.AddComponent<IOpenApiSecurityScheme>("bearer", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "JWT",
            Description = "The `access` token that `POST /api/auth/token/` returns.",
        });
        Bearer = new OpenApiSecuritySchemeReference("bearer", document);
        document.AddComponent<IOpenApiSecurityScheme>("key", new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = "bearer",
            BearerFormat = "clk_<id>_<secret>",
            Description = "The API key of another system of the shop, which an admin creates with `POST /api/keys/`.",
        });
        Key = new OpenApiSecuritySchemeReference("key", document);

        IdempotencyKey = Header(
            "Idempotency-Key",
            "Makes the request safe to repeat: a repetition with the same key and body has no further effect and gets the first response again, "
                + "for 24 hours. At most 255 printable characters, such as a random UUID.",
            "5f0c7a52-8a0e-4b56-9f3e-0d7b8f6a2c11",
            255);
        IfMatch = Header("If-Match", "The ETag that was read. If the resource has changed since, nothing is changed and the response is 412.", ETag, null);
        IfNoneMatch = Header("If-None-Match", "The ETag of the caller's copy. If the copy is current, the response is 304 without a body.", ETag, null);
        Paging = Pages();
        AddHeaders();

        var notModified = new OpenApiResponse { Description = "The caller's copy is current.", Headers = Headers(etag: true) };
        document.AddComponent<IOpenApiResponse>("not_modified", notModified);
        NotModified = new OpenApiResponseReference("not_modified", document);
    }

    public OpenApiSecuritySchemeReference Bearer { get; }

    public OpenApiSecuritySchemeReference Key { get; }

    public IOpenApiParameter IdempotencyKey { get; }

    public IOpenApiParameter IfMatch { get; }

    public IOpenApiParameter IfNoneMatch { get; }

    public IReadOnlyList<IOpenApiParameter> Paging { get; }

    public IOpenApiResponse NotModified { get; }

    /// <summary>A query parameter of a list.</summary>
    public static IOpenApiParameter Parameter(ListParameter parameter)
    {
        var schema = parameter.Value switch
        {
            ListValue.Boolean => OpenApiSchemas.Leaf(typeof(bool), Use.Request),
            ListValue.Integer => OpenApiSchemas.Leaf(typeof(long), Use.Request),
            ListValue.Money => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^-?\d+(\.\d{1,2})?$" },
            ListValue.Instant => new OpenApiSchema { Type = JsonSchemaType.String, Pattern = @"^\d{4}-\d\d-\d\d(T.+)?$" },
            ListValue.Text => new OpenApiSchema { Type = JsonSchemaType.String, Enum = parameter.Names?.Select(JsonNode (name) => name).ToList() },
            ListValue.Integers => new OpenApiSchema { Type = JsonSchemaType.Array, Items = OpenApiSchemas.Leaf(typeof(long), Use.Request) },
        };
        var example = parameter.Value switch
        {
            ListValue.Boolean or ListValue.Integer => JsonNode.Parse(parameter.Example),
            ListValue.Integers => JsonNode.Parse($"[{parameter.Example}]"),
            _ => JsonValue.Create(parameter.Example),
        };
        return Optional(parameter.Name, ParameterLocation.Query, parameter.Description, schema, example!);
    }

    /// <summary>The response for an error code, or for several that share a status.</summary>
    public IOpenApiResponse Failure(string[] codes)
    {
        var name = string.Join("_or_", codes);
        if (_document.Components!.Responses?.ContainsKey(name) != true)
        {
            var (status, title) = Problems.Codes[codes[0]];
            var media = new OpenApiMediaType
            {
                Schema = _schemas.Of(typeof(ProblemBody), Use.Answer),
                Example = codes is [var only] ? Example(only) : null,
                Examples = codes is [_] ? null : codes.ToDictionary(
                    code => code, IOpenApiExample (code) => new OpenApiExample { Summary = Problems.Codes[code].Title, Value = Example(code) }),
            };
            _document.AddComponent<IOpenApiResponse>(name, new OpenApiResponse
            {
                Description = codes.Length == 1 ? title : string.Join(" Or: ", codes.Select(code => Problems.Codes[code].Title)),
                Headers = Headers(
                    retryAfter: codes.Any(code => code is "rate_limited" or "unavailable" or "request_in_progress"),
                    authenticate: status == StatusCodes.Status401Unauthorized),
                Content = new Dictionary<string, OpenApiMediaType> { ["application/problem+json"] = media },
            });
        }

        return new OpenApiResponseReference(name, _document);
    }

    public IDictionary<string, IOpenApiHeader>? Headers(
        bool etag = false, bool location = false, bool retryAfter = false, bool authenticate = false, bool replayed = false,
        bool attachment = false)
    {
        var headers = new (string Name, bool There)[]
        {
            ("ETag", etag), ("Location", location), ("Retry-After", retryAfter), ("WWW-Authenticate", authenticate), ("Idempotent-Replayed", replayed),
            ("Content-Disposition", attachment),
        }.Where(header => header.There).ToDictionary(header => header.Name, IOpenApiHeader (header) => new OpenApiHeaderReference(header.Name, _document));
        return headers.Count > 0 ? headers : null;
    }

    private List<IOpenApiParameter> Pages() =>
    [
        Query(
            "page",
            "The number of the page, 1 by default. A page below 1 or past the end is a 404.",
            new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" },
            1),
        Query("page_size", "Rows per page; above 100 means 100.", new() { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1", Default = 20 }, 20),
        Query(
            "cursor",
            "Pages through the list by cursor, at constant cost at any depth. Empty for the first page, then the value in `next` or `previous`. "
                + "Not together with `page`.",
            new() { Type = JsonSchemaType.String },
            ""),
    ];

    private void AddHeaders()
    {
        var text = JsonSchemaType.String;
        AddHeader("ETag", "The version and a hash of the representation, for If-Match and If-None-Match.", new() { Type = text }, ETag);
        AddHeader("Location", "The address of the created resource.", new() { Type = text, Format = "uri-reference" }, "/api/customers/customers/123/");
        AddHeader("Retry-After", "The number of seconds to wait before trying again.", new() { Type = JsonSchemaType.Integer, Minimum = "1" }, 60);
        AddHeader("WWW-Authenticate", "How to authenticate.", new() { Type = text }, "Bearer");
        var replayed = "`true` if this is the stored response to an earlier request with the same Idempotency-Key; otherwise absent.";
        AddHeader("Idempotent-Replayed", replayed, new() { Type = text }, "true");
        AddHeader("Content-Disposition", "The name of the file to save.", new() { Type = text }, "attachment; filename=\"customer-123.json\"");
    }

    private static JsonNode Example(string code)
    {
        var (status, title) = Problems.Codes[code];
        var example = OpenApiExamples.Of(typeof(ProblemBody), admin: false)!;
        if (code != "validation_failed")
        {
            example["type"] = Problems.TypePrefix + code;
            example["title"] = title;
            example["status"] = status;
            example["detail"] = Problems.DetailOf(code);
            example.AsObject().Remove("errors");
        }

        if (code != "factor_required")
        {
            example.AsObject().Remove("challenge");
            example.AsObject().Remove("factors");
        }

        return example;
    }

    private OpenApiParameterReference Header(string name, string description, string example, int? longest) =>
        Shared(Optional(name, ParameterLocation.Header, description, new OpenApiSchema { Type = JsonSchemaType.String, MaxLength = longest }, example));

    private OpenApiParameterReference Query(string name, string description, OpenApiSchema schema, JsonNode example) =>
        Shared(Optional(name, ParameterLocation.Query, description, schema, example));

    // The example is on the schema: Swagger UI would send an example on the parameter, and nobody wants all filters at once.
    private static OpenApiParameter Optional(string name, ParameterLocation place, string description, OpenApiSchema schema, JsonNode example)
    {
        schema.Examples = [example];
        return new OpenApiParameter { Name = name, In = place, Description = description, Schema = schema };
    }

    private OpenApiParameterReference Shared(OpenApiParameter parameter)
    {
        _document.AddComponent<IOpenApiParameter>(parameter.Name!, parameter);
        return new OpenApiParameterReference(parameter.Name!, _document);
    }

    private void AddHeader(string name, string description, OpenApiSchema schema, JsonNode example) =>
        _document.AddComponent<IOpenApiHeader>(name, new OpenApiHeader { Description = description, Schema = schema, Example = example });
}
