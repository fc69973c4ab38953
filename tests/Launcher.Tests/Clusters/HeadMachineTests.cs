namespace Weft.Launcher.Tests;

/// <summary>On which machine a head is a process.</summary>
public sealed class HeadMachineTests : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-machine-").FullName;

    private ClusterFolder Folder => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public void What_was_noted_here_is_here()
    {
        HeadMachine.Note(Folder, isHere: true);

        Assert.Null(HeadMachine.Other(Folder));
        Assert.Equal(2, File.ReadAllLines(Folder.MachineFile).Length);
    }

    [Theory]
    [InlineData("login1", "another", "login1")]
    [InlineData("login1", null, null)]
    [InlineData(null, "another", null)]
    public void Another_machine_has_another_name_and_was_started_another_time(string? name, string? boot, string? other)
    {
        HeadMachine.Note(Folder, isHere: true);
        var here = File.ReadAllLines(Folder.MachineFile);
        File.WriteAllLines(Folder.MachineFile, [name ?? here[0], boot ?? here[1]]);

        Assert.Equal(other, HeadMachine.Other(Folder));
    }

    [Fact]
    public void Nobody_knows_of_a_head_that_is_a_job_or_of_none()
    {
        Assert.Null(HeadMachine.Other(Folder));
        File.WriteAllLines(Folder.MachineFile, ["login1", "another"]);

        HeadMachine.Note(Folder, isHere: false);

        Assert.Null(HeadMachine.Other(Folder));
        File.WriteAllText(Folder.MachineFile, "cut sho");
        Assert.Null(HeadMachine.Other(Folder));
    }
}
