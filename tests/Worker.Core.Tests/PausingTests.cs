using static Weft.Worker.Core.Tests.WorkerBed;

namespace Weft.Worker.Core.Tests;

/// <summary>A worker whose memory is near its limit.</summary>
public sealed class PausingTests
{
    [Fact]
    public void While_it_is_paused_nothing_begins_and_then_it_goes_on_in_order()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Step(new PauseBegan());
        Assert.Equal(1UL, bed.Reports.Pauses);
        bed.Assign(10);
        bed.Assign(20);
        bed.Complete(0, 0);
        Assert.Single(bed.Reports.Completed);
        Assert.Empty(bed.Actions.Runs);

        bed.Step(new PauseEnded());
        Assert.Equal(2UL, bed.Reports.Pauses);
        Assert.Equal(Run(10), bed.Begun.Run);
    }

    [Fact]
    public void Said_again_it_is_no_news()
    {
        var bed = new WorkerBed();
        bed.Step(new PauseEnded());
        Assert.True(bed.Reports.IsEmpty);
        bed.Step(new PauseBegan());
        bed.Step(new PauseBegan());
        Assert.True(bed.Reports.IsEmpty);
        Assert.Equal(1UL, bed.Core.Pauses);
    }

    [Fact]
    public void Of_a_chunk_what_has_not_begun_is_given_back()
    {
        var bed = new WorkerBed();
        bed.Teach(ns: 1000);
        bed.Assign(0, count: 10);
        var chunk = bed.Begun.Run;
        Assert.True(chunk.Count > 1);
        bed.Step(new PauseBegan());
        Assert.Equal([0], bed.Actions.Yields);
        bed.Step(new AttemptsYielded(0, At(1, chunk.Count - 1)));
        Assert.Equal(9, bed.Core.QueuedTasks);

        bed.Retract(1, 9);
        Assert.Equal([At(1, 9)], bed.Reports.Retracted);
    }

    [Fact]
    public void What_had_begun_and_waited_inside_goes_on()
    {
        var bed = new WorkerBed();
        bed.Assign(0);
        bed.Step(new AttemptWaits(0, Id(0), First));
        bed.Step(new PauseBegan());
        bed.Step(new AttemptCanResume(Id(0), First));
        Assert.Equal(Id(0), Assert.Single(bed.Actions.Resumes).Task);
    }

    [Fact]
    public void Inputs_are_not_fetched_before_there_is_room()
    {
        var bed = new WorkerBed();
        bed.Step(new PauseBegan());
        bed.Name(0, 1, Ada);
        bed.Assign(10, inputs: InputIds.Elementwise(Id(0)));
        Assert.Empty(bed.Actions.Fetches);
        Assert.Empty(bed.Reports.Missing);
        bed.Step(new PauseEnded());
        Assert.Equal([Id(0)], bed.Fetch.Tasks);
    }

    [Fact]
    public void Copies_are_refused_but_those_that_are_on_their_way_or_here()
    {
        var bed = new WorkerBed(limits: new WorkerCoreLimits { FetchesMax = 1, FetchesPerPeerMax = 1, TasksPerFetchMax = 1 });
        bed.Give(7);
        bed.Step(new CopiesAsked(new HoldersNamed(Run(0, 2), 100, [Ada]), First));
        var fetch = bed.Fetch;
        Assert.Equal([Id(0)], fetch.Tasks);

        bed.Step(new PauseBegan());
        bed.Step(new CopiesAsked(new HoldersNamed(Run(7, 2), 100, [Ada]), First));
        Assert.Equal([Run(7)], bed.Reports.Held);
        bed.Step(new ValueFetched(fetch.Fetch, Id(0), 100));
        Assert.Equal([Run(0)], bed.Reports.Held);
        bed.Step(new FetchEnded(fetch.Fetch, FetchOutcome.Answered));

        bed.Step(new PauseEnded());
        Assert.Empty(bed.Actions.Fetches);
        Assert.Empty(bed.Reports.Missing);
    }
}
