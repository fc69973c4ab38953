using Weft.Launcher;

namespace Weft.Providers.Tests.Queues;

public sealed class ShellTextTests
{
    [Theory]
    [InlineData("-R y", new[] { "-R", "y" })]
    [InlineData("  -ac \"who=a b\"  -v 'x=\"1\"'", new[] { "-ac", "who=a b", "-v", "x=\"1\"" })]
    [InlineData("--comment='' -q", new[] { "--comment=", "-q" })]
    [InlineData("''", new[] { "" })]
    [InlineData(" ", new string[0])]
    public void Options_are_read_as_they_are_typed(string line, string[] words) => Assert.Equal(words, ShellText.Split(line));

    [Fact]
    public void A_command_can_be_typed_as_it_is_shown() =>
        Assert.Equal("qsub -C '' -o '/a b/$TASK_ID.log' -N weft.a 'it'\\''s'", ShellText.CommandLine("qsub", ["-C", "", "-o", "/a b/$TASK_ID.log", "-N", "weft.a", "it's"]));
}
