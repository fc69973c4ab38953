using System.Globalization;
using System.Text;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// A whole cluster on a queue of (time, message): one seed draws its topology, its graphs and its faults. It runs until every future has
/// ended, lets all go, and runs until nothing is left; checkers watch.
/// </summary>
internal sealed class Simulation
{
    public const long LeaseMs = 30_000;
    public const long SessionKeepMs = 60_000;
    private const long PollUs = 20_000;
    private const long StepsMax = 1_000_000;

    private readonly List<Checker> _checkers;
    private readonly List<WorkerSeat> _seats = [];
    private readonly List<WorkerProcess> _processes = [];
    private readonly List<SimulatedClient> _clients = [];
    private readonly Dictionary<string, WorkerProcess> _processByAddress = [];
    private readonly Dictionary<uint, SimulatedClient> _clientBySession = [];
    private readonly Dictionary<TaskId, int> _runs = [];
    private readonly SortedDictionary<long, List<Action>> _strikes = [];
    private readonly SimulationRandom _random;
    private readonly FuturesComplete _futuresComplete;
    private readonly EverythingReturnsToZero _returnsToZero;
    private long _calmSinceUs = -1;
    private bool _isSettled;

    public Simulation(int seed)
    {
        Seed = seed;
        _random = new SimulationRandom((ulong)seed);
        Faults = new FaultPlan(_random.Fork());
        Weather = new NetworkWeather(Faults);
        MayBeKilled = _random.Chance(150);
        Scheduler = new SimulatedScheduler(this, _random.Fork());
        DrawSeats();
        var workUs = DrawClients();
        DrawStrikes();
        Results = new ResultsAreExact(this);
        _futuresComplete = new FuturesComplete(this, workUs);
        _returnsToZero = new EverythingReturnsToZero(this);
        _checkers = [Results, new AttemptsAreAcceptedOnce(this), new BooksAddUp(this, seed % 20 == 0 ? 1 : 97), Digest = new ReplayDigest(this), _futuresComplete, _returnsToZero, new FactsTellTheSame(this, seed % 20 == 0 ? 5 : 199)];
    }

    public int Seed { get; }

    public SimulatedClock Clock { get; } = new();

    public FaultPlan Faults { get; }

    public NetworkWeather Weather { get; }

    public SimulatedScheduler Scheduler { get; }

    public ResultsAreExact Results { get; }

    public ReplayDigest Digest { get; }

    /// <summary>Tasks may be given up for the workers that die under them.</summary>
    public bool MayBeKilled { get; }

    /// <summary>Crashes of workers that ran something.</summary>
    public int LostRunning { get; private set; }

    public int Tasks => _clients.Sum(client => client.Tasks);

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    public IEnumerable<SimulatedClient> LiveClients => _clients.Where(client => !client.IsDead);

    public IReadOnlyList<WorkerProcess> Processes => _processes;

    public void Run()
    {
        try
        {
            RunUntilNothingIsLeft();
        }
        catch (Exception breach) when (breach is not SimulationException)
        {
            throw Failure($"{breach.GetType().Name}: {breach.Message}", default, breach);
        }
    }

    public Link NewLink(bool mayOvertake) => new(Clock, _random.Fork(), Weather, mayOvertake);

    public void Register(WorkerProcess process)
    {
        _processes.Add(process);
        _processByAddress.Add(process.Address, process);
    }

    public void Register(SimulatedClient client) => _clientBySession[client.Session.Value] = client;

    public WorkerProcess? FindProcess(string address) => _processByAddress.GetValueOrDefault(address);

    public SimulatedClient ClientOf(TaskId task) => _clientBySession[task.Session.Value];

    public SimulatedFunction FunctionOf(TaskId task) => ClientOf(task).FunctionsOfTasks[(int)task.Sequence]!;

    /// <summary>Whether the run that begins now throws.</summary>
    public bool NextRunFails(TaskId task, Behaviour behaviour)
    {
        var runs = _runs.GetValueOrDefault(task);
        _runs[task] = runs + 1;
        return behaviour.Failures == Behaviour.AlwaysFails || runs < behaviour.Failures;
    }

