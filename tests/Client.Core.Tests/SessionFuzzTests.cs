using Weft.Primitives;

namespace Weft.Client.Core.Tests;

/// <summary>Any event in any state: the core must stay sound, and every future must have an outcome once the scheduler has told all.</summary>
public class SessionFuzzTests
{
    [Theory]
    [MemberData(nameof(Seeds))]
    public void Any_sequence_of_events_leaves_a_sound_session(int seed)
    {
        var random = new Random(seed);
        var session = new SessionDriver(new SessionSettings { ReconnectTimeoutMs = 50, UnacknowledgedBytesMax = 2000, BatchBytesMax = 400 });
        var next = 0UL;
        for (var step = 0; step < 400; step++)
        {
            session.Advance(random.Next(5));
            var actions = session.Apply(Draw(random, next));
            next = actions.Count > 0 && actions[0].Kind == SessionActionKind.AcceptSubmission ? Math.Max(next, actions[0].Tasks.End.Sequence) : next;
            if (random.Next(3) == 0)
            {
                session.Take();
            }
        }
    }

    [Theory]
    [MemberData(nameof(Seeds))]
    public void Whatever_connections_break_every_submission_arrives_once_in_order(int seed)
    {
        var random = new Random(seed);
        var session = new SessionDriver(new SessionSettings { BatchBytesMax = 300 });
        var arrived = 0UL;
        var wanted = new HashSet<ulong>();
        var told = new HashSet<ulong>();
        for (var step = 0; step < 300 || session.Core.HasOutgoing; step++)
        {
            if (step < 300 && random.Next(2) == 0)
            {
                var run = session.Submit(random.Next(2) == 0 ? SessionDriver.Square : SessionDriver.Negate, SessionDriver.Column([.. Enumerable.Range(0, random.Next(1, 20))]));
                session.Apply(new SessionEvent.ResultsWanted(run));
                Add(wanted, run);
            }

            if (random.Next(10) == 0)
            {
                session.Apply(new SessionEvent.Disconnected("fault"));
                session.Connect(resumed: true);
            }

            var batch = session.Take();
            if (random.Next(8) == 0)
            {
                // Swallowed on its way.
                session.Apply(new SessionEvent.Disconnected("fault"));
                session.Connect(resumed: true);
                continue;
            }

            foreach (var submission in batch.Submissions)
            {
                Assert.True(submission.Entry.First.Sequence <= arrived, "no gap");
                arrived = Math.Max(arrived, submission.Entry.Tasks.End.Sequence);
            }

            foreach (var run in batch.Wanted)
            {
                Assert.True(run.End.Sequence <= arrived, "a want does not overtake its submission");
                Add(told, run);
            }

            if (random.Next(3) == 0)
            {
                session.Apply(new SessionEvent.SubmissionsAcknowledged(arrived));
            }
        }

        session.Apply(new SessionEvent.SubmissionsAcknowledged(arrived));
        Assert.Equal(0, session.Core.UnacknowledgedBytes);
        Assert.Equal(wanted, told);
    }

    public static TheoryData<int> Seeds() => [.. Enumerable.Range(1, 40)];

    private static void Add(HashSet<ulong> set, TaskRun run)
    {
        for (var index = 0; index < run.Count; index++)
        {
            set.Add((run.First + index).Sequence);
        }
    }

    private static SessionEvent Draw(Random random, ulong next)
    {
        var run = SessionDriver.Run((ulong)random.Next((int)next + 3), random.Next(1, 12));
        return random.Next(14) switch
        {
            0 or 1 or 2 => new SessionEvent.TasksSubmitted(new TaskSubmission(random.Next(2) == 0 ? SessionDriver.Square : SessionDriver.Negate, SubmissionOptions.Default, 2)
            {
                Arguments = SessionDriver.Column(1, 2),
                Key = random.Next(4) == 0 ? $"key{random.Next(3)}" : null,
            }),
            3 => new SessionEvent.ValuesScattered(SessionDriver.Column(1)),
            4 => new SessionEvent.ResultsWanted(run),
            5 => new SessionEvent.CancelRequested(run),
            6 => new SessionEvent.RetryRequested(run),
            7 => new SessionEvent.TasksReleased(run),
            8 => new SessionEvent.SubmissionsAcknowledged((ulong)random.Next((int)next + 2)),
            9 or 10 => new SessionEvent.OutcomeTold(
                run,
                (FuturePhase)random.Next(6),
                random.Next(2) == 0 ? TaskError.Of(ErrorKind.UserException, run.First, "boom") : null),
            11 => new SessionEvent.ValuesArrived(run, SessionDriver.Column([.. Enumerable.Range(0, random.Next(1, 12))])),
            12 => random.Next(2) == 0 ? new SessionEvent.Disconnected("fault") : SessionEvent.DeadlinePassed.Instance,
            _ => new SessionEvent.Connected(new SessionId((uint)random.Next(7, 9)), 1, "s", random.Next(2) == 0, default),
        };
    }
}
