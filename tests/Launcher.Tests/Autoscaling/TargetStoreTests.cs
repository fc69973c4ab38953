using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class TargetStoreTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-target-").FullName;

    private ClusterFolder Folder => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_asked_for_last_is_there_for_the_next_autoscaler()
    {
        var target = new V1.ScaleTarget { Minimum = 0, Maximum = 7, End = true, Version = 3 };
        new TargetStore(Folder).Write(new V1.ScaleTarget { Minimum = 1 });
        new TargetStore(Folder).Write(target);

        Assert.Equal(target, new TargetStore(Folder).Read());
        Assert.Equal([Folder.TargetFile], Directory.GetFiles(_root));
    }

    [Fact]
    public void Where_nothing_was_asked_for_there_is_nothing()
    {
        Assert.Equal(new V1.ScaleTarget(), new TargetStore(Folder).Read());
        Assert.Equal(new V1.ScaleTarget(), new TargetStore(new ClusterFolder(_root + "/none")).Read());
    }

    [Fact]
    public void A_file_that_is_torn_at_any_place_is_nothing_or_all()
    {
        var target = new V1.ScaleTarget { Minimum = 5, Maximum = 7, End = true, Version = 3 };
        new TargetStore(Folder).Write(target);
        var whole = File.ReadAllBytes(Folder.TargetFile);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Folder.TargetFile, whole[..length]);
            Assert.Equal(new V1.ScaleTarget(), new TargetStore(Folder).Read());
        }
    }

    [Theory]
    [InlineData("null")]
    [InlineData("[]")]
    [InlineData("7")]
    [InlineData("{\"minimum\": -1}")]
    [InlineData("{\"minimum\": \"many\"}")]
    [InlineData("{\"least\": 1}")]
    [InlineData("\u0000\u0000\u0000\u0000")]
    public void What_is_no_target_is_none(string text)
    {
        File.WriteAllText(Folder.TargetFile, text);

        Assert.Equal(new V1.ScaleTarget(), new TargetStore(Folder).Read());
    }
}
