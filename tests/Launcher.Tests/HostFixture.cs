namespace Weft.Launcher.Tests;

/// <summary>A machine made of files in a folder.</summary>
internal sealed class HostFixture : IDisposable
{
    private readonly string _root = Directory.CreateTempSubdirectory("weft-host-").FullName;
    private readonly Dictionary<string, string> _environment = [];

    public HostView View(int processors = 8) => new(_root, _environment.GetValueOrDefault, processors, PhysicalBytes: 1L << 30);

    public HostFixture With(string path, string content)
    {
        var full = Path.Combine(_root, path.TrimStart('/'));
        Directory.CreateDirectory(Path.GetDirectoryName(full)!);
        File.WriteAllText(full, content);
        return this;
    }

    public HostFixture WithVariable(string name, string value)
    {
        _environment[name] = value;
        return this;
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);
}
