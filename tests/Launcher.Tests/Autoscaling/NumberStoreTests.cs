using Weft.Autoscaler.Core;
using Weft.Launcher.Tests.Configuration;
using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher.Tests.Autoscaling;

public sealed class NumberStoreTests : IDisposable
{
    private static readonly ClusterConfiguration Configuration = ClusterFileTests.Right(
        "cluster_name: demo\nprovider: {type: local}\nmax_workers: 9\navailable_node_types:\n  cpu: {min_workers: 2, max_workers: 4, resources: {CPU: 1} }\n");

    private readonly string _root = Directory.CreateTempSubdirectory("weft-numbers-").FullName;
    private readonly List<string> _said = [];

    private ClusterFolder Folder => new(_root);

    public void Dispose() => Directory.Delete(_root, recursive: true);

    [Fact]
    public async Task The_next_autoscaler_goes_on_above_the_numbers_of_before_though_nothing_lists_them()
    {
        var looks = await new FakeProvider().LookAsync();

        Assert.Equal(new LaunchNodes("cpu", 1, 2, IsSpot: false), StartOne());
        Assert.Equal(new LaunchNodes("cpu", 3, 2, IsSpot: false), StartOne());

        AutoscalerAction StartOne()
        {
            var store = new NumberStore(Folder, _said.Add);
            var core = new AutoscalerCore(AutoscalerSettings.Of(Configuration));
            core.Apply(new Stamped<AutoscalerEvent>(0, new NumbersGivenOut(store.Last)));
            var launch = (LaunchNodes)Assert.Single(core.Apply(new Stamped<AutoscalerEvent>(1, new Observed(Observations.Of(Configuration, looks, new V1.ScalingDemand(), new V1.ScaleTarget())))));
            store.Note(launch);
            return launch;
        }
    }

    [Fact]
    public void The_last_node_of_each_type_is_there_for_the_next_autoscaler()
    {
        var store = new NumberStore(Folder, _said.Add);
        Assert.Empty(store.Last);
        store.Note(new LaunchNodes("gpu-1", 7, 1, IsSpot: true));
        store.Note(new LaunchNodes("cpu", 1, 3, IsSpot: false));
        store.Note(new LaunchNodes("cpu", 4, 20, IsSpot: false));

        Assert.Equal([new NodeKey("cpu", 23), new NodeKey("gpu-1", 7)], new NumberStore(Folder, _said.Add).Last);
        Assert.Equal([Folder.NumbersFile], Directory.GetFiles(_root));
        Assert.Empty(_said);
    }

    [Fact]
    public void A_file_that_is_torn_at_any_place_names_no_lower_number()
    {
        new NumberStore(Folder, _said.Add).Note(new LaunchNodes("cpu", 1, 123, IsSpot: false));
        var whole = File.ReadAllBytes(Folder.NumbersFile);
        for (var length = 0; length < whole.Length; length++)
        {
            File.WriteAllBytes(Folder.NumbersFile, whole[..length]);
            Assert.Empty(new NumberStore(Folder, _said.Add).Last);
        }
    }

    [Fact]
    public void A_folder_that_takes_no_file_is_told_of_and_stops_nobody()
    {
        var store = new NumberStore(new ClusterFolder(_root + "/none"), _said.Add);
        store.Note(new LaunchNodes("cpu", 1, 3, IsSpot: false));

        Assert.Equal([new NodeKey("cpu", 3)], store.Last);
        Assert.StartsWith("the nodes' numbers could not be written down", Assert.Single(_said), StringComparison.Ordinal);
    }
}
