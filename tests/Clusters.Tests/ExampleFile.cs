namespace Weft.Clusters.Tests;

/// <summary>A file of examples/clusters, in which only what is a site's own is replaced.</summary>
internal sealed class ExampleFile
{
    private ExampleFile(string text) => Text = text;

    public string Text { get; }

    public static string Folder { get; } = Path.GetFullPath(Path.Combine(RealProcesses.SourceFolder, "..", "..", "examples", "clusters"));

    public static ExampleFile Read(string name) => new(File.ReadAllText(Path.Combine(Folder, name)));

    /// <summary>With one text for another. The first must be there once: an example that has changed is not run as something else.</summary>
    public ExampleFile With(string old, string replacement)
    {
        var first = Text.IndexOf(old, StringComparison.Ordinal);
        Assert.True(first >= 0, $"the example no longer has\n{old}");
        Assert.True(Text.IndexOf(old, first + 1, StringComparison.Ordinal) < 0, $"the example has more than once\n{old}");
        return new ExampleFile(Text.Remove(first, old.Length).Insert(first, replacement));
    }

    /// <summary>Without what is between two lines that each are there once: the first goes, the second stays.</summary>
    public ExampleFile WithoutSection(string first, string next)
    {
        var marked = With($"\n{first}\n", "\n\0\n").With($"\n{next}\n", $"\n\u0001{next}\n").Text;
        var (from, to) = (marked.IndexOf('\0'), marked.IndexOf('\u0001'));
        Assert.True(from < to, $"{first} comes after {next}");
        return new ExampleFile(marked.Remove(from, to - from + 1));
    }
}
