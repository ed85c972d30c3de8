namespace Clientele.Server.Operations;

/// <summary>The differences that the last run of <c>clientele check</c> has found. Without any run, there is nothing to say.</summary>
internal sealed class CheckGauges(CheckResults results, TimeProvider clock) : IDatabaseGauges
{
    public async Task<IReadOnlyList<GaugeReading>> ReadAsync(CancellationToken cancellationToken)
    {
        if (await results.ReadAsync(cancellationToken) is not var (findings, ranAt))
        {
            return [];
        }

        return
        [
            new("clientele.check.age", "s", "How long ago clientele check ran.", GaugeReading.Age(clock.Now(), ranAt)),
            .. findings.Select(check => new GaugeReading(
                "clientele.check.findings", "{finding}", "How many differences clientele check has found, by check.", check.Value, ("check", check.Key))),
        ];
    }
}
