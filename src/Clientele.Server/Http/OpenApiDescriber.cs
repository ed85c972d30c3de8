using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Mvc.ApiExplorer;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Clientele.Server.Http;

/// <summary>
/// Completes the framework's description (operations, their names, tags and doc comments) with the metadata of the endpoints: permission, responses,
/// lists, bodies.
/// </summary>
internal sealed class OpenApiDescriber
{
    private readonly OpenApiDocument _document;
    private readonly OpenApiSchemas _schemas;
    private readonly OpenApiShared _shared;
    /// <summary>By heading, because a noun may have an endpoint under the heading of another.</summary>
    private readonly ApiDescription[] _endpoints;

    /// <summary>What an id in a path is, by the segment before it.</summary>
    private readonly Dictionary<string, OpenApi.IdText> _ids;

    /// <summary>The headings, in the order in which they are mapped.</summary>
    private readonly List<OpenApi.TagText> _tags;

    private OpenApiDescriber(OpenApiDocument document, IEnumerable<ApiDescription> endpoints, IReadOnlyList<Endpoint> mapped)
    {
        _tags = [.. mapped.SelectMany(endpoint => endpoint.Metadata.OfType<OpenApi.TagText>()).Distinct()];
        _endpoints = [.. endpoints.OrderBy(endpoint => _tags.FindIndex(tag => tag.Name == TagOf(endpoint)))];
        _ids = mapped.SelectMany(endpoint => endpoint.Metadata.OfType<OpenApi.IdText>()).Distinct().ToDictionary(id => id.Segment);
        _document = document;
        document.Components = new OpenApiComponents();
        _schemas = new OpenApiSchemas(document);
        _shared = new OpenApiShared(document, _schemas);
    }

    public static void Complete(OpenApiDocument document, OpenApiDocumentTransformerContext context) =>
        new OpenApiDescriber(
            document,
            context.DescriptionGroups.SelectMany(group => group.Items),
            context.ApplicationServices.GetRequiredService<EndpointDataSource>().Endpoints).Describe();

    private void Describe()
    {
        _document.Info = new OpenApiInfo
        {
            Title = "Clientele",
            Version = typeof(OpenApiDescriber).Assembly.GetName().Version!.ToString(3),
            Description = OpenApiPages.About(),
            Contact = new OpenApiContact { Name = "The developers of Clientele" },
            License = new OpenApiLicense { Name = "MIT", Identifier = "MIT" },
        };

        _document.Servers = [new OpenApiServer { Url = OpenApi.DocumentedAddress }];
        _document.Tags = new HashSet<OpenApiTag>(_tags.Select(tag => new OpenApiTag { Name = tag.Name, Description = tag.Description }));

        var paths = new OpenApiPaths();
        foreach (var endpoint in _endpoints)
        {
            // The framework drops the trailing slashes, which are canonical here.
            var found = _document.Paths.Single(path => path.Value.Operations!.Values.Any(operation => operation.OperationId == NameOf(endpoint)));
            paths.TryAdd(endpoint.RelativePath!.EndsWith('/') ? $"{found.Key.TrimEnd('/')}/" : found.Key, found.Value);
            Describe(found.Value.Operations!.Values.Single(operation => operation.OperationId == NameOf(endpoint)), endpoint);
        }

        _document.Paths = paths;
        _document.Components!.Schemas = new SortedDictionary<string, IOpenApiSchema>(_document.Components.Schemas!, StringComparer.Ordinal);
    }

    private static string NameOf(ApiDescription endpoint) => endpoint.ActionDescriptor.EndpointMetadata.OfType<IEndpointNameMetadata>().Last().EndpointName;

    private static string TagOf(ApiDescription endpoint) => endpoint.ActionDescriptor.EndpointMetadata.OfType<ITagsMetadata>().Last().Tags[0];

    private void Describe(OpenApiOperation operation, ApiDescription endpoint)
    {
        var facts = new Facts(endpoint);
        operation.Description = $"{operation.Description?.ReplaceLineEndings(" ")}\n\nWho: {Callers(facts.Who)}{Keys(facts)}".Trim();
        operation.Security = facts.Who == Who.Public ? []
            : facts.Scope is null ? [new() { [_shared.Bearer] = [] }]
            : [new() { [_shared.Bearer] = [] }, new() { [_shared.Key] = [] }];
        if (facts.Scope is { } scope)
        {
            operation.AddExtension("x-scope", new JsonNodeExtension(scope));
        }

        AddParameters(operation, facts);
        operation.RequestBody = facts.Body is { } body ? RequestBody(body, facts) : null;

        operation.Responses = [];
        foreach (var answers in facts.Answers.GroupBy(answer => answer.StatusCode).OrderBy(answers => answers.Key))
        {
            operation.Responses.Add(Text(answers.Key), Success(answers.Key, [.. answers], facts));
        }

        if (facts.IsConditional)
        {
            operation.Responses.Add("304", _shared.NotModified);
        }

        foreach (var codes in facts.Failures.GroupBy(code => Problems.Codes[code].Status).OrderBy(codes => codes.Key))
        {
            operation.Responses.Add(Text(codes.Key), _shared.Failure([.. codes]));
        }
    }

