using System.Text;
using Spectre.Console;

namespace Clientele.Bench;

/// <summary>Sends the tests' hostile bodies, of random sizes up to the largest accepted, for longer than the tests do.</summary>
internal static class HostileBench
{
    public const int All = 20_000;

    private static readonly Claim Bodies = new("bodies", "House.SendingHostileBodies");

    public static Task<int> RunAsync(int bodies, CancellationToken cancellationToken) => Run.ToEndAsync(
        async (progress, server) =>
        {
            await using var database = await BenchDatabase.CreateAsync(server, cancellationToken);
            return new Report(bodies, await Proof.RunAllAsync(progress, [(Bodies, bodies)], cancellationToken), database.Version);
        },
        cancellationToken);

    private sealed class Report(int bodies, IReadOnlyList<Proof> proofs, string postgres) : IReport
    {
        public bool IsFull => bodies >= All;

        public IEnumerable<Table> Tables()
        {
            yield return Page.Table(Proof.Columns, proofs.Select(proof => proof.Cells));
        }

        public Task WriteAsync(CancellationToken cancellationToken)
        {
            var text = new StringBuilder();
            Page.Append(text, Proof.Columns, proofs.Select(proof => proof.Cells));
            return Page.ReplaceAsync(Page.Hostile, $"bin/bench hostile --bodies {bodies}", postgres, text.AppendLine(Notes).ToString(), cancellationToken);
        }

        private const string Notes =
            """
            - A body has one of about sixty shapes (long names with long lists of valid and of invalid values, nested names, one member repeated
              many times, nested lists, endless combining marks and digits in each member, rules of many nodes), of 1 KiB to 1000 KiB, for each
              operation of the description in turn.
            - Each is sent alone to a separate process. It may take 400 ms of CPU and 4 MiB of memory, plus 0.8 µs and 200 bytes for each byte
              of it; every error response is at most 64 KiB long, and none is a 5xx.
            """;
    }
}
