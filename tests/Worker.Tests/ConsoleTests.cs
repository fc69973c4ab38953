using Weft.Worker.Tests.Kit;

namespace Weft.Worker.Tests;

public sealed class ConsoleTests
{
    private static int Say(int number)
    {
        Console.Write("number ");
        Console.WriteLine(number);
        Console.Error.Write($"unfinished {number}");
        return number;
    }

    private static int Chatter(int lines)
    {
        for (var line = 0; line < lines; line++)
        {
            Console.WriteLine($"line {line}");
        }

        return lines;
    }

    [Fact]
    public async Task What_a_task_writes_goes_to_the_log_line_by_line()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Say));
        await worker.SendAsync(Calls.Map(5, 1, Say, 1));
        await worker.Stream.Until(() => worker.Stream.Lines.Count == 2);
        Assert.Equal(["number 1", "unfinished 1"], worker.Stream.Lines);
        var lines = worker.Stream.Batches.SelectMany(batch => batch.Logs).ToList();
        Assert.All(lines, line => Assert.Equal((5UL, "w"), (line.Task, line.Worker)));
        Assert.Equal([false, true], lines.Select(line => line.IsError));
    }

    [Fact]
    public void Lines_beyond_the_bound_are_counted_and_told_when_the_interval_ends()
    {
        var now = 0L;
        var logs = new LogCollector("w", () => { }, () => now);
        for (var line = 0; line < 1003; line++)
        {
            logs.Add(new Primitives.TaskId(1), false, "x");
        }

        Assert.Equal(1000, logs.Take().Count);
        Assert.Empty(logs.Take());
        now = 1000;
        Assert.Equal("… 3 lines dropped", Assert.Single(logs.Take()).Text);
        logs.Add(new Primitives.TaskId(1), false, "y");
        Assert.Equal("y", Assert.Single(logs.Take()).Text);
    }

    [Fact]
    public async Task A_chatty_task_does_not_flood_the_scheduler()
    {
        await using var worker = await WorkerFixture.StartAsync();
        await worker.DefineAsync(Calls.Function(1, Chatter));
        await worker.SendAsync(Calls.Map(0, 1, Chatter, 5000));
        await worker.Stream.Until(() => worker.Stream.Values.Count == 1);
        Assert.InRange(worker.Stream.Lines.Count, 1, 4000);
    }
}
