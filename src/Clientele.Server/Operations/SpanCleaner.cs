using System.Diagnostics;
using System.Text.RegularExpressions;
using OpenTelemetry;

namespace Clientele.Server.Operations;

/// <summary>
/// Removes everything from finished spans that may be personal data: addresses with their queries, names of clients, values in statements, messages of
/// exceptions. What stays is on a list, so that a new version of a package adds nothing by itself.
/// </summary>
internal sealed partial class SpanCleaner : BaseProcessor<Activity>
{
    private const string Statement = "db.query.text";

    private static readonly HashSet<string> Kept =
    [
        "http.request.method", "http.response.status_code", "http.route", "url.scheme", "server.address", "server.port", "network.protocol.version",
        "error.type", "db.system.name", "db.namespace", "db.operation.name", "db.collection.name", "db.response.status_code", "db.npgsql.data_source",
        "db.npgsql.prepared", "db.npgsql.rows", Statement,
    ];

    /// <summary>An exception of the database may quote a value: only its type, its SQLSTATE and its stack are recorded.</summary>
    private static readonly ActivityListener Exceptions = new()
    {
        ShouldListenTo = source => source.Name == "Npgsql",
        ExceptionRecorder = (Activity _, Exception exception, ref TagList tags) =>
        {
            tags.Add("exception.message", exception is Npgsql.PostgresException { SqlState: var state } ? state : exception.GetType().Name);
            tags.Add("exception.stacktrace", exception.StackTrace ?? "");
        },
    };

    public static void Listen() => ActivitySource.AddActivityListener(Exceptions);

    public override void OnEnd(Activity data)
    {
        foreach (var (name, value) in data.TagObjects.ToList())
        {
            if (!Kept.Contains(name))
            {
                data.SetTag(name, null);
            }
            else if (name == Statement && value is string sql)
            {
                data.SetTag(name, Literal().Replace(sql, "?"));
            }
        }

        // Without the description, which is the message of an exception.
        data.SetStatus(data.Status);
    }

    [GeneratedRegex("'(?:[^']|'')*'")]
    private static partial Regex Literal();
}
