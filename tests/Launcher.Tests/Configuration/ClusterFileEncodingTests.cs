using System.Text;

namespace Weft.Launcher.Tests.Configuration;

/// <summary>Letters of a file are those that its writer sees, or it is refused.</summary>
public sealed class ClusterFileEncodingTests : IDisposable
{
    private const string Text = "cluster_name: x\nprovider: {type: local}\nenv: {NAME: J\u00fcrgen}\n";

    private readonly string _file = Path.GetTempFileName();

    public static TheoryData<Encoding> Readable => [new UTF8Encoding(false), Encoding.UTF8, Encoding.Unicode, Encoding.BigEndianUnicode, Encoding.UTF32];

    public void Dispose() => File.Delete(_file);

    [Theory]
    [MemberData(nameof(Readable), DisableDiscoveryEnumeration = true)]
    public void A_file_in_Unicode_is_read(Encoding encoding)
    {
        File.WriteAllText(_file, Text, encoding);

        Assert.Equal("J\u00fcrgen", ClusterFile.Load(_file).Environment["NAME"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_file_in_another_encoding_is_told_in_one_line(bool hasMark)
    {
        File.WriteAllBytes(_file, [.. hasMark ? Encoding.UTF8.GetPreamble() : [], .. Encoding.Latin1.GetBytes(Text)]);

        Assert.Equal([$"{_file}:1:1: the file is not in UTF-8: save it so."], ClusterFile.Read(_file).Problems.Select(static problem => problem.ToString()));
    }
}