    public void BeforeApply(SchedulerEvent happened) => _checkers.ForEach(checker => checker.BeforeApply(happened));

    public void AfterApply(SchedulerEvent happened) => _checkers.ForEach(checker => checker.AfterApply(happened));

    public void Note(SchedulerFact fact) => _checkers.ForEach(checker => checker.OnFact(fact));

    public void NoteLost(SchedulerFact fact) => _checkers.ForEach(checker => checker.OnFactLost(fact));

    public void Note(in SchedulerAction action)
    {
        foreach (var checker in _checkers)
        {
            checker.OnAction(action);
        }
    }

    public void AfterTurn()
    {
        _checkers.ForEach(checker => checker.AfterTurn());
        while (!Weather.IsCalm && _strikes.Count > 0 && _strikes.First() is var (at, strikes) && at <= Scheduler.Completed)
        {
            _strikes.Remove(at);
            strikes.ForEach(strike => strike());
        }
    }

    public void AfterWorkerStep(WorkerProcess process) => _checkers.ForEach(checker => checker.AfterWorkerStep(process));

    public SimulationException Failure(string what, TaskId task, Exception? cause = null)
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"Seed {Seed} at {Clock.NowUs} us: {what}");
        text.AppendLine(Scheduler.ToString());
        foreach (var client in _clients)
        {
            text.AppendLine(client.ToString());
        }

        if (Environment.GetEnvironmentVariable("WEFT_TASK") is { } also)
        {
            var parts = also.Split('.');
            task = new TaskId(new SessionId(uint.Parse(parts[0], CultureInfo.InvariantCulture)), ulong.Parse(parts[1], CultureInfo.InvariantCulture));
        }

        if (task != default)
        {
            text.AppendLine("The scheduler's story:").AppendLine(Scheduler.Core.Story(task));
            foreach (var process in _processes.Where(process => process.IsAlive))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"Worker {process.Address}: {process.Core.Story(task)}");
            }

            if (_clientBySession.TryGetValue(task.Session.Value, out var client))
            {
                text.AppendLine(CultureInfo.InvariantCulture, $"Client: {client.Core.Story(task)}");
            }
        }

        text.AppendLine(CultureInfo.InvariantCulture, $"Again: WEFT_SEED={Seed} dotnet run --project tests/Simulation.Tests -- -method \"*Replay_one_seed*\"");
        if (cause is not null)
        {
            text.AppendLine(cause.StackTrace);
        }

        return new SimulationException(text.ToString());
    }

    private void DrawSeats()
    {
        var count = _random.Between(1, 6);
        for (var i = 0; i < count; i++)
        {
            AddSeat();
        }

        foreach (var seat in _seats)
        {
            Clock.After(_random.Magnitude(1, 200_000), seat.Start);
        }
    }

    private WorkerSeat AddSeat()
    {
        var hasResources = _seats.Count == 0 || _random.Chance(400);
        var resources = hasResources ? ResourceAmounts.Of([new("GPU", _random.Between(1, 3) * ResourceAmounts.Unit)]) : ResourceAmounts.None;
        var seat = new WorkerSeat(this, _random.Fork(), $"w{_seats.Count}", _random.Chance(600) ? 1 : _random.Between(2, 4), resources);
        _seats.Add(seat);
        return seat;
    }

    /// <returns>What the work takes at most when it is done one after the other.</returns>
    private long DrawClients()
    {
        var functions = Enumerable.Range(1, _random.Between(2, 6)).Select(number => SimulatedFunction.Draw(number, _random)).ToArray();
        var workUs = 0L;
        var shared = new List<Publication>();
        var count = _random.Chance(300) ? 2 : 1;
        for (var i = 0; i < count; i++)
        {
            var plan = new WorkPlanner(_random.Fork(), functions, _seats.ConvertAll(seat => seat.Name), i, shared).Plan((int)_random.Magnitude(150, 700) / count);
            workUs += plan.Steps.OfType<PlannedSubmission>().Sum(step => step.Tasks.Length * (step.Function.MeanUs * 2 + 30_000));
            var client = new SimulatedClient(this, _random.Fork(), plan);
            _clients.Add(client);
            Clock.After(_random.Below(100_000), client.Connect);
        }

        return workUs;
    }

    /// <summary>Plans what befalls processes, each at some point of the work's progress.</summary>
    private void DrawStrikes()
    {
        Add(Faults.Crashes, Crash);
        Add(Faults.Leaves, () => Pick(process => true)?.Leave());
        Add(Faults.Hangs, () => Pick(process => process.Core.RunningSlots > 0)?.Pause(_random.Between(LeaseMs * 1000, LeaseMs * 1300)));
        Add(Faults.NewWorkers, () => AddSeat().Start());
        Add(Faults.WorkerDisconnects, () => Pick(_ => true)?.Break());
        Add(Faults.SchedulerDeaths, Scheduler.Die);
        Add(Faults.Disconnects, () => _random.Pick(_clients).Break());
        if (Faults.ClientDies && _clients.Count > 1)
        {
            Add(1, _clients[^1].Die);
        }

        void Add(int count, Action strike)
        {
            for (var i = 0; i < count; i++)
            {
                var at = (long)_random.Below(Math.Max(1, Tasks * 4 / 10));
                if (!_strikes.TryGetValue(at, out var strikes))
                {
                    _strikes.Add(at, strikes = []);
                }

                strikes.Add(strike);
            }
        }
    }

    private void Crash()
    {
        if (Pick(process => process.Core.RunningSlots > 0) is not { } victim)
        {
            // Nobody runs anything at this moment: a little later, somebody will.
            if (!Weather.IsCalm)
            {
                Clock.After(500, Crash);
            }

            return;
        }

        LostRunning++;
        victim.Crash(_random.Between(1, Faults.DetectUsMax));
    }

    private WorkerProcess? Pick(Func<WorkerProcess, bool> condition)
    {
        var candidates = _seats.Select(seat => seat.Process).OfType<WorkerProcess>().Where(process => process is { IsAlive: true, IsPaused: false } && condition(process)).ToList();
        return candidates.Count == 0 ? null : _random.Pick(candidates);
    }

    private void RunUntilNothingIsLeft()
    {
        Clock.After(PollUs, Poll);
        while (!_isOver && Clock.Step())
        {
            if (Clock.Steps > StepsMax)
            {
                throw Failure("It goes round in circles.", default);
            }
        }
    }

    private bool _isOver;
    private long _releasedUs;

    private void Poll()
    {
        if (_calmSinceUs < 0)
        {
            if (_clients.TrueForAll(client => client.IsFinished))
            {
                _calmSinceUs = long.MaxValue;
                Clock.After(_random.Between(0, 4_000_000), Calm);
            }
        }
        else if (Weather.IsCalm && !_isSettled)
        {
            if (LiveClients.All(client => client.FindUnsettled() is null))
            {
                _isSettled = true;
                _releasedUs = Clock.NowUs;
                _checkers.ForEach(checker => checker.WhenSettled());
                foreach (var client in LiveClients)
                {
                    client.Finish();
                }
            }
            else
            {
                _futuresComplete.Require(_calmSinceUs);
            }
        }
        else if (_isSettled)
        {
            if (_returnsToZero.FindRemains() is null)
            {
                _isOver = true;
                Scheduler.Core.CheckInvariants();
            }
            else
            {
                _returnsToZero.Require(_releasedUs);
                UnpublishAll();
            }
        }

        if (!_isOver)
        {
            Clock.After(PollUs, Poll);
        }
    }

    /// <summary>Clients are gone, and what they published is still there.</summary>
    private void UnpublishAll()
    {
        foreach (var published in Scheduler.Core.Published)
        {
            Scheduler.Request(number => new UnpublishAsked(number, published.Name), static _ => { });
        }
    }

    private void Calm()
    {
        if (Scheduler.IsAway || LiveClients.Any(client => !client.Core.IsOnline && !client.Core.IsClosed))
        {
            // Nothing moves, and so nothing is struck: the weather waits.
            Clock.After(500_000, Calm);
            return;
        }

        Weather.IsCalm = true;
        _calmSinceUs = Clock.NowUs;
    }
}
