using System.Text;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// What was unfinished when a scheduler began is given to nobody until all workers of before are back, or a lease has passed: any of it may be
/// running at one of them. Seen from outside: by the journal that it began with, by who came, and by what it ordered.
/// </summary>
internal sealed class RecoveryWaits(Simulation simulation) : Checker(simulation)
{
    private readonly HashSet<TaskId> _unfinished = [];

    /// <summary>Incarnations of workers that were connected as far as the journal tells, and have not come back.</summary>
    private readonly HashSet<string> _expected = [];

    private long _endsMs;

    public override void OnBegunAgain(IReadOnlyList<SchedulerFact> facts)
    {
        _expected.Clear();
        foreach (var fact in facts)
        {
            switch (fact)
            {
                case WorkerCame came: _expected.Add(NameOf(came.Incarnation)); break;
                case WorkerWent went: _expected.Remove(NameOf(went.Incarnation)); break;
            }
        }

        _endsMs = Simulation.Clock.NowMs + Simulation.LeaseMs;
        _unfinished.Clear();
        foreach (var client in Simulation.Clients.Where(client => client.Session.Value != 0))
        {
            _unfinished.UnionWith(Enumerable.Range(0, client.Tasks).Select(client.IdOf).Where(task => Simulation.Scheduler.Core.PhaseOf(task) is TaskPhase.Waiting or TaskPhase.Ready));
        }
    }

    public override void BeforeApply(SchedulerEvent happened)
    {
        if (happened is WorkerJoined joined)
        {
            _expected.Remove(NameOf(joined.Description.Incarnation));
        }
    }

    public override void OnAction(in SchedulerAction action)
    {
        if (action.Kind != ActionKind.Assign || _expected.Count == 0 || Simulation.Clock.NowMs >= _endsMs)
        {
            return;
        }

        for (var i = 0; i < action.Run.Count; i++)
        {
            var task = action.Run.First + i;
            if (_unfinished.Contains(task))
            {
                throw Simulation.Failure($"{task} is given to a worker, and {string.Join(", ", _expected.Order(StringComparer.Ordinal))} may come back and be running it.", task);
            }
        }
    }

    private static string NameOf(ReadOnlyMemory<byte> incarnation) => Encoding.UTF8.GetString(incarnation.Span);
}
