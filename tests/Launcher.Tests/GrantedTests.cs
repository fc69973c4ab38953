using System.Globalization;

namespace Weft.Launcher.Tests;

public sealed class GrantedTests : IDisposable
{
    private const long GiB = 1L << 30;

    private readonly HostFixture _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_grant_all_processors_are_ours() =>
        Assert.Equal(new GrantedCores(8, "processors of this host"), GrantedCores.Of(_host.View()));

    [Theory]
    [InlineData("NSLOTS")]
    [InlineData("SLURM_CPUS_PER_TASK")]
    public void A_queue_grants_by_its_variable(string variable) =>
        Assert.Equal(new GrantedCores(3, variable), GrantedCores.Of(_host.WithVariable(variable, "3").View()));

    [Theory]
    [InlineData("undefined")]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("")]
    public void A_variable_that_is_no_count_grants_nothing_and_takes_nothing(string value) =>
        Assert.Equal(8, GrantedCores.Of(_host.WithVariable("NSLOTS", value).View()).Count);

    [Fact]
    public void A_grant_above_what_the_system_allows_gives_no_more() =>
        Assert.Equal(2, GrantedCores.Of(_host.WithVariable("NSLOTS", "64").View(processors: 2)).Count);

    [Theory]
    [InlineData("400000 100000\n", 4)]
    [InlineData("150000 100000\n", 1)]
    [InlineData("50000 100000\n", 1)]
    [InlineData("max 100000\n", 8)]
    public void A_quota_of_a_control_group_of_version_2_is_rounded_down(string max, int cores)
    {
        _host.With("/proc/self/cgroup", "0::/job\n").With("/sys/fs/cgroup/job/cpu.max", max);

        Assert.Equal(cores, GrantedCores.Of(_host.View()).Count);
    }

    [Fact]
    public void A_quota_of_a_control_group_of_version_1_holds()
    {
        _host.With("/proc/self/cgroup", "4:memory:/slurm/uid_1\n2:cpu,cpuacct:/slurm/uid_1\n")
            .With("/sys/fs/cgroup/cpu/slurm/uid_1/cpu.cfs_quota_us", "300000\n")
            .With("/sys/fs/cgroup/cpu/slurm/uid_1/cpu.cfs_period_us", "100000\n");

        Assert.Equal(3, GrantedCores.Of(_host.View()).Count);
    }

    [Fact]
    public void The_tightest_limit_on_the_way_to_the_root_holds()
    {
        _host.With("/proc/self/cgroup", "0::/a/b\n")
            .With("/sys/fs/cgroup/a/cpu.max", "200000 100000")
            .With("/sys/fs/cgroup/a/b/cpu.max", "600000 100000")
            .With("/sys/fs/cgroup/memory.max", (4 * GiB).ToString(CultureInfo.InvariantCulture))
            .With("/sys/fs/cgroup/a/memory.max", (6 * GiB).ToString(CultureInfo.InvariantCulture))
            .With("/proc/meminfo", "MemTotal:       16777216 kB\n");

        Assert.Equal(2, GrantedCores.Of(_host.View()).Count);
        Assert.Equal(new GrantedMemory(4 * GiB, "control group"), GrantedMemory.Of(_host.View()));
    }

    [Fact]
    public void Memory_is_what_the_machine_has_when_nobody_limits_it()
    {
        _host.With("/proc/meminfo", "MemFree: 1 kB\nMemTotal:       16777216 kB\n")
            .With("/proc/self/cgroup", "4:memory:/\n")
            .With("/sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");

        Assert.Equal(new GrantedMemory(16 * GiB, "memory of this host"), GrantedMemory.Of(_host.View()));
    }

    [Fact]
    public void Memory_is_what_the_runtime_says_where_there_is_no_proc() =>
        Assert.Equal(GiB, GrantedMemory.Of(_host.View()).Bytes);

    [Fact]
    public void Slurm_grants_memory_for_the_node_or_for_each_core()
    {
        _host.With("/proc/meminfo", "MemTotal:       16777216 kB\n");

        Assert.Equal(new GrantedMemory(2 * GiB, "SLURM_MEM_PER_NODE"), GrantedMemory.Of(_host.WithVariable("SLURM_MEM_PER_NODE", "2048").View()));
        Assert.Equal(
            new GrantedMemory(GiB, "SLURM_MEM_PER_CPU"),
            GrantedMemory.Of(_host.WithVariable("SLURM_MEM_PER_CPU", "512").WithVariable("SLURM_CPUS_ON_NODE", "2").View()));
    }

    [Fact]
    public void Memory_is_shared_equally()
    {
        Assert.Equal(GiB / 4, new GrantedMemory(GiB, "").ShareOf(4));
        Assert.Equal(GiB, new GrantedMemory(GiB, "").ShareOf(0));
    }

    [Fact]
    public void A_limit_on_virtual_memory_is_seen_and_answered()
    {
        _host.With("/proc/self/limits", Limits("4294967296           4294967296"));

        var limit = AddressSpaceLimit.Of(_host.View());

        Assert.Equal(4 * GiB, limit?.Bytes);
        Assert.Null(limit?.Objection);
        Assert.Equal(2 * GiB, GrantedMemory.Of(_host.With("/proc/meminfo", "MemTotal:       16777216 kB\n").View()).Bytes);
    }

    [Fact]
    public void A_limit_under_which_nothing_runs_is_named_in_one_line()
    {
        _host.With("/proc/self/limits", Limits("536870912            536870912"));

        var objection = AddressSpaceLimit.Of(_host.View())?.Objection;

        Assert.Contains("512 MiB", objection);
        Assert.DoesNotContain('\n', objection!);
    }

    [Fact]
    public void No_limit_on_virtual_memory_is_no_limit()
    {
        Assert.Null(AddressSpaceLimit.Of(_host.With("/proc/self/limits", Limits("unlimited            unlimited")).View()));
        Assert.Null(AddressSpaceLimit.Of(new HostFixture().View()));
    }

    [Fact]
    public void This_machine_grants_something()
    {
        Assert.InRange(GrantedCores.Of(HostView.Current).Count, 1, Environment.ProcessorCount);
        Assert.True(GrantedMemory.Of(HostView.Current).Bytes > 1 << 20);
    }

    private static string Limits(string addressSpace) =>
        $"Limit                     Soft Limit           Hard Limit           Units     \nMax cpu time              unlimited            unlimited            seconds   \nMax address space         {addressSpace}            bytes     \n";
}
