using Microsoft.CodeAnalysis.CSharp.Scripting;
using Microsoft.CodeAnalysis.Scripting;
using Weft.Launcher;

namespace Weft.Integration.Tests;

/// <summary>Code as a notebook compiles it: cell by cell, each into an assembly without a file that refers to those before.</summary>
public sealed class NotebookTests(ITestOutputHelper output) : OneClusterTests(output, workers: 1)
{
    [Fact]
    public async Task Lambdas_methods_and_types_of_cells_run_on_workers_that_have_never_seen_them()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Code without a file is read through /proc/self/mem.");

        Assert.Equal(25, await RunAsync("return await Client.Submit(x => x * x, 5);"));
        Assert.Equal(25, await RunAsync("static class Shapes { public static int Square(int x) => x * x; }", "return await Client.Submit(Shapes.Square, 5);"));
        Assert.Equal(25, await RunAsync("record Point(int X, int Y);", "return (await Client.Submit(p => new Point(p.X * p.Y, 0), new Point(5, 5))).X;"));
    }

    [Fact]
    public async Task What_would_carry_the_whole_notebook_is_refused_with_what_to_write_instead()
    {
        var method = await Assert.ThrowsAsync<DelegateNotShippableException>(() => RunAsync("int Square(int x) => x * x;", "return await Client.Submit(Square, 5);"));
        var lambda = await Assert.ThrowsAsync<DelegateNotShippableException>(() => RunAsync("var offset = 20;", "return await Client.Submit(x => x + offset, 5);"));

        const string Advice = "It carries its whole notebook cell: write it as a method of a static class, and pass what it needs as arguments.";
        Assert.StartsWith("'Square' cannot be shipped to workers: ", method.Message);
        Assert.EndsWith(Advice, method.Message);
        Assert.StartsWith("'lambda in ", lambda.Message);
        Assert.EndsWith(Advice, lambda.Message);
    }

    private async Task<object?> RunAsync(params string[] cells)
    {
        var options = ScriptOptions.Default.WithReferences(typeof(WeftClient).Assembly, typeof(object).Assembly).WithImports("System", "Weft");
        ScriptState<object>? state = null;
        foreach (var cell in cells)
        {
            state = state is null ? await CSharpScript.RunAsync(cell, options, new Notebook(Client), cancellationToken: Ended) : await state.ContinueWithAsync(cell, cancellationToken: Ended);
        }

        return state!.ReturnValue;
    }
}

/// <summary>What a notebook gives its cells.</summary>
public sealed record Notebook(WeftClient Client);
