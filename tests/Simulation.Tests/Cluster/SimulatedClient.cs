using Weft.Client;
using Weft.Client.Core;
using Weft.Primitives;
using Weft.Scheduler.Core;
using InputRule = Weft.Client.Core.InputRule;

namespace Weft.Simulation.Tests;

/// <summary>A client's shell on simulated time: the real core, and a user who follows a plan and compares what comes with the sequential model.</summary>
internal sealed class SimulatedClient
{
    private readonly Simulation _simulation;
    private readonly SimulationRandom _random;
    private readonly WorkPlan _plan;
    private readonly SessionActionList _actions = new();
    private readonly OutgoingBatch _batch = new();
    private readonly List<SessionEvent> _events = [];
    private readonly Dictionary<int, FunctionDefinition> _functions = [];
    private readonly bool[] _isHeld;
    private readonly bool[] _isWanted;
    private readonly bool[] _hasValue;
    private ClientConnection? _connection;
    private SessionId _session;
    private int _nextStep;
    private bool _flushPlanned;

    public SimulatedClient(Simulation simulation, SimulationRandom random, WorkPlan plan)
    {
        _simulation = simulation;
        _random = random;
        _plan = plan;
        _isHeld = new bool[plan.Tasks];
        _isWanted = new bool[plan.Tasks];
        _hasValue = new bool[plan.Tasks];
        FunctionsOfTasks = new SimulatedFunction?[plan.Tasks];
        OptionsOfTasks = new SubmissionOptions?[plan.Tasks];
    }

    public SessionCore Core { get; } = new();

    public SequentialModel Model { get; } = new();

    public SimulatedFunction?[] FunctionsOfTasks { get; }

    public SubmissionOptions?[] OptionsOfTasks { get; }

    /// <summary>It went away for ever.</summary>
    public bool IsDead { get; private set; }

    public bool IsFinished => IsDead || _nextStep == _plan.Steps.Count;

    public SessionId Session => _session;

    public int Tasks => _plan.Tasks;

    public void Connect()
    {
        if (IsDead)
        {
            return;
        }

        _connection = new ClientConnection(_simulation.NewLink(mayOvertake: false), _simulation.NewLink(mayOvertake: false), this);
        var connection = _connection;
        var hello = ClientBatchWriter.Hello(Core, "simulated", "1.0", followLogs: false).Hello;
        connection.ToScheduler.Send(() => _simulation.Scheduler.OnClientHello(connection, hello), mayRepeat: false);

        // The scheduler may have died while the hello was on its way.
        _simulation.Clock.After(5_000_000, () =>
        {
            if (connection == _connection && !connection.ToScheduler.IsClosed && !Core.IsOnline && !Core.IsClosed)
            {
                Disconnect();
                Connect();
            }
        });
    }

    /// <summary>The connection breaks; the scheduler notices, and the client comes back to its session.</summary>
    public void Break()
    {
        if (!Core.IsOnline)
        {
            return;
        }

        Disconnect();
        Apply(new SessionEvent.Disconnected("the connection broke"));
        _simulation.Clock.After(_random.Between(10_000, 3_000_000), Connect);
    }

    public void OnSchedulerLost(ClientConnection connection)
    {
        if (connection == _connection && Core.IsOnline)
        {
            Break();
        }
        else if (connection == _connection && !connection.ToScheduler.IsClosed && !Core.IsClosed)
        {
            Disconnect();
            _simulation.Clock.After(_random.Between(10_000, 3_000_000), Connect);
        }
    }

    /// <summary>One direction of its connection delivers nothing for a while; then all comes at once, or the connection is found broken.</summary>
    public void Partition(bool isFromClient, long us, bool breaks)
    {
        if (!Core.IsOnline || _connection is not { } connection)
        {
            return;
        }

        connection.Hold(isFromClient, us);
        if (breaks)
        {
            _simulation.Clock.After(us, () => OnSchedulerLost(connection));
        }
    }

