using System.Collections.Concurrent;
using System.Reflection;

namespace Weft.Serialization;

/// <summary>Finds described functions in a worker's code. Thread safe.</summary>
public sealed class FunctionResolver(CodeSource code)
{
    private const BindingFlags Any = BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>Descriptors come from a client's program: as many as it has functions that travel inside values.</summary>
    private readonly ConcurrentDictionary<FunctionDescriptor, MethodInfo> _known = [];

    /// <exception cref="FunctionNotFoundException">This code has no such function; the message says what is missing.</exception>
    public MethodInfo Resolve(FunctionDescriptor function) => _known.GetOrAdd(function, Find);

    private MethodInfo Find(FunctionDescriptor function)
    {
        try
        {
            var definition = function.Token == 0 ? ByName(function) : ByToken(function);
            return Close(function, definition);
        }
        catch (Exception error) when (error is ArgumentException or TypeLoadException or BadImageFormatException or IOException or InvalidOperationException)
        {
            throw new FunctionNotFoundException($"'{function}' could not be loaded from the assembly '{function.Assembly}': {error.Message}", error);
        }
    }

    private MethodInfo ByToken(FunctionDescriptor function)
    {
        if (code.FindAssembly(function.Assembly, function.Mvid) is { } assembly)
        {
            return assembly.ManifestModule.ResolveMethod(function.Token) as MethodInfo
                ?? throw new FunctionNotFoundException($"'{function}' is a constructor, which is no function.");
        }

        throw code.FindAssembly(function.Assembly) is { } other
            ? new FunctionNotFoundException($"'{function}' belongs to the build {function.Mvid} of the assembly '{function.Assembly}', and this worker has the build {other.ManifestModule.ModuleVersionId}.")
            : new FunctionNotFoundException($"'{function}' belongs to the assembly '{function.Assembly}', which this worker does not have.");
    }

    private MethodInfo ByName(FunctionDescriptor function)
    {
        var type = code.FindAssembly(function.Assembly)?.GetType(function.DeclaringType);
        return type?.GetMethods(Any).FirstOrDefault(method => method.ToString() == function.Signature)
            ?? throw new FunctionNotFoundException($"This worker's '{function.Assembly}' has no method '{function.Signature}' in '{function.DeclaringType}': it may be another version than the client's.");
    }

    private MethodInfo Close(FunctionDescriptor function, MethodInfo definition)
    {
        var method = definition;
        if (function.TypeArguments.Length > 0)
        {
            var type = definition.DeclaringType!.MakeGenericType([.. function.TypeArguments.Select(RequireType)]);
            method = (MethodInfo)MethodBase.GetMethodFromHandle(definition.MethodHandle, type.TypeHandle)!;
        }

        return function.MethodArguments.Length > 0 ? method.MakeGenericMethod([.. function.MethodArguments.Select(RequireType)]) : method;

        Type RequireType(string name) =>
            code.ResolveType(name) ?? throw new FunctionNotFoundException($"'{function}' needs the type '{name}', which this worker does not have.");
    }
}
