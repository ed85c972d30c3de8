using System.Globalization;
using System.Text;
using Clientele.Tests.Support;

namespace Clientele.Tests.House;

/// <summary>
/// An arrow goes from the folder of a file to the folder of a type that it uses. The arrows that may exist are those of
/// <see cref="Arrow.Allowed"/>, each with its reason.
/// </summary>
[Trait("Database", "Any")]
public sealed class PointingAtFolders
{
    private static readonly Lazy<IReadOnlyList<TypeUse>> Uses = new(TypeUse.ReadAll);

    [Fact]
    public void Folders_use_only_what_they_may_use()
    {
        var missing = Arrow.Counted(Uses.Value).Where(use => !Arrow.Allowed.Any(arrow => arrow.Allows(use))).GroupBy(Arrow.Of).ToList();

        Assert.True(missing.Count == 0, Describe("These arrows are not on the list in Arrow.cs:", missing));
    }

    [Fact]
    public void Arrows_that_no_longer_exist_are_not_on_the_list()
    {
        var uses = Arrow.Counted(Uses.Value).ToList();

        SourceCode.AssertNone(Arrow.Allowed.Where(arrow => !uses.Any(arrow.Allows)).Select(arrow => arrow.ToString()));
    }

    [Fact]
    public void Each_arrow_is_listed_once_and_has_a_reason()
    {
        Assert.Equal(Arrow.Allowed.Length, Arrow.Allowed.DistinctBy(arrow => (arrow.From, arrow.To)).Count());
        Assert.All(Arrow.Allowed, arrow => Assert.Matches("^(?!TODO).{15,}[.]$", arrow.Why));
    }

    // Lines to paste into the list, then where the types are used.
    private static string Describe(string title, List<IGrouping<Arrow, TypeUse>> arrows)
    {
        var text = new StringBuilder(title).AppendLine();
        foreach (var arrow in arrows.OrderBy(arrow => arrow.Key.From, StringComparer.Ordinal).ThenBy(arrow => arrow.Key.To, StringComparer.Ordinal))
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"        {arrow.Key},");
        }

        foreach (var arrow in arrows)
        {
            text.AppendLine().AppendLine(CultureInfo.InvariantCulture, $"{arrow.Key.From} -> {arrow.Key.To}");
            foreach (var type in arrow.GroupBy(use => (use.File, use.Type)))
            {
                var lines = string.Join(", ", type.Select(use => use.Line).Distinct());
                text.AppendLine(CultureInfo.InvariantCulture, $"  {type.Key.Type} in {type.Key.File}: {lines}");
            }
        }

        return text.ToString();
    }
}