    public void Die()
    {
        Disconnect();
        IsDead = true;
    }

    public void OnNotice(ClientConnection connection, Protocol.V1.ClientNotice notice)
    {
        if (connection != _connection || IsDead)
        {
            return;
        }

        var isFirst = _session.Value == 0;
        _events.Clear();
        ClientNoticeReader.Read(notice, _events);
        foreach (var happened in _events.ToArray())
        {
            if (happened is SessionEvent.Connected connected)
            {
                _session = connected.Session;
                _simulation.Register(this);
            }

            Apply(happened);
        }

        if (isFirst && _session.Value != 0)
        {
            PlanNextStep();
        }
    }

    /// <summary>Whether every future that is held has ended, and every value that was asked for has come, if there is one.</summary>
    public int? FindUnsettled()
    {
        for (var task = 0; task < _isHeld.Length; task++)
        {
            if (!_isHeld[task])
            {
                continue;
            }

            var phase = Core.PhaseOf(0, IdOf(task));
            if (phase == FuturePhase.Pending || (phase == FuturePhase.Done && _isWanted[task] && !_hasValue[task]))
            {
                return task;
            }
        }

        return null;
    }

    public FuturePhase? PhaseOfHeld(int task) => _isHeld[task] ? Core.PhaseOf(0, IdOf(task)) : null;

    public TaskId IdOf(int task) => new(_session, (ulong)task);

    /// <summary>Lets go of all that is held, one way or the other.</summary>
    public void Finish()
    {
        if (_random.Chance(300))
        {
            Apply(SessionEvent.Closed.Instance);
        }
        else
        {
            for (var task = 0; task < _isHeld.Length; task++)
            {
                if (_isHeld[task])
                {
                    Apply(new SessionEvent.TasksReleased(new TaskRun(IdOf(task))));
                }
            }
        }

        Array.Clear(_isHeld);
    }

    public override string ToString() =>
        $"client {_session.Value}: {(IsDead ? "dead" : Core.IsOnline ? "online" : "offline")}, {_nextStep} of {_plan.Steps.Count} steps taken, the last {(_nextStep == 0 ? "none" : _plan.Steps[_nextStep - 1].ToString())}";

    private void Disconnect()
    {
        if (_connection is { } connection)
        {
            connection.Break();
            _simulation.Clock.After(_random.Between(1, 500_000), () => _simulation.Scheduler.OnClientGone(connection));
        }
    }

    private void PlanNextStep()
    {
        if (_nextStep < _plan.Steps.Count)
        {
            _simulation.Clock.After(_plan.Steps[_nextStep].GapUs, TakeStep);
        }
    }

    private void TakeStep()
    {
        if (IsDead)
        {
            return;
        }

        switch (_plan.Steps[_nextStep++])
        {
            case PlannedScatter scatter: Scatter(scatter); break;
            case PlannedSubmission submission: Submit(submission); break;
            case PlannedRequest request: Ask(request); break;
            case PlannedPublish publish:
                Publish(publish);
                return;
            case PlannedAdopt adopt:
                Adopt(adopt);
                return;
            case PlannedUnpublish unpublish:
                Unpublish(unpublish);
                return;
        }

        PlanNextStep();
    }

    private void Publish(PlannedPublish publish) =>
        AskScheduler(
            number => new PublishAsked(number, publish.Name, [new TaskRun(IdOf(publish.First), publish.Count)], default, Overwrites: false),
            RequestAnswer.Done);

    private void Unpublish(PlannedUnpublish unpublish) =>
        AskScheduler(number => new UnpublishAsked(number, unpublish.Name), RequestAnswer.Done, RequestAnswer.UnknownName);

