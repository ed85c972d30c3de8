namespace Clientele.Client;

/// <summary>A resource and the version that was read: <c>var (customer, etag) = await client.Customers.GetMeAsync();</c></summary>
/// <param name="Value">The resource.</param>
/// <param name="ETag">
/// Its entity tag. Pass it as <c>ifMatch</c> to a change: the service rejects the change with 412 (<c>stale_version</c>) if the resource
/// has changed since. Pass it as <c>ifNoneMatch</c> to <c>Get…IfChangedAsync</c>: an unchanged resource is not sent again.
/// </param>
/// <typeparam name="T">The resource.</typeparam>
public sealed record Versioned<T>(T Value, string ETag);
