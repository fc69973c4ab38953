using Weft.Primitives;
using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

public sealed class FetchTests
{
    [Fact]
    public void An_input_is_fetched_from_its_holder_kept_and_told_as_held()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        Assert.Equal(Ada, bed.Fetch.Peer);
        Assert.Equal([Id(0)], bed.Fetch.Tasks);
        var fetch = bed.Fetch.Fetch;
        bed.Step(new ValueFetched(fetch, Id(0), 77));
        Assert.Equal([Run(0)], bed.Reports.Held);
        Assert.Equal(Run(10), bed.Begun.Run);
        Assert.Equal(77, bed.Core.StoredBytes);
        bed.Step(new FetchEnded(fetch, FetchOutcome.Answered));
        Assert.Empty(bed.Reports.Missing);
    }

    [Fact]
    public void Holders_named_after_the_assignment_serve_too()
    {
        var bed = new WorkerBed();
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        Assert.Equal([Run(0)], bed.Reports.Missing);
        bed.Name(0, 1, Ada);
        Assert.Equal(Ada, bed.Fetch.Peer);
    }

    [Fact]
    public void A_holder_that_does_not_have_it_is_followed_by_the_next_and_then_it_is_missing()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada, Bob);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        Assert.Equal(Ada, bed.Fetch.Peer);
        bed.Step(new FetchEnded(bed.Fetch.Fetch, FetchOutcome.Answered));
        Assert.Equal(Bob, bed.Fetch.Peer);
        bed.Step(new FetchEnded(bed.Fetch.Fetch, FetchOutcome.PeerLost));
        Assert.Empty(bed.Actions.Fetches);
        Assert.Equal([Run(0)], bed.Reports.Missing);
        bed.Name(0, 1, Bob);
        Assert.Equal(Bob, bed.Fetch.Peer);
    }

    [Fact]
    public void Inputs_with_the_same_holders_spread_over_them()
    {
        var bed = new WorkerBed();
        bed.Name(0, 4, Ada, Bob);
        bed.Assign(10, inputs: InputIds.FanIn(Run(0, 4)));
        Assert.Equal(4, bed.Actions.Fetches.Sum(fetch => fetch.Tasks.Length));
        Assert.Equal([Ada, Bob], bed.Actions.Fetches.Select(fetch => fetch.Peer).OrderBy(peer => peer.Address));
    }

    [Fact]
    public void Several_inputs_of_one_peer_are_asked_for_together()
    {
        var bed = new WorkerBed();
        bed.Name(0, 50, Ada);
        bed.Assign(100, 50, inputs: InputIds.Elementwise(Id(0)));
        Assert.Equal(50, bed.Fetch.Tasks.Length);
    }

    [Fact]
    public void Requests_and_bytes_under_way_are_bounded()
    {
        var bed = new WorkerBed(limits: new WorkerCoreLimits { TasksPerFetchMax = 2, FetchesPerPeerMax = 3, FetchesMax = 4 });
        bed.Name(0, 100, Ada);
        bed.Assign(1000, inputs: InputIds.FanIn(Run(0, 100)));
        Assert.Equal(3, bed.Actions.Fetches.Count);
        bed.Name(200, 100, Bob);
        bed.Assign(2000, inputs: InputIds.FanIn(Run(200, 100)));
        Assert.Equal(Bob, bed.Fetch.Peer);

        var small = new WorkerBed(limits: new WorkerCoreLimits { TasksPerFetchMax = 1, FetchesPerPeerMax = 9, BytesInFlightMax = 150 });
        small.Name(0, 100, Ada);
        small.Assign(1000, inputs: InputIds.FanIn(Run(0, 100)));
        Assert.Equal(2, small.Actions.Fetches.Count);
    }

    [Fact]
    public void When_a_peer_is_lost_all_that_waits_for_it_moves_on()
    {
        var bed = new WorkerBed(limits: new WorkerCoreLimits { TasksPerFetchMax = 1, FetchesPerPeerMax = 1 });
        bed.Name(0, 1, Ada, Bob);
        bed.Name(2, 1, Ada, Bob);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        bed.Assign(12, inputs: InputIds.Elementwise(Id(2)));
        bed.Name(4, 1, Ada);
        bed.Assign(14, inputs: InputIds.Elementwise(Id(4)));
        bed.Step(new FetchEnded(1, FetchOutcome.PeerLost));
        Assert.Equal([Run(4)], bed.Reports.Missing);
        Assert.Equal(Bob, bed.Fetch.Peer);
    }

    [Fact]
    public void A_task_cancelled_while_its_input_is_fetched_leaves_nothing_behind()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        bed.Cancel(10);
        bed.Step(new ValueFetched(1, Id(0), 100));
        Assert.Equal([Run(0)], bed.Actions.Frees);
        Assert.Empty(bed.Reports.Held);
        bed.Step(new FetchEnded(1, FetchOutcome.Answered));
        Assert.Equal(0, bed.Core.StoredBytes);
        Assert.Equal(1, bed.Core.Dropped(DropReason.UnwantedValue));
    }

    [Fact]
    public void A_task_that_comes_while_its_input_is_under_way_joins_the_fetch()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        bed.Cancel(10);
        bed.Assign(11, inputs: InputIds.Elementwise(Id(0)));
        Assert.Empty(bed.Actions.Fetches);
        bed.Step(new ValueFetched(1, Id(0), 100));
        Assert.Equal(Run(11), bed.Begun.Run);
    }

    [Fact]
    public void A_value_given_while_it_is_fetched_is_taken_and_the_other_copy_counted()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        bed.Give(0);
        Assert.Equal(Run(10), bed.Begun.Run);
        bed.Step(new ValueFetched(1, Id(0), 100));
        Assert.Empty(bed.Actions.Frees);
        Assert.Equal(1, bed.Core.Dropped(DropReason.DuplicateValue));
    }

    [Fact]
    public void An_attempt_here_that_makes_the_input_spares_the_fetch()
    {
        var bed = new WorkerBed();
        bed.Name(0, 1, Ada);
        bed.Assign(0, keep: true);
        bed.Assign(1, inputs: InputIds.Elementwise(Id(0)));
        Assert.Empty(bed.Actions.Fetches);
        bed.Fail(0, 0);
        bed.Name(0, 1, Bob);
        Assert.Equal(Bob, bed.Fetch.Peer);
    }

    [Fact]
    public void Unknown_fetches_are_counted()
    {
        var bed = new WorkerBed();
        bed.Step(new ValueFetched(5, Id(0), 100));
        bed.Step(new FetchEnded(5, FetchOutcome.Answered));
        Assert.Equal(2, bed.Core.Dropped(DropReason.UnknownFetch));
    }

    [Fact]
    public void Forgotten_holders_are_asked_of_the_scheduler()
    {
        var bed = new WorkerBed(limits: new WorkerCoreLimits { HolderRunsMax = 2 });
        bed.Name(0, 1, Ada);
        bed.Name(1, 1, Ada);
        bed.Name(2, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        Assert.Equal([Run(0)], bed.Reports.Missing);
        bed.Assign(11, inputs: InputIds.Elementwise(Id(2)));
        Assert.Equal([Id(2)], bed.Fetch.Tasks);
    }
}
