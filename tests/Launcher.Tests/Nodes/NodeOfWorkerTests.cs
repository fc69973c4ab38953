using Weft.Launcher.Tests.Configuration;
using Weft.Provisioning;

namespace Weft.Launcher.Tests.Nodes;

public sealed class NodeOfWorkerTests
{
    private const string Hosts = "cluster_name: x\nprovider: {type: ssh, head_ip: a, worker_ips: [b]}\n";

    [Theory]
    [InlineData("", "worker-3", "worker-3")]
    [InlineData("", "worker-3-1", "worker-3")]
    [InlineData("", "other-3", null)]
    [InlineData("available_node_types: {cpu: {resources: {CPU: 1}}}", "cpu-3", "cpu-3")]
    [InlineData("available_node_types: {cpu: {resources: {CPU: 1}}}", "cpu-3-1", null)]
    [InlineData("available_node_types: {cpu: {resources: {CPU: 2}}}", "cpu-3-1", "cpu-3")]
    [InlineData("available_node_types: {cpu: {resources: {CPU: 2}}}", "cpu-3", null)]
    [InlineData("available_node_types: {gpu: {resources: {GPU: 1}}}", "gpu-3", "gpu-3")]
    public void A_worker_s_name_says_its_node_also_where_only_the_host_knows_how_many_processes_it_has(string types, string worker, string? node) =>
        Assert.Equal(node, Observations.NodeOf(ClusterFileTests.Right(Hosts + types), new HashSet<NodeId>(), worker)?.ToString());
}
