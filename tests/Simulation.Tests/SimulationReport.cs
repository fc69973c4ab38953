using System.Globalization;
using System.Text;
using Weft.Primitives;
using Weft.Scheduler.Core;

namespace Weft.Simulation.Tests;

/// <summary>What many seeds met together: a simulation that meets nothing proves nothing.</summary>
internal sealed class SimulationReport
{
    private readonly List<int> _tasks = [];
    private readonly long[,] _met = new long[Enum.GetValues<TaskPhase>().Length, Enum.GetValues<TaskCause>().Length];
    private readonly List<string> _failures = [];
    private long _steps;
    private long _values;

    public int Seeds => _tasks.Count;

    public int MedianTasks => _tasks.Count == 0 ? 0 : _tasks.Order().ElementAt(_tasks.Count / 2);

    public int WithDelays { get; private set; }

    public int WithRepeats { get; private set; }

    public int WithOvertakes { get; private set; }

    public int WithLostRunning { get; private set; }

    public int WithPauses { get; private set; }

    public IReadOnlyList<string> Failures => _failures;

    public void Add(Simulation simulation)
    {
        _tasks.Add(simulation.Tasks);
        _steps += simulation.Clock.Steps;
        _values += simulation.Results.Values;
        WithDelays += simulation.Weather.Delayed > 0 ? 1 : 0;
        WithRepeats += simulation.Weather.Repeated > 0 ? 1 : 0;
        WithOvertakes += simulation.Weather.Overtaken > 0 ? 1 : 0;
        WithLostRunning += simulation.LostRunning > 0 ? 1 : 0;
        WithPauses += simulation.Pauses.Heard > 0 ? 1 : 0;
        foreach (var phase in Enum.GetValues<TaskPhase>())
        {
            foreach (var cause in Enum.GetValues<TaskCause>())
            {
                _met[(int)phase, (int)cause] += simulation.Scheduler.Met(phase, cause);
            }
        }
    }

    public void Add(SimulationException failure) => _failures.Add(failure.Message);

    /// <summary>The first of them in full, then the first line of each of the others.</summary>
    public string DescribeFailures(int shownMax) =>
        string.Join('\n', _failures.Take(shownMax).Concat(_failures.Skip(shownMax).Select(static failure => failure[..failure.IndexOf('\n', StringComparison.Ordinal)])));

    public long Met(TaskPhase phase, TaskCause cause) => _met[(int)phase, (int)cause];

    public override string ToString()
    {
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture, $"{Seeds} seeds, median {MedianTasks} tasks, {_steps} steps, {_values} values compared");
        text.AppendLine(CultureInfo.InvariantCulture, $"with delays {WithDelays}, repeats {WithRepeats}, overtakes {WithOvertakes}, lost running attempts {WithLostRunning}, paused workers {WithPauses}");
        foreach (var cause in Enum.GetValues<TaskCause>())
        {
            text.AppendLine(CultureInfo.InvariantCulture, $"{cause,-16} {string.Join(", ", Enum.GetValues<TaskPhase>().Select(phase => $"{phase} {Met(phase, cause)}"))}");
        }

        return text.ToString();
    }
}