    private static string Text(int status) => status.ToString(CultureInfo.InvariantCulture);

    private static string Callers(Who who) => who switch
    {
        Who.Public => "everybody, signed in or not.",
        Who.Authenticated => "everybody who is signed in.",
        Who.OwnerOrAdmin => "the owner and admins; for anyone else the resource does not exist.",
        Who.Admin => "admins.",
    };

    private static string Keys(Facts facts) => facts.IgnoresKeys ? ""
        : facts.Scope is { } scope ? $" An API key needs the scope `{scope}`."
        : " Closed to API keys.";

    private void AddParameters(OpenApiOperation operation, Facts facts)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            if (_ids.TryGetValue(facts.SegmentBefore(parameter.Name!), out var id))
            {
                (parameter.Description, parameter.Example) = (id.Description, id.Example.DeepClone());
            }
            else if (parameter is { In: ParameterLocation.Query, Schema: OpenApiSchema schema, Example: { } example })
            {
                // The handler reads the text itself, to say what is wrong with it.
                var isNumber = long.TryParse(example.ToString(), NumberStyles.None, CultureInfo.InvariantCulture, out var number);
                (schema.Type, schema.Format) = isNumber ? (JsonSchemaType.Integer, "int64") : (JsonSchemaType.String, null);
                (schema.Examples, parameter.Example) = ([isNumber ? JsonValue.Create(number) : example], null);
            }
        }

        operation.Parameters =
        [
            .. operation.Parameters ?? [],
            .. facts.List is { } list ? list.Parameters.Select(OpenApiShared.Parameter).Concat(_shared.Paging) : [],
            .. facts.Filters is { } filters ? filters.Parameters.Where(one => one.Name != "ordering").Select(OpenApiShared.Parameter) : [],
            .. facts.IsIdempotent ? [_shared.IdempotencyKey] : Array.Empty<IOpenApiParameter>(),
            .. facts.IsConditional ? [_shared.IfNoneMatch] : Array.Empty<IOpenApiParameter>(),
            .. facts.Declares(412) ? [_shared.IfMatch] : Array.Empty<IOpenApiParameter>(),
        ];
    }

    private OpenApiRequestBody RequestBody(IAcceptsMetadata body, Facts facts) => new()
    {
        Required = !facts.IsBodyOptional,
        Content = body.ContentTypes.ToDictionary(contentType => contentType, contentType =>
        {
            var type = contentType == OpenApi.Ndjson ? facts.Line! : body.RequestType!;
            return new OpenApiMediaType
            {
                Schema = _schemas.Of(type, facts.Method == "PATCH" ? Use.Patch : Use.Request),
                Example = OpenApiExamples.Of(type, facts.IsForAdmins),
            };
        }),
    };

    private OpenApiResponse Success(int status, IProducesResponseTypeMetadata[] answers, Facts facts)
    {
        var bodies = answers.Where(answer => answer.Type is not null && answer.Type != typeof(void))
            .SelectMany(answer => answer.ContentTypes, (answer, contentType) => (contentType, type: answer.Type!)).Distinct()
            .GroupBy(body => body.contentType, body => body.type).ToList();
        return new OpenApiResponse
        {
            Description = bodies.Count == 0 ? "Done. The response has no body." : Summary(bodies[0].First()),
            Content = bodies.Count == 0 ? null : bodies.ToDictionary(body => body.Key, body => Media([.. body], facts)),
            Headers = _shared.Headers(
                etag: facts.IsResource, location: facts.IsResource && status == StatusCodes.Status201Created, replayed: facts.IsIdempotent,
                attachment: facts.Attachment is not null),
        };
    }

    /// <summary>What a record is; what the records of a list are.</summary>
    private static string? Summary(Type type) =>
        type == typeof(string) ? "A file of text." : OpenApiTexts.Summary(type) ?? OpenApiTexts.Summary(type.GenericTypeArguments[0]);

    private OpenApiMediaType Media(Type[] types, Facts facts) => types is [var text] && text == typeof(string)
        ? new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String }, Example = facts.Attachment?.Example }
        : types is [var only]
        ? new() { Schema = _schemas.Of(only, Use.Answer), Example = OpenApiExamples.Of(only, facts.IsForAdmins) }
        : new()
        {
            Schema = _schemas.AnyOf(
                string.Join("Or", types.Select(type => type.Name)),
                string.Join(" Or: ", types.Select(OpenApiTexts.Summary)),
                [.. types.Select(type => _schemas.Of(type, Use.Answer))]),
            Examples = types.ToDictionary(
                type => type.Name,
                IOpenApiExample (type) => new OpenApiExample { Summary = OpenApiTexts.Summary(type), Value = OpenApiExamples.Of(type, facts.IsForAdmins) }),
        };

    /// <summary>The facts in the metadata of an endpoint.</summary>
    private sealed class Facts(ApiDescription endpoint)
    {
        private readonly IList<object> _metadata = endpoint.ActionDescriptor.EndpointMetadata;
        private readonly string[] _segments = endpoint.RelativePath!.Split('/');

        public string Method => endpoint.HttpMethod!;

        private Permissions.Permission Permission => _metadata.OfType<Permissions.Permission>().Single();

        public Who Who => Permission.Who;

        public bool IsForAdmins => Who == Who.Admin;

        /// <summary>The scope that an API key needs.</summary>
        public string? Scope => Permission.Scope;

        public bool IgnoresKeys => Permission.IgnoresKeys(Method);

        public IListDefinition? List => _metadata.OfType<OpenApi.Listed>().SingleOrDefault()?.Definition;

        public IListDefinition? Filters => _metadata.OfType<OpenApi.Filtered>().SingleOrDefault()?.Definition;

        public IAcceptsMetadata? Body => _metadata.OfType<IAcceptsMetadata>().LastOrDefault();

        public bool IsResource => _metadata.OfType<ResourceMetadata>().Any();

        public bool IsConditional => IsResource && Method == "GET";

        public OpenApi.Attachment? Attachment => _metadata.OfType<OpenApi.Attachment>().SingleOrDefault();

        public bool IsIdempotent => Idempotency.AppliesTo(Method, _metadata);

        public bool IsBodyOptional => _metadata.OfType<OpenApi.OptionalBody>().Any();

        public Type? Line => _metadata.OfType<OpenApi.Lines>().SingleOrDefault()?.Type;

        public IEnumerable<IProducesResponseTypeMetadata> Answers => _metadata.OfType<IProducesResponseTypeMetadata>().Where(answer => answer.StatusCode < 300);

        /// <summary>The error codes of the operation: those that are declared, and those that follow from the rest.</summary>
        public IEnumerable<string> Failures
        {
            get
            {
                int[] implied =
                [
                    .. Who == Who.Public ? [429] : new[] { 401, 429 },
                    .. Who == Who.Admin ? [403] : Array.Empty<int>(),
                    .. IsIdempotent ? [400, 409, 422] : Array.Empty<int>(),
                    .. Body is null ? [] : new[] { 400, 413, 415 },
                ];
                var named = _metadata.OfType<OpenApi.FailureCodes>().SelectMany(failures => failures.Codes);
                string[] ofKeys = IgnoresKeys ? [] : ["insufficient_scope"];
                return Declared.Concat(implied).Distinct().Select(CodeOf).Concat(ofKeys).Concat(named);
            }
        }

        /// <summary>The usual one of the codes that share a status.</summary>
        private string CodeOf(int status) => status switch
        {
            StatusCodes.Status401Unauthorized when Who == Who.Public => "invalid_credentials",
            StatusCodes.Status409Conflict when IsIdempotent => "request_in_progress",
            _ => Problems.Codes.First(code => code.Value.Status == status).Key,
        };

        private IEnumerable<int> Declared => _metadata.OfType<OpenApi.Failures>().SelectMany(failures => failures.Statuses);

        public bool Declares(int status) => Declared.Contains(status);

        /// <summary>The path segment that says what the parameter identifies: <c>groups</c> of <c>groups/{id:long}</c>.</summary>
        public string SegmentBefore(string parameter)
        {
            var place = Array.FindIndex(_segments, segment => segment.StartsWith($"{{{parameter}", StringComparison.Ordinal));
            return place > 0 ? _segments[place - 1] : "";
        }
    }
}

/// <summary>Marks operations whose response is a single resource with an ETag.</summary>
internal sealed record ResourceMetadata;
