namespace Clientele.Server.Http;

/// <summary>
/// Handles ids of other systems in a path. The server decodes every escape in a path except that of a slash. Without this, an order sent as
/// <c>2025%2F17</c> would not be the same as <c>2025/17</c> in a batch.
/// </summary>
internal static class RoutedIds
{
    private const string EscapedSlash = "%2F";

    public static void UseRoutedIds(this WebApplication app) => app.Use((context, next) =>
    {
        var values = context.Request.RouteValues;
        foreach (var (name, value) in values.Where(IsEscaped).ToList())
        {
            values[name] = ((string)value!).Replace(EscapedSlash, "/", StringComparison.OrdinalIgnoreCase);
        }

        return next(context);
    });

    private static bool IsEscaped(KeyValuePair<string, object?> value) =>
        value.Value is string text && text.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase);
}
