using System.Runtime.CompilerServices;

namespace Weft.Client.Tests.Overloads;

public class OverloadFilesTests
{
    /// <summary>Set WEFT_WRITE_OVERLOADS=1 to write the files instead of comparing them.</summary>
    [Fact]
    public void The_overload_files_are_what_their_writer_writes()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "Client", "Submit");
        foreach (var (name, text) in OverloadWriter.Files())
        {
            var path = Path.Combine(folder, name);
            if (Environment.GetEnvironmentVariable("WEFT_WRITE_OVERLOADS") == "1")
            {
                File.WriteAllText(path, text);
            }

            Assert.Equal(text, File.ReadAllText(path));
        }
    }

    private static string Here([CallerFilePath] string path = "") => path;
}
