using System.Text;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>Sends the tests' random requests for longer than the tests do.</summary>
internal static class FuzzBench
{
    public const int All = 3600;

    private static readonly Claim Seconds = new("seconds", "House.FuzzingTheApi");

    public static Task<int> RunAsync(int seconds, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            return new Report(seconds, await Proof.RunAllAsync(progress, [(Seconds, seconds)], cancellationToken), database.Version);
        },
        cancellationToken);

    private sealed class Report(int seconds, IReadOnlyList<Proof> proofs, string postgres) : IReport
    {
        public bool IsFull => seconds >= All;

        public IEnumerable<Table> Tables()
        {
            yield return Page.Table(Proof.Columns, proofs.Select(proof => proof.Cells));
        }

        public Task WriteAsync(CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            Page.Append(text, Proof.Columns, proofs.Select(proof => proof.Cells));
            return Page.ReplaceAsync(Page.Fuzz, $"bin/bench fuzz --seconds {seconds}", postgres, text.AppendLine(Notes).ToString(), cancellationToken);
        }

        private const string Notes =
            """
            - Each request belongs to an operation of the description, and is sent by an anonymous caller, one of two customers or an admin. Its
              path, parameters, headers and body are the described examples, values that the schemas allow, values at a limit, or values that
              they do not allow. Ids come from earlier responses, also those of deleted resources.
            - The status, headers and body of every response are as described, and none is an internal error. Values that the schema does not
              allow are refused, with the name of a member. A repetition with the same `Idempotency-Key` gets the same response, an old `ETag` changes nothing,
              a read returns what was written, and what was deleted is not found.
            """;
    }
}
