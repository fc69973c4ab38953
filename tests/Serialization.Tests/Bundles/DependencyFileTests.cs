namespace Weft.Serialization.Tests.Bundles;

public sealed class DependencyFileTests : IDisposable
{
    private const string Dependencies = """
        {
          "runtimeTarget": { "name": ".NETCoreApp,Version=v10.0" },
          "targets": {
            ".NETCoreApp,Version=v10.0": {
              "App/1.0.0": { "dependencies": { "Store": "3.1.0", "Weft.Client": "0.1.0" }, "runtime": { "App.dll": {} } },
              "Store/3.1.0": {
                "dependencies": { "Deep": "1.0.0" },
                "runtime": { "lib/net8.0/Store.dll": {} },
                "runtimeTargets": {
                  "runtimes/linux-x64/native/libstore.so": { "rid": "linux-x64", "assetType": "native" },
                  "runtimes/unix/lib/net8.0/Store.dll": { "rid": "unix", "assetType": "runtime" }
                }
              },
              "Deep/1.0.0": { "runtime": { "lib/net8.0/Deep.dll": {} } },
              "Weft.Client/0.1.0": { "dependencies": { "OnlyWefts": "1.0.0" }, "runtime": { "Weft.Client.dll": {} } },
              "OnlyWefts/1.0.0": { "runtime": { "lib/net8.0/OnlyWefts.dll": {} } },
              "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "runtime": { "System.Runtime.dll": {} } }
            }
          },
          "libraries": {
            "App/1.0.0": { "type": "project" },
            "Store/3.1.0": { "type": "package", "path": "store/3.1.0" },
            "Deep/1.0.0": { "type": "package", "path": "deep/1.0.0" },
            "Weft.Client/0.1.0": { "type": "project" },
            "OnlyWefts/1.0.0": { "type": "package", "path": "onlywefts/1.0.0" },
            "runtimepack.Microsoft.NETCore.App.Runtime.linux-x64/10.0.0": { "type": "runtimepack" }
          }
        }
        """;

    private readonly string _directory = Directory.CreateTempSubdirectory("weft-test-").FullName;

    [Fact]
    public void It_names_what_the_program_reaches_without_going_through_weft()
    {
        var file = Read(Dependencies)!;

        Assert.Equal(
            ["App.dll", "lib/net8.0/Store.dll", "runtimes/linux-x64/native/libstore.so", "runtimes/unix/lib/net8.0/Store.dll", "lib/net8.0/Deep.dll"],
            file.Assets.Select(asset => asset.Path));
        Assert.Equal(["System.Runtime"], file.RuntimePackAssemblies);
    }

    [Fact]
    public void Files_are_found_beside_the_program_before_the_folder_of_packages()
    {
        var native = Read(Dependencies)!.Assets.Single(asset => asset.Kind == DependencyAssetKind.Native);
        var package = Touch("packages/store/3.1.0/runtimes/linux-x64/native/libstore.so");
        Assert.Equal(package, native.Locate(_directory, [Path.Combine(_directory, "packages")]));

        var beside = Touch("runtimes/linux-x64/native/libstore.so");
        Assert.Equal(beside, native.Locate(_directory, [Path.Combine(_directory, "packages")]));
    }

    [Fact]
    public void Assemblies_for_all_machines_stand_flat_beside_the_program()
    {
        var store = Read(Dependencies)!.Assets.First(asset => asset.Path == "lib/net8.0/Store.dll");
        Assert.Null(store.Locate(_directory, []));

        Assert.Equal(Touch("Store.dll"), store.Locate(_directory, []));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("[1]")]
    [InlineData("{\"runtimeTarget\":{\"name\":\"x\"},\"targets\":{},\"libraries\":{}}")]
    public void A_file_that_cannot_be_understood_counts_as_absent(string text) => Assert.Null(Read(text));

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private DependencyFile? Read(string text)
    {
        File.WriteAllText(Path.Combine(_directory, "App.deps.json"), text);
        return DependencyFile.TryReadBeside(Path.Combine(_directory, "App.dll"));
    }

    private string Touch(string path)
    {
        var full = Path.Combine(_directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, "");
        return full;
    }
}
