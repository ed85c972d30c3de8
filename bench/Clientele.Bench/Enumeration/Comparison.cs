namespace Clientele.Bench.Enumeration;

/// <summary>How long a kind of request took, in milliseconds, for accounts that exist and for names without an account.</summary>
internal sealed record Comparison(string Database, string Title, IReadOnlyList<double> Known, IReadOnlyList<double> Unknown)
{
    /// <summary>The ratio of the medians. It is 1 if nothing can be learnt.</summary>
    public double Ratio => Median(Known) / Median(Unknown);

    /// <summary>The ratio that chance alone makes: that of every second unknown name to the others.</summary>
    public double Noise => Median([.. Unknown.Where((_, i) => i % 2 == 0)]) / Median([.. Unknown.Where((_, i) => i % 2 == 1)]);

    /// <summary>How often a request about an account takes longer than one about a name without one. It is a half if nothing can be learnt.</summary>
    public double Slower => Known.SelectMany(_ => Unknown, (known, unknown) => known > unknown ? 1.0 : known < unknown ? 0 : 0.5).Average();

    public static double Median(IReadOnlyList<double> all) => all.Order().ElementAt(all.Count / 2);
}
