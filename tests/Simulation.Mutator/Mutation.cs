using Microsoft.CodeAnalysis;

namespace Weft.Simulation.Mutator;

/// <summary>One small change of one file.</summary>
/// <param name="Root">The repository's folder, for the name.</param>
/// <param name="Tree">The file as it is.</param>
/// <param name="What">The kind of change, for people.</param>
/// <param name="Before">What goes.</param>
/// <param name="After">What stands there instead.</param>
internal sealed record Mutation(string Root, SyntaxTree Tree, string What, SyntaxNode Before, SyntaxNode After)
{
    private const int TextMax = 120;

    public SyntaxTree Mutate() => Tree.WithRootAndOptions(Tree.GetRoot().ReplaceNode(Before, After.WithTriviaFrom(Before)), Tree.Options);

    public override string ToString() =>
        $"{Path.GetRelativePath(Root, Tree.FilePath)}:{Tree.GetLineSpan(Before.Span).StartLinePosition.Line + 1} {What}: {Short(Before)} -> {Short(After)}";

    private static string Short(SyntaxNode node)
    {
        var text = string.Join(' ', node.ToString().Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
        return text.Length <= TextMax ? text : text[..TextMax] + "…";
    }
}
