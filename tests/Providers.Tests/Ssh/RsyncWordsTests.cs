using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Ssh;

public sealed class RsyncWordsTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("weft rsync ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Patterns_are_handed_to_rsync_as_they_are()
    {
        var file = new NodeFile("/a", "/b") { Exclude = ["*.o"], Filter = [".gitignore"] };
        Assert.Equal(["--exclude=*.o", "--filter=dir-merge,- .gitignore", "--", "/a/"], RsyncWords.OfFolder(file, "/a/"));
    }

    [Fact]
    public void A_long_list_of_names_is_several_commands_with_each_name_once()
    {
        var names = Enumerable.Range(0, 2000).Select(number => Path.Combine(_folder, $"{new string('x', 200)}{number:0000}")).ToList();
        names.ForEach(static name => File.WriteAllText(name, ""));

        var commands = RsyncWords.OfContent(new NodeFile(_folder, "/b"), _folder).ToList();

        Assert.Equal(2, commands.Count);
        Assert.Equal(names, commands.SelectMany(static words => words.SkipWhile(static word => word != "--").Skip(1)).Order());
        Assert.Empty(RsyncWords.OfContent(new NodeFile(_folder, "/b"), Directory.CreateDirectory(Path.Combine(_folder, "empty")).FullName));
    }

    [Fact]
    public async Task A_name_that_has_gone_meanwhile_is_passed_over()
    {
        File.WriteAllText(Path.Combine(_folder, "gone"), "");
        File.WriteAllText(Path.Combine(_folder, "there"), "");
        var words = RsyncWords.OfContent(new NodeFile(_folder, "/b"), _folder).Single();
        File.Delete(Path.Combine(_folder, "gone"));

        var target = Directory.CreateDirectory(Path.Combine(_folder, "target")).FullName;
        var result = await ExternalCommand.RunAsync("rsync", ["-a", .. words, target + "/"], null, TestContext.Current.CancellationToken);

        Assert.True(result.HasCopied(), result.Complaint);
        Assert.True(File.Exists(Path.Combine(target, "there")));
    }
}
