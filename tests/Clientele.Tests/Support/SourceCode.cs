using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Clientele.Tests.Support;

/// <summary>The source files of the repository as the compiler reads them, without migrations.</summary>
internal static class SourceCode
{
    public const string ServerFolder = "src/Clientele.Server/";

    // The implicit usings of a web project.
    private static readonly string[] ImplicitUsings =
    [
        "System", "System.Collections.Generic", "System.IO", "System.Linq", "System.Net.Http", "System.Net.Http.Json", "System.Threading",
        "System.Threading.Tasks", "Microsoft.AspNetCore.Builder", "Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Http",
        "Microsoft.AspNetCore.Routing", "Microsoft.Extensions.Configuration", "Microsoft.Extensions.DependencyInjection",
        "Microsoft.Extensions.Hosting", "Microsoft.Extensions.Logging",
    ];

    // Files are parsed as the SDK of the repository compiles them.
    private static readonly CSharpParseOptions Options = new(LanguageVersion.Preview, DocumentationMode.None);

    /// <summary>Fails with the whole list, which Assert.Empty cuts off.</summary>
    public static void AssertNone(IEnumerable<string> offenders)
    {
        var list = offenders.ToList();
        Assert.True(list.Count == 0, $"{list.Count}:\n{string.Join('\n', list)}");
    }

    /// <summary>The files below a folder of the repository. Their paths are relative to the repository.</summary>
    public static IReadOnlyList<SyntaxTree> Parse(string folder) =>
        [.. Files(folder).AsParallel().AsOrdered().Select(path => CSharpSyntaxTree.ParseText(Repository.Read(path), Options, path))];

    /// <summary>The paths of the files below a folder of the repository, relative to the repository.</summary>
    /// <param name="folder">The folder, relative to the repository.</param>
    /// <param name="pattern">What their names match: those of C# unless told otherwise.</param>
    public static IReadOnlyList<string> Files(string folder, string pattern = "*.cs")
    {
        var files = Directory.EnumerateFiles(Path.Combine(Repository.Root, folder), pattern, SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Repository.Root, file))
            .Where(path => !path.Contains("/Migrations/", StringComparison.Ordinal) && !path.Contains("/obj/", StringComparison.Ordinal))
            .Order(StringComparer.Ordinal).ToList();
        Assert.NotEmpty(files);
        return files;
    }

    /// <summary>
    /// The server, compiled from its sources against what it runs with. Generated code is missing, so its members are errors here, but every
    /// type of our own is known.
    /// </summary>
    public static CSharpCompilation CompileServer()
    {
        var own = Path.GetFileName(typeof(Program).Assembly.Location);
        var references = ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator)
            .Where(path => Path.GetFileName(path) != own && path != typeof(SourceCode).Assembly.Location)
            .Select(path => MetadataReference.CreateFromFile(path));
        var usings = string.Concat(ImplicitUsings.Select(name => $"global using global::{name};"));
        return CSharpCompilation.Create(
            typeof(Program).Assembly.GetName().Name,
            Parse(ServerFolder).Append(CSharpSyntaxTree.ParseText(usings, Options)),
            references,
            new CSharpCompilationOptions(OutputKind.ConsoleApplication, allowUnsafe: true, nullableContextOptions: NullableContextOptions.Disable));
    }
}
