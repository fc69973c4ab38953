using System.Reflection;
using System.Runtime.Loader;

namespace Weft.Serialization.Tests.Bundles;

public sealed class BundleLoaderTests
{
    [Fact]
    public void A_shipped_function_runs_in_a_load_context_that_never_saw_the_program()
    {
        using var fixture = new ShippedFixture();
        var function = fixture.Describe("FromLibrary");
        var loaded = fixture.Load(fixture.Catalog.Bundles[0]);

        var method = new FunctionResolver(loaded).Resolve(FunctionDescriptor.FromBytes(function.Descriptor.ToBytes().Span));

        Assert.Equal(110, method.CreateDelegate<Func<int, int>>()(100));
        Assert.NotSame(fixture.Context, AssemblyLoadContext.GetLoadContext(method.Module.Assembly));
        Assert.StartsWith(loaded.Directory, method.Module.Assembly.Location, StringComparison.Ordinal);
    }

    [Fact]
    public void Framework_and_weft_are_the_workers_own()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var loaded = fixture.Load(fixture.Catalog.Bundles[0]);

        Assert.Same(typeof(FunctionDescriptor), loaded.ResolveType("Weft.Serialization.FunctionDescriptor, Weft.Serialization"));
        Assert.Same(typeof(Dictionary<string, int[]>), loaded.ResolveType(TypeNames.Of(typeof(Dictionary<string, int[]>))));
        Assert.Null(loaded.ResolveType("ShippedProgram.NoSuch, ShippedProgram"));
        Assert.Null(loaded.ResolveType("No.Such, NoSuchAssembly"));
        Assert.Null(loaded.ResolveType("]]bad[["));
    }

    [Fact]
    public void Type_names_of_the_bundle_give_types_of_the_bundle()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var order = fixture.Program.GetType("ShippedProgram.Order")!;
        var loaded = fixture.Load(fixture.Catalog.Bundles[0]);

        var list = loaded.ResolveType(TypeNames.Of(typeof(List<>).MakeGenericType(order.MakeArrayType())))!;

        Assert.Equal("ShippedProgram.Order[]", list.GenericTypeArguments[0].FullName);
        Assert.NotSame(order, list.GenericTypeArguments[0].GetElementType());
    }

    [Fact]
    public void Native_libraries_are_chosen_by_runtime_id_and_loaded()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Uses a library of the runtime's under another name.");
        using var fixture = new ShippedFixture(program =>
        {
            var runtime = Path.GetDirectoryName(typeof(object).Assembly.Location)!;
            CopyTo(Path.Combine(runtime, "libSystem.Native.so"), program, "runtimes/linux-x64/native/libshippednative.so");
            CopyTo(Path.Combine(runtime, "System.Runtime.dll"), program, "runtimes/win-x64/native/shippednative.dll");
            CopyTo(Path.Combine(runtime, "System.Runtime.dll"), program, "runtimes/ios-arm64/native/shippednative.a");
        });
        var function = fixture.Describe("NativeProcessId");
        var bundle = fixture.Catalog.Bundles[0];
        var loaded = fixture.Load(bundle);

        var pid = new FunctionResolver(loaded).Resolve(function.Descriptor).Invoke(null, null);

        Assert.Equal(Environment.ProcessId, pid);
        Assert.Equal(
            ["runtimes/linux-x64/native/libshippednative.so", "runtimes/win-x64/native/shippednative.dll"],
            bundle.Manifest.Entries.Where(entry => entry.Kind == BundleEntryKind.Native).Select(entry => entry.Path));
        Assert.DoesNotContain(bundle.Manifest.EntriesFor("linux-x64"), entry => entry.RuntimeId == "win-x64");
    }

    [Fact]
    public void Another_build_of_the_same_assembly_is_named_and_not_called()
    {
        using var fixture = new ShippedFixture();
        var original = fixture.Describe("StaticMethod").Descriptor;
        var loaded = fixture.Load(fixture.Catalog.Bundles[0]);
        var other = Guid.Parse("01234567-89ab-cdef-0123-456789abcdef");
        var function = With(original, other);

        var missing = Assert.Throws<FunctionNotFoundException>(() => new FunctionResolver(loaded).Resolve(function));

        Assert.Equal($"'Square' belongs to the build {other} of the assembly 'ShippedProgram', and this worker has the build {original.Mvid}.", missing.Message);
    }

    [Fact]
    public void A_bundle_is_loaded_once()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var bundle = fixture.Catalog.Bundles[0];
        fixture.Load(bundle);
        var loader = new BundleLoader(Path.Combine(fixture.Root, "bundles"));

        var first = loader.Load(bundle.Manifest, _ => throw new InvalidOperationException("The files are there already."));
        var second = loader.Load(bundle.Manifest, _ => throw new InvalidOperationException("The files are there already."));

        Assert.Same(first, second);
        Assert.Equal(1, loader.Count);
    }

    [Fact]
    public async Task Workers_of_one_host_may_lay_out_the_same_bundle_at_the_same_time()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var bundle = fixture.Catalog.Bundles[0];
        var root = Path.Combine(fixture.Root, "shared");
        using var together = new Barrier(4);

        var loaded = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Task.Factory.StartNew(
            () =>
            {
                together.SignalAndWait();
                return new BundleLoader(root).Load(bundle.Manifest, entry => bundle.Files.First(file => file.Entry == entry).SourcePath!);
            },
            TaskCreationOptions.LongRunning)));

        Assert.All(loaded, each => Assert.NotNull(each.FindAssembly("ShippedProgram")));
        Assert.Equal([bundle.Hash], Directory.EnumerateDirectories(root).Select(Path.GetFileName));
    }

    [Fact]
    public void A_failed_load_is_tried_anew()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var bundle = fixture.Catalog.Bundles[0];
        var loader = new BundleLoader(Path.Combine(fixture.Root, "elsewhere"));

        Assert.Throws<IOException>(() => loader.Load(bundle.Manifest, _ => throw new IOException("The disk is full.")));
        Assert.Empty(Directory.EnumerateDirectories(Path.Combine(fixture.Root, "elsewhere")));
        var loaded = loader.Load(bundle.Manifest, entry => bundle.Files.First(file => file.Entry.Path == entry.Path).SourcePath!);

        Assert.NotNull(loaded.FindAssembly("ShippedProgram"));
    }

    [Fact]
    public void An_assembly_without_a_file_is_shipped_from_memory()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Memory is read through /proc/self/mem.");
        var bytes = File.ReadAllBytes(Path.Combine(ShippedFixture.OutputOf("ShippedProgram"), "ShippedDependency.dll"));
        var assembly = Assembly.Load(bytes);
        var function = assembly.GetType("ShippedDependency.Tariff")!.GetMethod("Apply")!.CreateDelegate<Func<int, int>>();
        var catalog = new BundleCatalog(new BundleOptions { EntryAssembly = null });

        var described = new FunctionDescriber(catalog).Describe(function);

        var file = Assert.Single(catalog.Find(described.Descriptor.BundleHash)!.Files);
        Assert.Null(file.SourcePath);
        using var copy = new MemoryStream();
        file.OpenRead().CopyTo(copy);
        Assert.Equal(bytes, copy.ToArray());
    }

    private static void CopyTo(string file, string directory, string path)
    {
        var target = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        File.Copy(file, target);
    }

    private static FunctionDescriptor With(FunctionDescriptor function, Guid mvid) => new()
    {
        BundleHash = function.BundleHash,
        Assembly = function.Assembly,
        Mvid = mvid,
        Token = function.Token,
        DeclaringType = function.DeclaringType,
        Signature = function.Signature,
        TypeArguments = function.TypeArguments,
        MethodArguments = function.MethodArguments,
        DisplayName = function.DisplayName,
        Target = function.Target,
        Returns = function.Returns,
    };
}
