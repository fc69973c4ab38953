using System.Globalization;
using System.Text;
using Weft.Client.Core;
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
    private readonly SimulationRandom _random;
    private readonly Strikes _strikes;
    private readonly FuturesComplete _futuresComplete;
    private readonly EverythingReturnsToZero _returnsToZero;
    private long _calmSinceUs = -1;
    private bool _isSettled;

    /// <param name="seed">What it draws everything from.</param>
    /// <param name="changes">Faults of which there are other numbers than the seed draws.</param>
    public Simulation(int seed, string changes = "")
    {
        Seed = seed;
        _random = new SimulationRandom((ulong)seed);
        Faults = new FaultPlan(_random.Fork(), changes);
        Weather = new NetworkWeather(Faults);
        MayBeKilled = _random.Chance(150);
        Scheduler = new SimulatedScheduler(this, _random.Fork());
        DrawSeats();
        var workUs = DrawClients();
        _strikes = new Strikes(this, _random.Fork());
        Results = new ResultsAreExact(this);
        _futuresComplete = new FuturesComplete(this, workUs);
        _returnsToZero = new EverythingReturnsToZero(this);
        _checkers = [Results, new AttemptsAreAcceptedOnce(this), new BooksAddUp(this, seed % 20 == 0 ? 1 : 97), Digest = new ReplayDigest(this), _futuresComplete, _returnsToZero, new FactsTellTheSame(this, seed % 20 == 0 ? 5 : 199),
            new RunsAgainOnlyWhenLost(this), Stops = new StoppedWorkersTakeNothing(this), new NobodyIsBlamedWrongly(this), new RunsAreCounted(this), new RecoveryWaits(this), new SuspectsWait(this), new RestartsForget(this), Pauses = new PausedWorkersBeginNothing(this)];
    }

    public int Seed { get; }

    public SimulatedClock Clock { get; } = new();

    public FaultPlan Faults { get; }

    public NetworkWeather Weather { get; }

    public SimulatedScheduler Scheduler { get; }

    public ResultsAreExact Results { get; }

    public ReplayDigest Digest { get; }

    public StoppedWorkersTakeNothing Stops { get; }

    public PausedWorkersBeginNothing Pauses { get; }

    /// <summary>Tasks may be given up for the workers that die under them.</summary>
    public bool MayBeKilled { get; }

    /// <summary>Crashes of workers that ran something.</summary>
    public int LostRunning => _strikes.LostRunning;

    public int Tasks => _clients.Sum(client => client.Tasks);

    public IReadOnlyList<SimulatedClient> Clients => _clients;

    public IReadOnlyList<WorkerSeat> Seats => _seats;

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

    public SubmissionOptions OptionsOf(TaskId task) => ClientOf(task).OptionsOfTasks[(int)task.Sequence]!;

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

    public void NoteBegunAgain(IReadOnlyList<SchedulerFact> facts) => _checkers.ForEach(checker => checker.OnBegunAgain(facts));

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
        _strikes.StrikeAt(Scheduler.Completed);
    }

    public void NoteBegun(TaskId task, WorkerProcess process, long beganUs) => _checkers.ForEach(checker => checker.OnBegun(task, process, beganUs));

    public void BeforeOrders(WorkerProcess process) => _checkers.ForEach(checker => checker.BeforeOrders(process));

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

        text.AppendLine(CultureInfo.InvariantCulture, $"Faults: {Faults}");
        text.AppendLine(CultureInfo.InvariantCulture, $"Again: WEFT_SEED={Seed} WEFT_FAULTS={Faults.Changes} dotnet run --project tests/Simulation.Tests -- -method \"*Replay_one_seed*\"");
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

    public WorkerSeat AddSeat()
    {
        var hasResources = _seats.Count == 0 || _random.Chance(400);
        var resources = hasResources ? ResourceAmounts.Of([new("GPU", _random.Between(1, 3) * ResourceAmounts.Unit)]) : ResourceAmounts.None;
        var seat = new WorkerSeat(this, _random.Fork(), $"w{_seats.Count}", _random.Chance(600) ? 1 : _random.Between(2, 4), resources, DrawMemory());
        _seats.Add(seat);
        return seat;
    }

    /// <summary>Often none is known; else it is so little that copies find no room, or some do.</summary>
    private long DrawMemory()
    {
        var bytes = _random.Chance(300) ? 1 : _random.Magnitude(20_000, 400_000_000);
        return _random.Chance(Faults[Fault.TightMemory]) ? bytes : 0;
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
            var plan = new WorkPlanner(_random.Fork(), functions, _seats.ConvertAll(seat => seat.Name), i, shared).Plan((int)_random.Magnitude(150, 700) / count).Cut(Faults[Fault.Work]);
            workUs += plan.Steps.OfType<PlannedSubmission>().Sum(step => step.Tasks.Length * (step.Function.MeanUs * 2 + 30_000));
            var client = new SimulatedClient(this, _random.Fork(), plan);
            _clients.Add(client);
            Clock.After(_random.Below(100_000), client.Connect);
        }

        return workUs;
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