    /// <summary>
    /// Once the scheduler knows all tasks that there are, asks it until it answers, by calls of their own that a dead scheduler swallows; then the
    /// program goes on.
    /// </summary>
    private void AskScheduler(Func<int, SchedulerEvent> eventOf, params RequestAnswer[] expected)
    {
        var isAnswered = false;
        Try();

        void Try()
        {
            if (isAnswered || IsDead || Core.IsClosed)
            {
                return;
            }

            if (!Core.IsAcknowledged(ulong.MaxValue))
            {
                _simulation.Clock.After(5_000, Try);
                return;
            }

            _simulation.Clock.After(1 + _random.Below(_simulation.Faults.DelayUsMax), () => _simulation.Scheduler.Request(eventOf, answer =>
                _simulation.Clock.After(1 + _random.Below(_simulation.Faults.DelayUsMax), () => OnAnswer(answer))));
            _simulation.Clock.After(3_000_000, Try);
        }

        void OnAnswer(RequestAnswer answer)
        {
            if (!isAnswered && !IsDead)
            {
                Invariant.Require(expected.Contains(answer), $"a request is answered as its client expects, and not by {answer}");
                isAnswered = true;
                PlanNextStep();
            }
        }
    }

    private void Adopt(PlannedAdopt adopt)
    {
        if (IsDead)
        {
            return;
        }

        if (_simulation.Scheduler.Core.FindPublished(adopt.Published.Name) is not { } published || _simulation.Scheduler.IsDown)
        {
            _simulation.Clock.After(50_000, () => Adopt(adopt));
            return;
        }

        Model.AddAliases(_simulation.Clients[adopt.Published.Client].Model, adopt.Published.First, adopt.Published.Count);
        Array.Fill(_isHeld, true, adopt.First, adopt.Published.Count);
        foreach (var run in published.Runs)
        {
            Apply(new SessionEvent.TasksSubmitted(new TaskSubmission(FunctionDefinition.Alias, SubmissionOptions.Default, run.Count)
            {
                InputRules = new[] { new InputRule(run.First, Count: 1, Step: 1, Stride: 0) },
            }));
        }

        PlanNextStep();
    }

    private void Scatter(PlannedScatter scatter)
    {
        Model.Add(scatter);
        var column = new ByteColumnBuilder();
        foreach (var value in scatter.Values)
        {
            column.Add(SimulatedFunction.Encode(value, scatter.Size));
        }

        Array.Fill(_isHeld, true, scatter.First, scatter.Values.Length);
        Apply(new SessionEvent.ValuesScattered(column.Build(), scatter.Holders));
    }

    private void Submit(PlannedSubmission submission)
    {
        var count = submission.Tasks.Length;
        Model.Add(submission, mayBeKilled: _simulation.MayBeKilled);
        Array.Fill(_isHeld, true, submission.First, count);
        Array.Fill(OptionsOfTasks, submission.Options, submission.First, count);
        Array.Fill(FunctionsOfTasks, submission.Function, submission.First, count);
        var arguments = new ByteColumnBuilder();
        if (!submission.SharesArguments)
        {
            foreach (var task in submission.Tasks)
            {
                arguments.Add(task.Write());
            }
        }

        var ends = new List<int>();
        var inputs = new List<TaskId>();
        foreach (var own in submission.Inputs)
        {
            inputs.AddRange(own.Select(IdOf));
            ends.Add(inputs.Count);
        }

        Apply(new SessionEvent.TasksSubmitted(new TaskSubmission(DefinitionOf(submission.Function), submission.Options, count)
        {
            SharedArguments = submission.SharesArguments ? submission.Tasks[0].Write() : default,
            Arguments = arguments.Build(),
            InputRules = submission.Rules.Select(rule => new InputRule(IdOf(rule.Start), rule.Count, rule.Step, rule.Stride)).ToArray(),
            Inputs = inputs.ToArray(),
            InputEnds = ends.ToArray(),
        }));
    }

    private FunctionDefinition DefinitionOf(SimulatedFunction function)
    {
        if (!_functions.TryGetValue(function.Number, out var definition))
        {
            _functions.Add(function.Number, definition = new FunctionDefinition(BitConverter.GetBytes(function.Number), $"f{function.Number}", ""));
        }

        return definition;
    }

