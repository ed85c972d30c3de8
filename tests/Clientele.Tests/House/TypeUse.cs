using Clientele.Tests.Support;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;

namespace Clientele.Tests.House;

/// <summary>A file of the server that uses a type of another folder of the server.</summary>
/// <param name="File">The path below the server's folder.</param>
/// <param name="Line">The line of the use.</param>
/// <param name="Type">The type that is used, itself or through a member.</param>
/// <param name="To">The folder of that type.</param>
internal sealed record TypeUse(string File, int Line, string Type, string To)
{
    /// <summary>The folder of types that are in no folder.</summary>
    public const string Root = "(root)";

    /// <summary>The folder of the file that uses the type.</summary>
    public string From => FolderOf(File);

    /// <summary>
    /// All uses outside the composition, as the compiler binds them: names of types and members (also in nameof, constants, attributes and
    /// lambdas), extension methods, operators, and the types that it infers for var, new() and generic methods. Documentation comments do not
    /// count.
    /// </summary>
    public static IReadOnlyList<TypeUse> ReadAll()
    {
        var server = SourceCode.CompileServer();
        var trees = server.SyntaxTrees.Where(tree => FolderOf(tree) is { } folder && !Arrow.Composition.Contains(folder));
        return [.. trees.AsParallel().AsOrdered().SelectMany(tree => Read(server, tree))];
    }

    private static IEnumerable<TypeUse> Read(CSharpCompilation server, SyntaxTree tree)
    {
        var model = server.GetSemanticModel(tree);
        var file = tree.FilePath[SourceCode.ServerFolder.Length..];
        return tree.GetRoot().DescendantNodes()
            .Where(node => node is SimpleNameSyntax or ImplicitObjectCreationExpressionSyntax or ElementAccessExpressionSyntax or ConstructorInitializerSyntax
                or BinaryExpressionSyntax or AssignmentExpressionSyntax or PrefixUnaryExpressionSyntax or PostfixUnaryExpressionSyntax or CastExpressionSyntax)
            .SelectMany(node => TypesOf(Symbol(model, node)).Select(type => (node, type.Name, Folder: FolderOf(type))))
            .Where(use => use.Folder is not null && use.Folder != FolderOf(file) && use.Name != nameof(Server.StartupException))
            .Select(use => new TypeUse(file, use.node.GetLocation().GetLineSpan().StartLinePosition.Line + 1, use.Name, use.Folder!))
            .Distinct();
    }

    // A call whose arguments are generated code is an error here. The method that was meant is still the candidate.
    private static ISymbol? Symbol(SemanticModel model, SyntaxNode node)
    {
        var info = model.GetSymbolInfo(node);
        return info.Symbol ?? info.CandidateSymbols.FirstOrDefault();
    }

    private static IEnumerable<INamedTypeSymbol> TypesOf(ISymbol? symbol) => symbol switch
    {
        IArrayTypeSymbol array => TypesOf(array.ElementType),
        IPointerTypeSymbol pointer => TypesOf(pointer.PointedAtType),
        INamedTypeSymbol { IsTupleType: true } tuple => tuple.TupleElements.SelectMany(element => TypesOf(element.Type)),
        INamedTypeSymbol type => type.TypeArguments.SelectMany(TypesOf).Prepend(type),
        IMethodSymbol method => method.TypeArguments.SelectMany(TypesOf).Concat(TypesOf(method.ContainingType)),
        IPropertySymbol or IFieldSymbol or IEventSymbol => TypesOf(symbol.ContainingType),
        _ => [],
    };

    // Null for types that are not the server's.
    private static string? FolderOf(INamedTypeSymbol type) =>
        type.OriginalDefinition.DeclaringSyntaxReferences.FirstOrDefault() is { } declaration ? FolderOf(declaration.SyntaxTree) : null;

    private static string? FolderOf(SyntaxTree tree) => tree.FilePath.Length > 0 ? FolderOf(tree.FilePath[SourceCode.ServerFolder.Length..]) : null;

    private static string FolderOf(string file) => file.Contains('/', StringComparison.Ordinal) ? file[..file.IndexOf('/', StringComparison.Ordinal)] : Root;
}
