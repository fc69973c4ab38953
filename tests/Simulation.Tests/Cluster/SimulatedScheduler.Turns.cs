using Weft.Primitives;
using Weft.Scheduler;
using Weft.Scheduler.Core;
using V1 = Weft.Protocol.V1;

namespace Weft.Simulation.Tests;

/// <summary>
/// As the real loop it takes what has come as one batch, applies each event, plans once, writes what became true into its journal, and then what
/// is to be done into one message for each peer.
/// </summary>
internal sealed partial class SimulatedScheduler
{
    private const int BatchMax = 256;

    private readonly Queue<Action> _inbox = new();
    private readonly ActionList _actions = new();
    private readonly Dictionary<int, Action<RequestAnswer>> _requests = [];
    private int _lastRequest;
    private readonly int _planBudget;
    private bool _isAwake;
    private long _pausedUntilUs;
    private long _timerMs = long.MaxValue;

    /// <summary>It stands still: what comes meanwhile waits.</summary>
    public void Pause(long us) => _pausedUntilUs = _simulation.Clock.NowUs + us;

    private void Post(Action what)
    {
        if (_isAlive)
        {
            _inbox.Enqueue(what);
            Wake();
        }
    }

    private void Wake()
    {
        if (!_isAwake)
        {
            _isAwake = true;
            PlanTurn(_simulation.Clock.NowUs + 1 + _random.Below(_simulation.Weather.IsCalm ? 100 : _simulation.Faults.SchedulerUsMax));
        }
    }

    private void PlanTurn(long us)
    {
        var life = _life;
        _simulation.Clock.At(us, () =>
        {
            if (!_isAlive || life != _life)
            {
                return;
            }

            if (_simulation.Clock.NowUs < _pausedUntilUs)
            {
                PlanTurn(_pausedUntilUs);
                return;
            }

            Turn();
        });
    }

    private void Turn()
    {
        for (var i = 0; i < BatchMax && _inbox.TryDequeue(out var what); i++)
        {
            what();
        }

        var isMore = Core.Plan(_planBudget, _actions);
        WriteFacts();
        CarryOut();
        TellClients();
        ArmTimer();
        _isAwake = false;
        if (isMore || _inbox.Count > 0)
        {
            Wake();
        }

        // The last of all: it may be the scheduler that is struck.
        _simulation.AfterTurn();
    }

    private void Apply(SchedulerEvent happened)
    {
        _simulation.BeforeApply(happened);
        Core.Apply(new Stamped<SchedulerEvent>(_simulation.Clock.NowMs, happened), _actions);
        NoteFacts();
        _simulation.AfterApply(happened);
    }

    private void CarryOut()
    {
        var messages = new SortedDictionary<int, List<V1.WorkerOrders>>();
        foreach (ref readonly var action in _actions.Span)
        {
            _simulation.Note(action);
            switch (action.Kind)
            {
                case ActionKind.DismissWorker:
                    if (_workers.Remove(action.Target, out var dismissed))
                    {
                        dismissed.Dismiss(action.MayReturn);
                    }

                    break;
                case ActionKind.RestartWorker:
                    if (_workers.Remove(action.Target, out var restarted))
                    {
                        if (messages.Remove(action.Target, out var before))
                        {
                            before.ForEach(restarted.Order);
                        }

                        var last = new V1.WorkerOrders();
                        restarted.Orders!.Write(last, action, Core);
                        restarted.Order(last);
                    }

                    break;
                case ActionKind.Warn:
                    break;
                case ActionKind.AnswerRequest:
                    Answer(action);
                    break;
                case ActionKind.EndSession:
                    _resumable.Remove((uint)action.Target);
                    _clients.Remove((uint)action.Target);
                    break;
                default:
                    if (_workers.TryGetValue(action.Target, out var worker))
                    {
                        if (!messages.TryGetValue(action.Target, out var orders))
                        {
                            messages.Add(action.Target, orders = [new V1.WorkerOrders()]);
                        }

                        if (!WorkerOrdersWriter.Fits(orders[^1], action))
                        {
                            orders.Add(new V1.WorkerOrders());
                        }

                        worker.Orders!.Write(orders[^1], action, Core);
                    }

                    break;
            }
        }

        _actions.Clear();
        foreach (var (worker, orders) in messages)
        {
            if (_workers.TryGetValue(worker, out var connection))
            {
                orders.ForEach(connection.Order);
            }
        }
    }

    private void Answer(in SchedulerAction action)
    {
        if (_requests.Remove(action.Target, out var answered))
        {
            var answer = action.Answer;
            if (Core.Facts.Noted <= _safeFacts)
            {
                answered(answer);
            }
            else
            {
                _whenSafe.Enqueue((Core.Facts.Noted, () => answered(answer)));
            }
        }
    }

    private void TellClients()
    {
        foreach (var session in Core.SessionsWithNews().ToList())
        {
            if (!_clients.TryGetValue(session.Value, out var client))
            {
                continue;
            }

            Core.TakeNews(session, _random.Chance(100) ? 64 : 1 << 20, _random.Chance(100) ? 10 : 1 << 18, _actions);
            if (_actions.Count > 0)
            {
                var notice = new V1.ClientNotice();
                foreach (ref readonly var action in _actions.Span)
                {
                    _simulation.Note(action);
                    ClientNoticeWriter.Write(notice, action, Core);
                }

                _actions.Clear();
                client.Notify(notice);
            }

            if (Core.HasNews(session))
            {
                Post(() => { });
            }
        }
    }

    private void ArmTimer()
    {
        var due = Core.NextDeadlineMs;
        if (due < _timerMs || _timerMs <= _simulation.Clock.NowMs)
        {
            _timerMs = due;
            if (due != long.MaxValue)
            {
                var life = _life;
                _simulation.Clock.At((due + 1) * 1000, () =>
                {
                    if (life == _life)
                    {
                        Post(() => Apply(new ClockTicked()));
                    }
                });
            }
        }
    }
}
