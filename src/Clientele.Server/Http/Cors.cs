using Microsoft.Net.Http.Headers;

namespace Clientele.Server.Http;

/// <summary>Which web pages of other origins may call the service from a browser: the settings under <c>Cors:</c>. Without origins, none may.</summary>
internal sealed class Cors : IValidatableObject
{
    private const string Any = "*";
    private static readonly TimeSpan PreflightAge = TimeSpan.FromMinutes(10);

    /// <summary>The headers of responses that such pages may read, besides those that browsers always show.</summary>
    private static readonly string[] Exposed =
        [HeaderNames.ETag, HeaderNames.Location, HeaderNames.RetryAfter, HeaderNames.WWWAuthenticate, HeaderNames.Allow, "Idempotent-Replayed"];

    /// <summary>Origins such as <c>https://shop.example</c>; <c>*</c> for all. Tokens are sent in a header, so no cookies are allowed.</summary>
    public IList<string> Origins { get; } = [];

    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        foreach (var (i, origin) in Origins.Index().Where(one => one.Item != Any && !IsOrigin(one.Item)))
        {
            yield return new($"Cors:Origins:{i}: must be an origin such as https://shop.example, without a path, or * for all, not {Errors.Cut(origin)}.");
        }
    }

    /// <summary>Runs before requests to the right host can be refused, so that pages can read the refusals, too.</summary>
    public static void Use(WebApplication app)
    {
        var origins = app.Services.GetRequiredService<IOptions<Cors>>().Value.Origins;
        if (origins.Count == 0)
        {
            return;
        }

        app.UseCors(policy => (origins.Contains(Any) ? policy.AllowAnyOrigin() : policy.WithOrigins([.. origins.Select(Normal)]))
            .AllowAnyMethod().AllowAnyHeader().WithExposedHeaders(Exposed).SetPreflightMaxAge(PreflightAge));
    }

    /// <summary>As browsers send it: in lower case and without the default port.</summary>
    private static string Normal(string origin) => new Uri(origin).GetLeftPart(UriPartial.Authority);

    public static bool IsOrigin(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https" && uri.UserInfo.Length == 0
        && uri.AbsolutePath == "/" && uri.Query.Length == 0 && uri.Fragment.Length == 0 && !text.EndsWith('/');
}
