using System.Reflection;

namespace Weft.Serialization;

/// <summary>Turns what compilers call a method into what its author would.</summary>
internal static class FunctionNames
{
    /// <summary>"Square", "lambda in Main", "Helper" for a local function.</summary>
    public static string Display(MethodInfo method) =>
        IsFSharpClosure(method)
            ? "lambda in " + method.DeclaringType!.Name[..method.DeclaringType.Name.IndexOf('@')]
            : Display(method.Name);

    /// <summary>"Program.Square": for messages about a member that the reader should look up.</summary>
    public static string Member(MethodInfo method)
    {
        var type = method.DeclaringType;
        while (type is { IsNested: true } && type.Name.Contains('<'))
        {
            type = type.DeclaringType;
        }

        return type is null || type.Name.Contains('@') ? Display(method) : $"{type.Name}.{Display(method)}";
    }

    /// <summary>C# names lambdas "&lt;Main&gt;b__0_1" and local functions "&lt;Main&gt;g__Helper|0_1", after the member that they stand in.</summary>
    private static string Display(string name)
    {
        var end = name.LastIndexOf('>');
        if (!name.StartsWith('<') || end < 0 || end + 1 >= name.Length)
        {
            return name;
        }

        var mangled = name[(end + 1)..];
        if (mangled.StartsWith("g__", StringComparison.Ordinal) && mangled.IndexOf('|') is > 3 and var bar)
        {
            return mangled[3..bar];
        }

        return mangled.StartsWith("b__", StringComparison.Ordinal) ? "lambda in " + Outer(name[1..end]) : name;
    }

    private static string Outer(string name) => name switch
    {
        "<Main>$" => "Main",
        ".ctor" or ".cctor" => "a constructor",
        _ => name,
    };

    /// <summary>F# makes a lambda a class "main@12-1" with a method Invoke.</summary>
    private static bool IsFSharpClosure(MethodInfo method) => method.Name == "Invoke" && method.DeclaringType?.Name.IndexOf('@') > 0;
}
