using System.Globalization;
using System.Text.RegularExpressions;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>docs/asvs.md claims a requirement only with tests that exist, and gives a reason for every other one.</summary>
[Trait("Database", "Any")]
public sealed partial class ClaimingRequirements
{
    private static readonly Lazy<IReadOnlyList<Row>> Rows = new(() =>
    [
        .. TableRow().Matches(Repository.Read("docs/asvs.md")).Select(row => new Row(
            row.Groups["ids"].Value.Split(", "),
            int.Parse(row.Groups["level"].Value, CultureInfo.InvariantCulture),
            row.Groups["met"].Value,
            row.Groups["shown"].Value)),
    ]);

    /// <summary>The test classes by name. A name that two of them have would be ambiguous.</summary>
    private static readonly ILookup<string, Type> Classes = typeof(ClaimingRequirements).Assembly.GetTypes()
        .Where(type => Tests(type).Any())
        .ToLookup(type => type.Name);

    [Theory]
    [InlineData(1, 70)]
    [InlineData(2, 183)]
    public void Every_requirement_of_a_level_is_there_once(int level, int requirements)
    {
        var ids = Rows.Value.Where(row => row.Level == level).SelectMany(row => row.Ids).ToList();

        Assert.Equal(requirements, ids.Count);
        Assert.Equal(ids.Distinct(), ids);
    }

    [Fact]
    public void Every_claim_names_tests_that_exist() => SourceCode.AssertNone(Rows.Value
        .Where(row => row.Met == "yes")
        .SelectMany(row => Names(row).DefaultIfEmpty("no test").Where(name => !Exists(name)).Select(name => $"{row.Ids[0]}: {name}")));

    /// <summary>A reason may name tests, too, and other code such as settings.</summary>
    [Fact]
    public void Every_other_requirement_has_a_reason_whose_tests_exist()
    {
        var others = Rows.Value.Where(row => row.Met != "yes").ToList();

        Assert.All(others, row => Assert.Matches(@"\w+ \w+.*\.$", row.Shown));
        SourceCode.AssertNone(others.SelectMany(row =>
            Names(row).Where(name => TestName().IsMatch(name) && !Exists(name)).Select(name => $"{row.Ids[0]}: {name}")));
    }

    private static IEnumerable<string> Names(Row row) => Code().Matches(row.Shown).Select(code => code.Groups[1].Value);

    private static bool Exists(string name)
    {
        var parts = name.Split('.');
        var found = Classes[parts[0]].ToList();
        return found.Count == 1 && (parts.Length == 1 || Tests(found[0]).Contains(parts[1]));
    }

    private static IEnumerable<string> Tests(Type type) =>
        type.GetMethods().Where(method => method.IsDefined(typeof(FactAttribute), inherit: true)).Select(method => method.Name);

    [GeneratedRegex(@"^\| (?<ids>\d+\.\d+\.\d+(, \d+\.\d+\.\d+)*) \| (?<level>[12]) \| [^|]+ \| (?<met>yes|no|n/a) \| (?<shown>[^|]+) \|$",
        RegexOptions.Multiline | RegexOptions.ExplicitCapture)]
    private static partial Regex TableRow();

    [GeneratedRegex("`([^`]+)`")]
    private static partial Regex Code();

    [GeneratedRegex(@"^[A-Z][a-z]*ing([A-Z]\w*)?(\.\w+)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex TestName();

    private sealed record Row(string[] Ids, int Level, string Met, string Shown);
}
