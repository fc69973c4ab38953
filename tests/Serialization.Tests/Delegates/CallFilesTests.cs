using System.Runtime.CompilerServices;

namespace Weft.Serialization.Tests.Delegates;

public class CallFilesTests
{
    /// <summary>Set WEFT_WRITE_OVERLOADS=1 to write the files instead of comparing them.</summary>
    [Fact]
    public void The_typed_calls_are_what_their_writer_writes()
    {
        var folder = Path.Combine(Path.GetDirectoryName(Here())!, "..", "..", "..", "src", "Serialization", "Delegates");
        foreach (var (name, text) in CallFileWriter.Files())
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
