using System.Text;

namespace Weft.Client.Tests.Overloads;

/// <summary>
/// Writes the overloads of Submit and Map, which C# has no way to say once: every mixture of values and futures for up to three
/// arguments, for each kind of function. <see cref="OverloadFilesTests"/> holds the files to it.
/// </summary>
internal static class OverloadWriter
{
    private const int MixedArityMax = 3;
    private const int ArityMax = 6;

    /// <summary>
    /// Priorities: an argument that is a future is a future, never a value of type Future; and a lambda that could be either is
    /// taken to return a Task rather than a ValueTask.
    /// </summary>
    private const int FuturesPriority = 2;
    private const int TaskPriority = 1;

    private static readonly Kind[] Kinds =
    [
        new("TResult", 0),
        new("Task<TResult>", TaskPriority),
        new("ValueTask<TResult>", 0),
        new(null, 0),
        new("Task", TaskPriority),
        new("ValueTask", 0),
    ];

    private enum Form
    {
        Value,
        Future,

        /// <summary>Either, at the price of type inference.</summary>
        Either,
    }

    public static IEnumerable<(string Name, string Text)> Files()
    {
        for (var arity = 0; arity <= ArityMax; arity++)
        {
            yield return ($"WeftClient.Submit{arity}.cs", File(SubmitOverloads(arity)));
        }

        yield return ("WeftClient.SubmitList.cs", File(ListOverloads()));
        for (var arity = 1; arity <= MixedArityMax; arity++)
        {
            yield return ($"WeftClient.Map{arity}.cs", File(MapOverloads(arity)));
        }
    }

    private static IEnumerable<string> SubmitOverloads(int arity) =>
        from forms in arity <= MixedArityMax ? Mixtures(arity) : [All(arity, Form.Value), All(arity, Form.Future), All(arity, Form.Either)]
        from kind in Kinds
        select Submit(kind, forms);

    private static IEnumerable<string> MapOverloads(int arity) =>
        from forms in Mixtures(arity)
        from kind in Kinds
        select Map(kind, forms);

    private static IEnumerable<string> ListOverloads() =>
        from list in new[] { "T[]", "IReadOnlyList<T>", "IEnumerable<T>", "List<T>" }
        from kind in Kinds
        select Method(
            "SubmitList", kind, FuturesPriority, "Submit", ["T"], [list], ["IEnumerable<Future<T>> argument"], ["CallArgument.OfList(argument)"], kind.HasResult ? "SubmitCall<TResult>" : "SubmitCall<Nothing>", "Future");

    private static string Submit(Kind kind, Form[] forms)
    {
        var types = Types(forms.Length);
        var parameters = forms.Select((form, i) => form switch
        {
            Form.Value => $"{types[i]} argument{i + 1}",
            Form.Future => $"Future<{types[i]}> argument{i + 1}",
            _ => $"TaskArgument<{types[i]}> argument{i + 1}",
        });
        var arguments = forms.Select((form, i) => form switch
        {
            Form.Value => $"CallArgument.Of(argument{i + 1})",
            Form.Future => $"CallArgument.OfFuture(argument{i + 1})",
            _ => $"argument{i + 1}.Argument",
        });
        var priority = forms.Contains(Form.Either) ? -FuturesPriority : forms.Contains(Form.Future) ? FuturesPriority : 0;
        return Method("Submit", kind, priority, "Submit", types, types, [.. parameters], [.. arguments], kind.HasResult ? "SubmitCall<TResult>" : "SubmitCall<Nothing>", "Future");
    }

    private static string Map(Kind kind, Form[] forms)
    {
        var types = Types(forms.Length);
        var parameters = forms.Select((form, i) => $"IEnumerable<{(form == Form.Value ? types[i] : $"Future<{types[i]}>")}> sequence{i + 1}");
        var sources = forms.Select((form, i) => $"MapSource.Of{(form == Form.Value ? "" : "Futures")}(sequence{i + 1})");
        var priority = forms.Contains(Form.Future) ? FuturesPriority : 0;
        return Method("Map", kind, priority, "Map", types, types, [.. parameters], [.. sources], kind.HasResult ? "MapCalls<TResult>" : "MapActions", "FutureList");
    }

    private static string Method(
        string docs, Kind kind, int priority, string name, string[] types, string[] parameterTypes, string[] parameters, string[] arguments, string core, string future)
    {
        string[] generics = kind.HasResult ? [.. types, "TResult"] : types;
        var result = kind.HasResult ? $"{future}<TResult>" : future;
        var list = string.Join(", ", [$"{kind.DelegateOf(parameterTypes)} function", .. parameters, "TaskOptions? options = null"]);
        var call = string.Join(", ", ["function", "options", .. arguments]);
        var text = new StringBuilder();
        text.Append($"    /// <include file=\"../Docs.xml\" path=\"docs/{docs}/*\"/>\n");
        foreach (var parameter in docs == "SubmitList" ? [] : parameters)
        {
            text.Append($"    /// <param name=\"{parameter[(parameter.LastIndexOf(' ') + 1)..]}\">{Describe(parameter)}</param>\n");
        }

        if (priority + kind.Priority is not 0 and var total)
        {
            text.Append($"    [OverloadResolutionPriority({total})]\n");
        }

        text.Append($"    public {result} {name}{(generics.Length == 0 ? "" : $"<{string.Join(", ", generics)}>")}(\n        {list}) =>\n");
        text.Append($"        {core}({call});\n");
        return text.ToString();
    }

    private static string Describe(string parameter) => parameter switch
    {
        _ when parameter.StartsWith("IEnumerable<Future<", StringComparison.Ordinal) => "Futures, each standing for its result.",
        _ when parameter.StartsWith("IEnumerable<", StringComparison.Ordinal) => "Values, read lazily.",
        _ when parameter.StartsWith("Future<", StringComparison.Ordinal) => "A future, standing for its result.",
        _ when parameter.StartsWith("TaskArgument<", StringComparison.Ordinal) => "A value or a future.",
        _ => "A value.",
    };

    private static string File(IEnumerable<string> methods) =>
        "// <auto-generated>Written by OverloadWriter in tests/Client.Tests; change it there.</auto-generated>\n"
        + "#nullable enable\n\nusing System.Runtime.CompilerServices;\nusing Weft.Client;\n\nnamespace Weft;\n\npublic sealed partial class WeftClient\n{\n"
        + string.Join("\n", methods)
        + "}\n";

    private static string[] Types(int arity) => [.. Enumerable.Range(1, arity).Select(i => $"T{i}")];

    private static Form[] All(int arity, Form form) => [.. Enumerable.Repeat(form, arity)];

    private static IEnumerable<Form[]> Mixtures(int arity) =>
        Enumerable.Range(0, 1 << arity).Select(bits => Enumerable.Range(0, arity).Select(i => (bits >> i & 1) == 0 ? Form.Value : Form.Future).ToArray());

    /// <param name="Returns">Null: nothing.</param>
    /// <param name="Priority">Added to that of the arguments.</param>
    private sealed record Kind(string? Returns, int Priority)
    {
        public bool HasResult => Returns?.Contains("TResult", StringComparison.Ordinal) ?? false;

        public string DelegateOf(string[] parameters) => Returns is null
            ? parameters.Length == 0 ? "Action" : $"Action<{string.Join(", ", parameters)}>"
            : $"Func<{string.Join(", ", [.. parameters, Returns])}>";
    }
}
