using System.Reflection;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Finds the provider in an assembly that somebody else has written.</summary>
internal static class ExternalProvider
{
    /// <param name="module">A path, or a name beside this program.</param>
    /// <exception cref="ProviderException">It cannot be used; one line says why.</exception>
    public static IClusterProviderFactory Load(string module)
    {
        var path = PathOf(module);
        if (!File.Exists(path))
        {
            throw Unusable(module, $"there is no file {path}");
        }

        try
        {
            return Create(module, Find(module, new ModuleLoadContext(path).LoadFromAssemblyPath(path)));
        }
        catch (Exception failure) when (failure is BadImageFormatException or FileLoadException or FileNotFoundException or TypeLoadException or MissingMethodException)
        {
            throw Unusable(module, failure.Message, failure);
        }
    }

    /// <summary>A name alone is looked up beside this program; <c>.dll</c> may be left out there.</summary>
    private static string PathOf(string module)
    {
        if (module.AsSpan().ContainsAny('/', Path.DirectorySeparatorChar))
        {
            return Path.GetFullPath(module);
        }

        var name = module.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? module : $"{module}.dll";
        return Path.Combine(AppContext.BaseDirectory, name);
    }

    private static Type Find(string module, Assembly assembly)
    {
        var factories = Types(assembly).Where(static type => type is { IsClass: true, IsAbstract: false } && type.IsAssignableTo(typeof(IClusterProviderFactory))).ToArray();
        return factories switch
        {
            [var factory] when factory.GetConstructor(Type.EmptyTypes) is null => throw Unusable(module, $"{factory.FullName} has no public constructor without parameters"),
            [var factory] => factory,
            [] => throw Unusable(module, $"no class in it implements {typeof(IClusterProviderFactory).FullName}"),
            _ => throw Unusable(module, $"several classes in it implement {nameof(IClusterProviderFactory)}: {string.Join(", ", factories.Select(static type => type.FullName))}"),
        };
    }

    private static IEnumerable<Type> Types(Assembly assembly)
    {
        try
        {
            return assembly.GetTypes();
        }
        catch (ReflectionTypeLoadException failure)
        {
            // One of its types needs what is not there: the first reason says what.
            throw new TypeLoadException(failure.LoaderExceptions.FirstOrDefault()?.Message ?? failure.Message, failure);
        }
    }

    private static IClusterProviderFactory Create(string module, Type type)
    {
        try
        {
            return (IClusterProviderFactory)Activator.CreateInstance(type)!;
        }
        catch (TargetInvocationException failure)
        {
            throw Unusable(module, $"the constructor of {type.FullName} failed: {failure.InnerException!.Message}", failure);
        }
    }

    private static ProviderException Unusable(string module, string why, Exception? cause = null)
    {
        var message = $"the provider's module '{module}' cannot be used: {why.ReplaceLineEndings(" ").TrimEnd('.')}.";
        return cause is null ? new ProviderException(FailureKind.Permanent, message) : new ProviderException(FailureKind.Permanent, message, cause);
    }
}
