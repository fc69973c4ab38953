using System.Globalization;

namespace Weft.Autoscaler.Core.Tests;

/// <summary>What many seeds met together: a simulation that meets nothing proves nothing.</summary>
internal sealed class SimulationReport
{
    private readonly List<(int Seed, long Permille)> _ratios = [];
    private Int128 _spent;
    private Int128 _clairvoyant;
    private Int128 _dearer;

    public int Seeds { get; private set; }

    public int WithPreemptions { get; private set; }

    public int WithRefusals { get; private set; }

    public int WithRefusedDrains { get; private set; }

    public int WithIdleDrains { get; private set; }

    public int WithWishes { get; private set; }

    public long Launches { get; private set; }

    public List<string> Failures { get; } = [];

    /// <summary>What the calm seeds cost all together, in thousandths of what they cost the clairvoyant.</summary>
    public long CostPermille => _clairvoyant == 0 ? 0 : (long)(_spent * 1000 / _clairvoyant);

    /// <summary>The same, when seeds that cost less than the clairvoyant's (they serve later) are taken to cost as much: what we save does not pay for what we waste.</summary>
    public long ExcessPermille => _clairvoyant == 0 ? 0 : (long)(_dearer * 1000 / _clairvoyant);

    public long MeanPermille => _ratios.Count == 0 ? 0 : _ratios.Sum(static ratio => ratio.Permille) / _ratios.Count;

    public void Add(ScalingSimulation simulation)
    {
        Seeds++;
        if (simulation.Failed is { } failed)
        {
            Failures.Add(failed);
            return;
        }

        WithPreemptions += simulation.Provider.Preempted > 0 ? 1 : 0;
        WithRefusals += simulation.Provider.Refused > 0 ? 1 : 0;
        WithRefusedDrains += simulation.Scheduler.RefusedDrains > 0 ? 1 : 0;
        WithIdleDrains += simulation.Drains > 0 ? 1 : 0;
        WithWishes += simulation.Scenario.Wishes.Count > 0 ? 1 : 0;
        Launches += simulation.Launches;
        if (simulation.Scenario.IsCalm)
        {
            var clairvoyant = new ClairvoyantFirstFit(simulation.Scenario, simulation.Scheduler.Tasks).CostUntil(simulation.EndingMs);
            _spent += simulation.Spent;
            _clairvoyant += clairvoyant;
            _dearer += Int128.Max(simulation.Spent, clairvoyant);
            _ratios.Add((simulation.Seed, (long)(simulation.Spent * 1000 / clairvoyant)));
        }
    }

    /// <summary>The first few in full, then the first line of each of the others.</summary>
    public string DescribeFailures() =>
        string.Join('\n', Failures.Take(3).Concat(Failures.Skip(3).Select(static failure => failure[..failure.IndexOf('\n', StringComparison.Ordinal)])));

    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Seeds} seeds, {Launches} launches; with preemptions {WithPreemptions}, refused launches {WithRefusals}, refused drains {WithRefusedDrains}, drains {WithIdleDrains}, people {WithWishes}; calm seeds cost {CostPermille} thousandths of the clairvoyant's, {ExcessPermille} without what they save, each {MeanPermille} in the mean, at most {string.Join(", ", _ratios.OrderByDescending(static ratio => ratio.Permille).Take(8))}, least {string.Join(", ", _ratios.OrderBy(static ratio => ratio.Permille).Take(3))}");
}
