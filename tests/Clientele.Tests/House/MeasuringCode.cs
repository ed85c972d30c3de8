using System.Text.RegularExpressions;
using Clientele.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Clientele.Tests.House;

/// <summary>Limits for files, lines and methods, and rules for the text of SQL.</summary>
[Trait("Database", "Any")]
public sealed partial class MeasuringCode
{
    private const int LongestFile = 400;
    private const int LongestLine = 160;
    private const int LongestMethod = 40;

    private static readonly string[] Folders = ["src", "tests", "bench"];
    private static readonly Lazy<IReadOnlyList<SyntaxTree>> Trees = new(() => SourceCode.Parse("src"));

    [Fact]
    public void No_source_file_is_longer_than_400_lines() =>
        SourceCode.AssertNone(Files().Where(file => file.Lines.Length > LongestFile).Select(file => $"{file.Path}: {file.Lines.Length}"));

    [Fact]
    public void No_line_is_longer_than_160_columns() =>
        SourceCode.AssertNone(LongLines().Select(line => $"{line.Path}:{line.Number} has {line.Length}"));

    [Fact]
    public void No_method_is_longer_than_40_lines() =>
        SourceCode.AssertNone(Methods().Where(method => method.Length > LongestMethod).Select(method => $"{method.Place}: {method.Name} has {method.Length}"));

    // Behind a pooler the next transaction of a connection may belong to somebody else.
    [Fact]
    public void No_statement_leaves_state_in_the_session_on_PostgreSQL() =>
        SourceCode.AssertNone(Texts().Where(text => SessionState().IsMatch(text.Text)).Select(text => $"{text.Place}: {text.Text}"));

    [Theory]
    [InlineData("SET lock_timeout = 0", true)]
    [InlineData("SET LOCAL lock_timeout = 0", false)]
    [InlineData("SET LOCAL jit = off; SET search_path = x", true)]
    [InlineData("UPDATE customers SET version = 1", false)]
    [InlineData("SELECT pg_advisory_lock(1)", true)]
    [InlineData("SELECT pg_try_advisory_lock(1)", true)]
    [InlineData("SELECT pg_advisory_xact_lock(1)", false)]
    [InlineData("SELECT pg_try_advisory_xact_lock(1)", false)]
    [InlineData("SELECT set_config('jit', 'off', false)", true)]
    [InlineData("SELECT set_config('jit', 'off', true)", false)]
    public void State_in_the_session_is_recognised(string sql, bool expected) => Assert.Equal(expected, SessionState().IsMatch(sql));

    /// <summary>Prints the figures of the code: run it with <c>-explicit only -showLiveOutput</c>.</summary>
    [Fact(Explicit = true)]
    public void The_figures_of_the_code_are_printed()
    {
        var arrows = Arrow.Counted(TypeUse.ReadAll()).Select(Arrow.Of).CountBy(arrow => $"{arrow.From} -> {arrow.To}").ToList();
        var folders = Files().GroupBy(file => Path.GetDirectoryName(file.Path)).Select(folder => (folder.Key, Lines: folder.Sum(file => file.Lines.Length)));
        var projects = LongLines().CountBy(line => string.Join('/', line.Path.Split('/')[..2]));
        IEnumerable<string> figures =
        [
            $"Arrows that need a reason, with how often they are used: {arrows.Count}",
            .. arrows.OrderBy(arrow => arrow.Key, StringComparer.Ordinal).Select(arrow => $"{arrow.Value,6} {arrow.Key}"),
            $"Methods longer than {LongestMethod} lines: {Methods().Count(method => method.Length > LongestMethod)}. The longest:",
            .. Methods().OrderByDescending(method => method.Length).Take(10).Select(method => $"{method.Length,6} {method.Name} {method.Place}"),
            "Lines per folder",
            .. folders.Select(folder => $"{folder.Lines,6} {folder.Key}"),
            $"Lines longer than {LongestLine} columns",
            .. projects.Select(project => $"{project.Value,6} {project.Key}"),
        ];
        TestContext.Current.TestOutputHelper!.WriteLine(string.Join('\n', figures));
    }

    private static IEnumerable<(string Path, string[] Lines)> Files() =>
        Folders.SelectMany(folder => SourceCode.Files(folder)).Concat(SourceCode.Files("src/Clientele.Console", "*.razor"))
            .Select(path => (path, File.ReadAllLines(Path.Combine(Repository.Root, path))));

    private static IEnumerable<(string Path, int Number, int Length)> LongLines() =>
        Files().SelectMany(file => file.Lines.Select((line, index) => (file.Path, index + 1, line.Length))).Where(line => line.Length > LongestLine);

    // From the signature, after documentation and attributes, to the end.
    private static IEnumerable<(string Place, string Name, int Length)> Methods() =>
        from tree in Trees.Value
        from node in tree.GetRoot().DescendantNodes()
        where node is BaseMethodDeclarationSyntax or LocalFunctionStatementSyntax or AccessorDeclarationSyntax or PropertyDeclarationSyntax
        let start = node.ChildNodesAndTokens().First(child => !child.IsKind(SyntaxKind.AttributeList)).GetLocation()!
        let first = start.GetLineSpan().StartLinePosition.Line
        let last = node.GetLocation().GetLineSpan().EndLinePosition.Line
        select ($"{tree.FilePath}:{first + 1}", Name(node), last - first + 1);

    private static string Name(SyntaxNode node) => node switch
    {
        MethodDeclarationSyntax method => method.Identifier.Text,
        ConstructorDeclarationSyntax constructor => constructor.Identifier.Text,
        LocalFunctionStatementSyntax function => function.Identifier.Text,
        PropertyDeclarationSyntax property => property.Identifier.Text,
        _ => node.Kind().ToString(),
    };

    // Literals, and interpolated strings with a question mark for each hole.
    private static IEnumerable<(string Place, string Text)> Texts() =>
        from tree in Trees.Value
        from node in tree.GetRoot().DescendantNodes()
        let text = node switch
        {
            LiteralExpressionSyntax literal => literal.Token.Value as string,
            InterpolatedStringExpressionSyntax interpolated => string.Concat(
                interpolated.Contents.Select(part => part is InterpolatedStringTextSyntax constant ? constant.TextToken.ValueText : "?")),
            _ => null,
        }
        where text is not null
        select ($"{tree.FilePath}:{node.GetLocation().GetLineSpan().StartLinePosition.Line + 1}", text);

    [GeneratedRegex(@"(^|;)\s*SET\s+(?!LOCAL\b)|\bpg_(try_)?advisory_(?!xact_)|\bset_config\([^)]*,\s*false\)", RegexOptions.ExplicitCapture)]
    private static partial Regex SessionState();
}
