namespace Weft.Serialization.Tests.Bundles;

public sealed class BundleCatalogTests
{
    [Fact]
    public void Bundle_holds_the_program_its_libraries_and_what_they_depend_on_but_neither_framework_nor_weft()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("StaticMethod");

        var bundle = Assert.Single(fixture.Catalog.Bundles);
        Assert.Equal(
            ["ShippedDependency", "ShippedLibrary", "ShippedProgram"],
            bundle.Manifest.Entries.Where(entry => entry.Kind == BundleEntryKind.Assembly).Select(entry => entry.AssemblyName));
    }

    [Fact]
    public void Symbols_satellites_and_named_content_travel_with_their_assemblies()
    {
        using var fixture = new ShippedFixture(program => WriteFile(program, "content/table.csv", "1,2"));
        fixture.Describe("StaticMethod");

        var paths = fixture.Catalog.Bundles[0].Manifest.Entries.Select(entry => (entry.Path, entry.Kind)).ToList();
        Assert.Contains(("ShippedProgram.pdb", BundleEntryKind.Symbols), paths);
        Assert.Contains(("de/ShippedDependency.resources.dll", BundleEntryKind.Resources), paths);
        Assert.Contains(("content/table.csv", BundleEntryKind.Content), paths);
    }

    [Fact]
    public void Functions_of_a_library_share_the_bundle_of_their_program()
    {
        using var fixture = new ShippedFixture();

        var fromProgram = fixture.Describe("StaticMethod").Descriptor;
        var fromLibrary = fixture.Describe("FromLibrary").Descriptor;

        Assert.Equal(fromProgram.BundleHash, fromLibrary.BundleHash);
        Assert.Single(fixture.Catalog.Bundles);
    }

    [Fact]
    public void Equal_programs_in_different_folders_have_equal_bundles()
    {
        using var one = new ShippedFixture();
        using var two = new ShippedFixture();

        Assert.Equal(one.Describe("Lambda").Descriptor.BundleHash, two.Describe("FromLibrary").Descriptor.BundleHash);
    }

    [Fact]
    public void A_changed_content_file_changes_the_hash()
    {
        using var one = new ShippedFixture(program => WriteFile(program, "content/table.csv", "1,2"));
        using var two = new ShippedFixture(program => WriteFile(program, "content/table.csv", "1,3"));

        Assert.NotEqual(one.Describe("Lambda").Descriptor.BundleHash, two.Describe("Lambda").Descriptor.BundleHash);
    }

    [Fact]
    public void Functions_of_the_framework_need_no_bundle()
    {
        var catalog = new BundleCatalog();
        var function = new FunctionDescriber(catalog).Describe((Func<int, int>)Math.Abs);

        Assert.Equal("", function.Descriptor.BundleHash);
        Assert.Empty(catalog.Bundles);
    }

    [Fact]
    public void The_manifest_reads_back_as_it_was_written()
    {
        using var fixture = new ShippedFixture();
        fixture.Describe("Lambda");
        var written = fixture.Catalog.Bundles[0].Manifest;

        var read = BundleManifest.Parse(written.Bytes);

        Assert.Equal(written.Hash, read.Hash);
        Assert.Equal(written.Entries, read.Entries);
        Assert.Equal(new Version(10, 0), read.RequiredFramework);
    }

    [Theory]
    [InlineData("../evil.dll")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("c:/windows")]
    public void A_manifest_that_leaves_its_directory_is_refused(string path)
    {
        var entry = new BundleEntry(path, BundleEntryKind.Content, "", "", new string('0', 64), 1);
        var manifest = BundleManifest.Create([entry], new Version(10, 0), "0.1.0");

        var refused = Assert.Throws<InvalidDataException>(() => BundleManifest.Parse(manifest.Bytes));
        Assert.Contains(path, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_worker_with_an_older_framework_refuses_with_both_versions_named()
    {
        var manifest = BundleManifest.Create([], new Version(11, 0), "0.1.0");

        Assert.Equal(
            "The program needs .NET 11.0 and the worker runs .NET 10.0: install the newer runtime on the workers or build the program for the older one.",
            manifest.RefusalBy(new Version(10, 0, 12), "0.1.0"));
        Assert.Null(manifest.RefusalBy(new Version(11, 0), "0.1.0"));
        Assert.NotNull(manifest.RefusalBy(new Version(11, 0), "0.0.9"));
    }

    [Fact]
    public void A_program_that_was_rebuilt_while_it_runs_is_refused()
    {
        using var fixture = new ShippedFixture();
        var function = fixture.Function("Lambda");
        var path = fixture.Program.Location;
        File.Delete(path);
        File.Copy(typeof(BundleCatalogTests).Assembly.Location, path);

        var refused = Assert.Throws<DelegateNotShippableException>(() => fixture.Describer.Describe(function));
        Assert.Equal(
            $"'Functions.lambda in get_Lambda' cannot be shipped to workers: the file '{path}' has changed since this program loaded it; start the program again.",
            refused.Message);
    }

    [Theory]
    [InlineData("../secrets")]
    [InlineData("/etc")]
    [InlineData("data/../../x")]
    public void Content_outside_the_programs_folder_is_refused(string path)
    {
        var refused = Assert.Throws<ArgumentException>(() => new BundleCatalog(new BundleOptions { ContentPaths = [path] }));
        Assert.StartsWith($"The content path '{path}' leaves the program's folder", refused.Message, StringComparison.Ordinal);
    }

    private static void WriteFile(string directory, string path, string text)
    {
        var full = Path.Combine(directory, path);
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, text);
    }
}
