namespace Weft.Serialization.Tests.Bundles;

public sealed class RuntimeIdsTests
{
    [Theory]
    [InlineData("linux-x64", "linux-x64 linux unix-x64 unix any ")]
    [InlineData("linux-musl-arm64", "linux-musl-arm64 linux-musl linux-arm64 linux unix-arm64 unix any ")]
    [InlineData("debian.12-x64", "debian.12-x64 linux-x64 linux unix-x64 unix any ")]
    [InlineData("alpine.3.20-x64", "alpine.3.20-x64 linux-musl-x64 linux-musl linux-x64 linux unix-x64 unix any ")]
    [InlineData("osx.14-arm64", "osx.14-arm64 osx-arm64 osx unix-arm64 unix any ")]
    [InlineData("win10-x64", "win10-x64 win-x64 win any ")]
    public void A_machine_runs_what_is_for_it_then_for_its_family_then_for_all(string runtimeId, string expected) =>
        Assert.Equal(expected.Split(' '), RuntimeIds.FallbackChain(runtimeId));

    [Fact]
    public void This_machine_is_one_of_its_own_kind() =>
        Assert.Contains(OperatingSystem.IsWindows() ? "win" : OperatingSystem.IsMacOS() ? "osx" : "linux", RuntimeIds.FallbackChain(RuntimeIds.Current));
}
