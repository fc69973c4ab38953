using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>
/// What befalls processes, each at some point of the work's progress. Every kind has a source of chance of its own: with one of them switched off
/// the others strike as before.
/// </summary>
internal sealed class Strikes
{
    private const long LeaseUs = Simulation.LeaseMs * 1000;

    private readonly Simulation _simulation;
    private readonly SortedDictionary<long, List<Action>> _planned = [];

    public Strikes(Simulation simulation, SimulationRandom random)
    {
        _simulation = simulation;
        Add(Fault.Crashes, random.Fork(), Crash);
        Add(Fault.Leaves, random.Fork(), dice => Pick(dice, _ => true)?.Leave("the simulation wants it", dice.Magnitude(1, 25_000_000)));
        Add(Fault.LeavesOfTwo, random.Fork(), dice => LeaveTogether(dice, 2));
        Add(Fault.LeavesOfAllButOne, random.Fork(), dice => LeaveTogether(dice, int.MaxValue));
        Add(Fault.Preemptions, random.Fork(), Preempt);
        Add(Fault.Drains, random.Fork(), Drain);
        Add(Fault.Hangs, random.Fork(), Hang);
        Add(Fault.NewWorkers, random.Fork(), _ => simulation.AddSeat().Start());
        Add(Fault.WorkerDisconnects, random.Fork(), dice => Pick(dice, _ => true)?.Break());
        Add(Fault.Disconnects, random.Fork(), dice => dice.Pick(simulation.Clients).Break());
        Add(Fault.Partitions, random.Fork(), Partition);
        Add(Fault.SchedulerPauses, random.Fork(), dice => simulation.Scheduler.Pause(dice.Chance(400) ? dice.Between(LeaseUs, LeaseUs * 13 / 10) : dice.Between(10_000, LeaseUs)));
        Add(Fault.SchedulerDeaths, random.Fork(), _ => simulation.Scheduler.Die());
        Add(Fault.ClientDeaths, random.Fork(), _ => KillClient());
        Add(Fault.CopyRequests, random.Fork(), AskForCopies);
        Add(Fault.Restarts, random.Fork(), _ => simulation.Scheduler.Restart());
        Add(Fault.MemoryPauses, random.Fork(), FillMemory);
    }

    /// <summary>Crashes of workers, hangs and hosts taken away, that ran something.</summary>
    public int LostRunning { get; private set; }

    /// <summary>Carries out what is due when so many attempts have been accepted.</summary>
    public void StrikeAt(long completed)
    {
        while (!_simulation.Weather.IsCalm && _planned.Count > 0 && _planned.First() is var (at, strikes) && at <= completed)
        {
            _planned.Remove(at);
            strikes.ForEach(strike => strike());
        }
    }

    private void Add(Fault fault, SimulationRandom random, Action<SimulationRandom> strike)
    {
        var places = random.Fork();
        for (var i = 0; i < _simulation.Faults[fault]; i++)
        {
            var at = (long)places.Below(Math.Max(1, _simulation.Tasks * 4 / 10));
            if (!_planned.TryGetValue(at, out var strikes))
            {
                _planned.Add(at, strikes = []);
            }

            strikes.Add(() => strike(random));
        }
    }

    private WorkerProcess? Pick(SimulationRandom random, Func<WorkerProcess, bool> condition)
    {
        var candidates = Awake().Where(condition).ToList();
        return candidates.Count == 0 ? null : random.Pick(candidates);
    }

    private IEnumerable<WorkerProcess> Awake() =>
        _simulation.Seats.Select(seat => seat.Process).OfType<WorkerProcess>().Where(process => process is { IsAlive: true, IsPaused: false });

    private void Crash(SimulationRandom random) => Crash(random, looks: 1);

