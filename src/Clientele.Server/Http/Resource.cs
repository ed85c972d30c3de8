using System.Reflection;
using Microsoft.AspNetCore.Http.Metadata;

namespace Clientele.Server.Http;

/// <summary>A single resource in the caller's representation, with its ETag <c>"version-hash"</c>; 304 if the caller already has it.</summary>
internal sealed class Resource<T>(T value, int version) : IResult, IStatusCodeHttpResult, IEndpointMetadataProvider
{
    public T Value => value;

    /// <summary>The address of a created resource.</summary>
    public string? Location { get; init; }

    /// <summary>The work continues after the response (202).</summary>
    public bool IsAccepted { get; init; }

    public int? StatusCode => Location is not null ? StatusCodes.Status201Created : IsAccepted ? StatusCodes.Status202Accepted : StatusCodes.Status200OK;

    public static void PopulateMetadata(MethodInfo method, EndpointBuilder builder)
    {
        builder.Metadata.Add(new ProducesResponseTypeMetadata(StatusCodes.Status200OK, typeof(T), ["application/json"]));
        builder.Metadata.Add(new ResourceMetadata());
    }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(value, Wire.For<T>(httpContext));
        var response = httpContext.Response;
        var tag = string.Create(CultureInfo.InvariantCulture, $"\"{version}-{Convert.ToHexStringLower(SHA256.HashData(json).AsSpan(0, 8))}\"");
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "private, no-cache";
        if (HttpMethods.IsGet(httpContext.Request.Method) && ETags.Lists(httpContext.Request.Headers.IfNoneMatch.ToString(), tag))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.StatusCode = StatusCode!.Value;
        response.Headers.Location = Location is null ? null : PublicAddress.LocationOf(httpContext, Location);
        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = json.Length;
        return response.BodyWriter.WriteAsync(json, httpContext.RequestAborted).AsTask();
    }
}

internal static class ResourceMapping
{
    /// <summary>The operation creates the resource: it answers 201 with the resource's location.</summary>
    public static RouteHandlerBuilder Creates(this RouteHandlerBuilder endpoint) => endpoint.InsteadOfOk(StatusCodes.Status201Created);

    /// <summary>The work continues after the response: it answers 202.</summary>
    public static RouteHandlerBuilder Accepted(this RouteHandlerBuilder endpoint) => endpoint.InsteadOfOk(StatusCodes.Status202Accepted);

    /// <summary>Replaces the status that <see cref="Resource{T}"/> has declared, which knows the handler and not its route.</summary>
    private static RouteHandlerBuilder InsteadOfOk(this RouteHandlerBuilder endpoint, int status)
    {
        endpoint.Add(builder =>
        {
            var ok = builder.Metadata.OfType<ProducesResponseTypeMetadata>().Single(answer => answer.StatusCode == StatusCodes.Status200OK);
            builder.Metadata[builder.Metadata.IndexOf(ok)] = new ProducesResponseTypeMetadata(status, ok.Type, [.. ok.ContentTypes]);
        });
        return endpoint;
    }
}

/// <summary>The preconditions of RFC 9110. If-None-Match compares the whole ETag, If-Match only the version in it.</summary>
internal static class ETags
{
    public static bool Lists(string header, string tag) =>
        header is "*" || header.Split(',', StringSplitOptions.TrimEntries).Any(listed => listed.Replace("W/", "", StringComparison.Ordinal) == tag);

    /// <summary>Returns a problem if the caller wants to change a version that is not the current one.</summary>
    public static Problem? Stale(HttpRequest request, int version)
    {
        var header = request.Headers.IfMatch.ToString();
        if (header is "" or "*")
        {
            return null;
        }

        var prefix = string.Create(CultureInfo.InvariantCulture, $"\"{version}-");
        return header.Split(',', StringSplitOptions.TrimEntries).Any(listed => listed.StartsWith(prefix, StringComparison.Ordinal))
            ? null
            : new Problem("stale_version", "The resource has changed since you read it. Read it again and repeat the change on the new version.");
    }
}
