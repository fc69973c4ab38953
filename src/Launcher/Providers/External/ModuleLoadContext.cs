using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Launcher;

/// <summary>A provider brings its own libraries; the interface between both is this program's, because two copies of it would be two interfaces.</summary>
internal sealed class ModuleLoadContext(string path) : AssemblyLoadContext(Path.GetFileNameWithoutExtension(path))
{
    private readonly AssemblyDependencyResolver _resolver = new(path);

    protected override Assembly? Load(AssemblyName name)
    {
        if (name.Name == typeof(Provisioning.IClusterProvider).Assembly.GetName().Name)
        {
            return null;
        }

        return _resolver.ResolveAssemblyToPath(name) is { } found ? LoadFromAssemblyPath(found) : null;
    }

    protected override IntPtr LoadUnmanagedDll(string unmanagedDllName) =>
        _resolver.ResolveUnmanagedDllToPath(unmanagedDllName) is { } found ? LoadUnmanagedDllFromPath(found) : IntPtr.Zero;
}
