using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;

namespace Weft.Simulation.Mutator;

/// <summary>All places where the cores can be changed a little, in the order that a seed draws.</summary>
internal static class MutationFinder
{
    /// <summary>What only tells people or checks: without it nothing else is done.</summary>
    private static readonly string[] NotWorthIt = ["Invariant.Require", "_story.Add", "_log.Add", "Met.Add", "Drops.Add", "Drop(DropReason", "story.Append"];

    public static IEnumerable<Mutation> Draw(SourceSet sources, MutatorOptions options)
    {
        var all = sources.Cores
            .Where(tree => !tree.FilePath.EndsWith("Invariants.cs", StringComparison.Ordinal) && tree.FilePath.Contains(options.File, StringComparison.Ordinal))
            .SelectMany(tree => tree.GetRoot().DescendantNodes().Where(static node => !IsNotWorthIt(node)).SelectMany(node => ChangesOf(node).Select(change => new Mutation(sources.Root, tree, change.What, node, change.After))))
            .ToArray();
        new Random(options.Seed).Shuffle(all);
        return all;
    }

    private static bool IsNotWorthIt(SyntaxNode node) =>
        node.FirstAncestorOrSelf<StatementSyntax>() is not { } statement
        || NotWorthIt.Any(text => statement is not (BlockSyntax or IfStatementSyntax or ForEachStatementSyntax or ForStatementSyntax or WhileStatementSyntax) && statement.ToString().StartsWith(text, StringComparison.Ordinal));

    private static IEnumerable<(string What, SyntaxNode After)> ChangesOf(SyntaxNode node)
    {
        switch (node)
        {
            case IfStatementSyntax guard:
                yield return ("negate a condition", guard.WithCondition(Not(guard.Condition)));
                if (guard.Else is null && IsWayOut(guard.Statement))
                {
                    yield return ("delete a guard", EmptyStatement());
                }

                break;
            case ConditionalExpressionSyntax choice:
                yield return ("negate a condition", choice.WithCondition(Not(choice.Condition)));
                break;
            case ExpressionStatementSyntax:
                yield return ("drop a statement", EmptyStatement());
                break;
            case BinaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalAndExpression or (int)SyntaxKind.LogicalOrExpression } both:
                yield return ("drop an operand", both.Left);
                yield return ("drop an operand", both.Right);
                break;
            case BinaryExpressionSyntax compared when Neighbour(compared.Kind()) is var (kind, token):
                yield return ("move a bound", BinaryExpression(kind, compared.Left, Token(token).WithTriviaFrom(compared.OperatorToken), compared.Right));
                break;
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.TrueLiteralExpression }:
                yield return ("swap a truth", LiteralExpression(SyntaxKind.FalseLiteralExpression));
                break;
            case LiteralExpressionSyntax { RawKind: (int)SyntaxKind.FalseLiteralExpression }:
                yield return ("swap a truth", LiteralExpression(SyntaxKind.TrueLiteralExpression));
                break;
        }
    }

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax condition) =>
        PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(condition.WithoutTrivia()));

    private static bool IsWayOut(StatementSyntax statement) => statement switch
    {
        BlockSyntax { Statements: [.., var last] } => IsWayOut(last),
        ReturnStatementSyntax or ContinueStatementSyntax or BreakStatementSyntax => true,
        _ => false,
    };

    private static (SyntaxKind Kind, SyntaxKind Token)? Neighbour(SyntaxKind kind) => kind switch
    {
        SyntaxKind.LessThanExpression => (SyntaxKind.LessThanOrEqualExpression, SyntaxKind.LessThanEqualsToken),
        SyntaxKind.LessThanOrEqualExpression => (SyntaxKind.LessThanExpression, SyntaxKind.LessThanToken),
        SyntaxKind.GreaterThanExpression => (SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.GreaterThanEqualsToken),
        SyntaxKind.GreaterThanOrEqualExpression => (SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanToken),
        _ => null,
    };
}
