using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace Weft.Simulation.Mutator;

/// <summary>Compiles the cores and the simulation into one assembly, against what this program itself refers to.</summary>
internal sealed class MutantCompiler(SourceSet sources, string folder)
{
    private readonly CSharpCompilation _unchanged = CSharpCompilation.Create(
        "Weft.Mutant",
        sources.Cores.Concat(sources.Others),
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!).Split(Path.PathSeparator).Select(static file => MetadataReference.CreateFromFile(file)),
        new CSharpCompilationOptions(OutputKind.DynamicallyLinkedLibrary, optimizationLevel: OptimizationLevel.Release, nullableContextOptions: NullableContextOptions.Enable));

    private int _compiled;

    /// <summary>The assembly's file; null: it does not compile, as when a variable is not assigned any more.</summary>
    public string? TryCompile(Mutation? mutation)
    {
        var compilation = mutation is null ? _unchanged : _unchanged.ReplaceSyntaxTree(mutation.Tree, mutation.Mutate());
        var file = Path.Combine(folder, $"mutant-{++_compiled}.dll");
        var result = compilation.Emit(file);
        if (!result.Success && mutation is null)
        {
            Console.Error.WriteLine(string.Join('\n', result.Diagnostics.Where(static diagnostic => diagnostic.Severity == DiagnosticSeverity.Error).Take(10)));
        }

        return result.Success ? file : null;
    }
}
