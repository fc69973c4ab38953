using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests.Tables;

public sealed class TaskTableTests
{
    private static readonly SessionId Session = new(3);

    private readonly TaskTable _tasks = new();

    [Fact]
    public void A_run_lies_in_as_many_parts_as_it_has_pages_and_each_task_is_found_by_its_id()
    {
        var parts = Add(Run(250, 300));
        Assert.Equal([6, 256, 38], parts);
        Assert.Equal(300, _tasks.Live);
        for (ulong sequence = 250; sequence < 550; sequence++)
        {
            Assert.Equal(Id(sequence), _tasks.IdOf(_tasks.Find(Id(sequence))));
        }

        Assert.Equal(TaskTable.None, _tasks.Find(Id(249)));
        Assert.Equal(TaskTable.None, _tasks.Find(Id(550)));
        Assert.Equal(TaskTable.None, _tasks.Find(new TaskId(new SessionId(2), 250)));
        Assert.Equal(TaskTable.None, _tasks.Find(new TaskId(new SessionId(400), 250)));
    }

    [Fact]
    public void A_page_goes_back_with_its_last_task_and_is_given_to_others()
    {
        Add(Run(0, 256));
        var slot = _tasks.Find(Id(0));
        for (ulong sequence = 0; sequence < 256; sequence++)
        {
            _tasks.Remove(_tasks.Find(Id(sequence)));
        }

        Assert.Equal(0, _tasks.Live);
        Assert.Empty(_tasks.PagesOf(Session));
        Add(new TaskRun(new TaskId(new SessionId(9), 512), 1));
        Assert.Equal(slot, _tasks.Find(new TaskId(new SessionId(9), 512)));
        Assert.Equal(TaskTable.None, _tasks.Find(Id(0)));
    }

    [Fact]
    public void Nothing_of_a_forgotten_task_is_left_in_the_one_that_gets_its_slot()
    {
        Add(Run(0, 1));
        var slot = _tasks.Find(Id(0));
        (_tasks.Flags[slot], _tasks.Retried[slot], _tasks.Deaths[slot], _tasks.Attempt[slot], _tasks.Worker[slot]) = (TaskFlags.Kept, 3, 2, new Attempt(1, 7), 1);
        (_tasks.Unmet[slot], _tasks.Consumers[slot], _tasks.Descendants[slot], _tasks.FirstEdge[slot], _tasks.Estimate[slot]) = (1, 2, 3, 4, 5);
        _tasks.Remove(slot);
        Add(Run(256, 1));
        Assert.Equal(slot, _tasks.Find(Id(256)));
        Assert.Equal((TaskFlags.Held, 0, 0, Attempt.None, TaskTable.None), (_tasks.Flags[slot], (int)_tasks.Retried[slot], (int)_tasks.Deaths[slot], _tasks.Attempt[slot], _tasks.Worker[slot]));
        Assert.Equal((0, 0, 0, EdgeTable.None, 0), (_tasks.Unmet[slot], _tasks.Consumers[slot], _tasks.Descendants[slot], _tasks.FirstEdge[slot], _tasks.Estimate[slot]));
    }

    [Fact]
    public void A_task_is_forgotten_once()
    {
        Add(Run(0, 2));
        _tasks.Remove(_tasks.Find(Id(0)));
        Assert.Throws<InvariantException>(() => _tasks.Remove(0));
    }

    private static TaskId Id(ulong sequence) => new(Session, sequence);

    private static TaskRun Run(ulong first, int count) => new(Id(first), count);

    private List<int> Add(TaskRun run)
    {
        var parts = new List<int>();
        while (run.Count > 0)
        {
            var count = _tasks.AddPart(run, submission: 0, out _);
            parts.Add(count);
            run = run.Slice(count, run.Count - count);
        }

        return parts;
    }
}