    private void Crash(SimulationRandom random, int looks)
    {
        if (Pick(random, process => process.Core.RunningSlots > 0) is not { } victim)
        {
            // Nobody runs anything at this moment: a little later, somebody will. While one scheduler after another waits for the workers of before, that may take minutes.
            if (!_simulation.Weather.IsCalm)
            {
                _simulation.Clock.After(looks < 20_000 ? 500 : 2_000, () => Crash(random, looks + 1));
            }

            return;
        }

        LostRunning++;
        victim.Crash(random.Between(1, _simulation.Faults.DetectUsMax), tellsPermille: 850);
    }

    private void Hang(SimulationRandom random)
    {
        if (Pick(random, process => process.Core.RunningSlots > 0) is { } victim)
        {
            LostRunning++;
            victim.Pause(random.Between(LeaseUs, LeaseUs * 13 / 10));
        }
    }

    /// <summary>All have the same time: who is the last to be heard has nobody left to hand over to.</summary>
    private void LeaveTogether(SimulationRandom random, int most)
    {
        var within = random.Magnitude(1_000, 25_000_000);
        var awake = Awake().ToList();
        if (awake.Count > 0)
        {
            awake.RemoveAt(random.Below(awake.Count));
        }

        foreach (var process in awake.Take(most))
        {
            process.Leave("the simulation wants it", within);
        }
    }

    /// <summary>The host is taken away: with a notice, or without, and then nobody is left to tell what ran there.</summary>
    private void Preempt(SimulationRandom random)
    {
        var victim = Pick(random, _ => true);
        if (random.Chance(600))
        {
            victim?.Leave("its host is wanted back", random.Magnitude(1_000, 2_000_000));
        }
        else
        {
            LostRunning += victim?.Core.RunningSlots > 0 ? 1 : 0;
            victim?.Crash(random.Between(1, _simulation.Faults.DetectUsMax), tellsPermille: 0);
        }
    }

    private void Drain(SimulationRandom random)
    {
        var all = Awake().ToList();
        var many = random.Chance(200) ? all.Count : random.Chance(300) ? all.Count - 1 : 1;
        while (all.Count > Math.Max(many, 1))
        {
            all.RemoveAt(random.Below(all.Count));
        }

        _simulation.Scheduler.Drain(all);
    }

    private void Partition(SimulationRandom random)
    {
        var us = random.Chance(300) ? random.Between(LeaseUs / 2, LeaseUs * 13 / 10) : random.Magnitude(1_000, 5_000_000);
        var breaks = random.Chance(500);
        if (random.Chance(700))
        {
            Pick(random, process => process.IsConnected)?.Partition(random.Chance(500), us, breaks);
        }
        else
        {
            random.Pick(_simulation.Clients).Partition(random.Chance(500), us, breaks);
        }
    }

    private void FillMemory(SimulationRandom random)
    {
        var all = Awake().ToList();
        foreach (var process in random.Chance(200) || all.Count == 0 ? all : [random.Pick(all)])
        {
            process.FillMemory(random.Magnitude(100, 10_000_000));
        }
    }

    private void KillClient()
    {
        if (_simulation.Clients.Count > 1)
        {
            _simulation.Clients[^1].Die();
        }
    }

    /// <summary>Of some tasks in a row, ended or not, known or not; most often workers hold the first.</summary>
    private void AskForCopies(SimulationRandom random)
    {
        var client = random.Pick(_simulation.Clients);
        var first = random.Below(_simulation.Tasks);
        for (var tries = 0; tries < 20 && random.Chance(950) && _simulation.Scheduler.Core.HoldersOf(client.IdOf(first)).Count == 0; tries++)
        {
            first = random.Below(_simulation.Tasks);
        }

        TaskRun[] runs = [new(client.IdOf(first), random.Between(1, 40))];
        if (random.Chance(600))
        {
            var holders = random.Chance(400) ? int.MaxValue : random.Between(1, 3);
            _simulation.Scheduler.Request(number => new ReplicateAsked(number, runs, holders), static _ => { });
        }
        else
        {
            var isOfAll = random.Chance(500);
            _simulation.Scheduler.Request(number => new RebalanceAsked(number, isOfAll ? null : runs), static _ => { });
        }
    }
}