    private void Ask(PlannedRequest request)
    {
        var run = new TaskRun(IdOf(request.First), request.Count);
        switch (request.Request)
        {
            case Request.Want:
                Array.Fill(_isWanted, true, request.First, request.Count);
                Apply(new SessionEvent.ResultsWanted(run));
                break;
            case Request.Cancel:
                Model.Cancel(request.First, request.Count);
                Apply(new SessionEvent.CancelRequested(run));
                break;
            case Request.Retry:
                Apply(new SessionEvent.RetryRequested(run));
                break;
            case Request.Release:
                Array.Fill(_isHeld, false, request.First, request.Count);
                Apply(new SessionEvent.TasksReleased(run));
                break;
        }
    }

    private void Apply(SessionEvent happened)
    {
        _actions.Clear();
        Core.Apply(new Stamped<SessionEvent>(_simulation.Clock.NowMs, happened), _actions);
        foreach (var action in _actions)
        {
            CarryOut(action);
        }

        if (Core.HasOutgoing && !_flushPlanned)
        {
            _flushPlanned = true;
            _simulation.Clock.After(_random.Below(200), Flush);
        }
    }

    private void Flush()
    {
        _flushPlanned = false;
        while (!IsDead && Core.TryTakeBatch(_batch))
        {
            var connection = _connection!;
            var message = ClientBatchWriter.Write(_batch);
            connection.ToScheduler.Send(() => _simulation.Scheduler.OnClientBatch(connection, message), mayRepeat: false);
        }
    }

    private void CarryOut(SessionAction action)
    {
        switch (action.Kind)
        {
            case SessionActionKind.RefuseSubmission:
                throw new InvariantException($"Broken rule: a planned submission is accepted ({action.Text}).");
            case SessionActionKind.TellOutcome:
                for (var i = 0; i < action.Tasks.Count; i++)
                {
                    Hear((int)action.Tasks.First.Sequence + i, action);
                }

                break;
            case SessionActionKind.DeliverValues:
                for (var i = 0; i < action.Tasks.Count; i++)
                {
                    Receive((int)action.Tasks.First.Sequence + i, action.Values.Span(i));
                }

                break;
            case SessionActionKind.FetchResult:
                Fetch(action.Tasks.First, action.Location!);
                break;
        }
    }

    private void Hear(int task, SessionAction told)
    {
        _simulation.Results.CheckOutcome(this, task, told.Phase, told.Error);

        // A failure answers who asked for the value: should the task run again after all, it is to be asked for anew.
        _isWanted[task] &= told.Phase is FuturePhase.Pending or FuturePhase.Done;
    }

    private void Receive(int task, ReadOnlySpan<byte> value)
    {
        _simulation.Results.CheckValue(this, task, SimulatedFunction.Decode(value));
        _hasValue[task] = true;
    }

    /// <summary>Asks the holders in turn; when none gives the result, the scheduler is asked where it is now.</summary>
    private void Fetch(TaskId task, ResultLocation location)
    {
        _simulation.Clock.After(1 + _random.Below(_simulation.Faults.DelayUsMax), () =>
        {
            foreach (var holder in location.Holders)
            {
                var fails = !_simulation.Weather.IsCalm && _random.Chance(_simulation.Faults[Fault.FailedFetches]);
                if (!fails && _simulation.FindProcess(holder.Address) is { IsAlive: true, IsPaused: false } process && process.TryRead(location.StoredAs, out var stored))
                {
                    Receive((int)task.Sequence, stored.Value);
                    return;
                }
            }

            _simulation.Clock.After(_random.Between(1_000, 100_000), () =>
            {
                if (!IsDead && _isHeld[(int)task.Sequence])
                {
                    Apply(new SessionEvent.ResultsWanted(new TaskRun(task)));
                }
            });
        });
    }
}
