using System.Runtime.Versioning;
using Weft.Launcher;
using Weft.Provisioning;

namespace Weft.Providers.Tests.Heads;

[UnsupportedOSPlatform("windows")]
public sealed class LocalHeadHostTests : HeadHostFacts
{
    private protected override IHeadHost Host { get; } = new LocalHeadHost();

    protected override string Home => Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);

    [Fact]
    public async Task A_port_of_this_machine_needs_no_relay()
    {
        await using var forward = await Host.ForwardAsync("127.0.0.1", 8787, 0, Ending);
        Assert.Equal(8787, forward.Local.Port);
    }

    [Fact]
    public async Task A_path_copied_to_itself_stays_as_it_is()
    {
        var file = Path.GetTempFileName();
        await File.WriteAllTextAsync(file, "content", Ending);
        await Host.CopyToAsync(new NodeFile(file, file), Ending);
        Assert.Equal("content", await File.ReadAllTextAsync(file, Ending));
        File.Delete(file);
    }
}
