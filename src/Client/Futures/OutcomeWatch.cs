using System.Threading.Channels;
using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>The indices of futures in the order in which they end. Bounded by their number: each comes once.</summary>
internal sealed class OutcomeWatch : IDisposable
{
    private readonly Channel<(int First, int Count)> _ended = Channel.CreateUnbounded<(int, int)>(new UnboundedChannelOptions { SingleReader = true });
    private readonly ClientSession _session;
    private readonly List<Watcher> _watchers = [];

    public OutcomeWatch(ClientSession session, List<TaskSegment> segments)
    {
        _session = session;
        foreach (var (hold, tasks, offset) in segments)
        {
            var watcher = new Watcher(this, tasks, offset);
            _watchers.Add(watcher);
            session.WatchOutcomes(hold.Generation, watcher);
        }
    }

    /// <summary>The next runs of futures that have ended; an index comes once.</summary>
    public ValueTask<(int First, int Count)> NextAsync(CancellationToken cancellationToken) => _ended.Reader.ReadAsync(cancellationToken);

    public void Dispose() => _watchers.ForEach(_session.Forget);

    private sealed class Watcher(OutcomeWatch watch, TaskRun tasks, int offset) : Waiter(tasks)
    {
        private readonly Lock _gate = new();

        /// <summary>Which have been told: an outcome that is taken back and comes again is no news here.</summary>
        private readonly bool[] _told = new bool[tasks.Count];

        public override bool WantsValues => false;

        public override void OnOutcome(TaskRun tasks, FuturePhase phase, TaskFailure? failure)
        {
            if (phase == FuturePhase.Pending)
            {
                return;
            }

            var first = (int)(tasks.First - Tasks.First);
            lock (_gate)
            {
                var start = first;
                for (var index = first; index <= first + tasks.Count; index++)
                {
                    if (index == first + tasks.Count || _told[index])
                    {
                        Tell(start, index - start);
                        start = index + 1;
                    }
                    else
                    {
                        _told[index] = true;
                    }
                }
            }
        }

        public override void OnValues(TaskRun tasks, ByteColumn values)
        {
        }

        private void Tell(int start, int count)
        {
            if (count > 0)
            {
                watch._ended.Writer.TryWrite((offset + start, count));
            }
        }
    }
}
