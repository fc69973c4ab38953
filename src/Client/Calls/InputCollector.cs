using Weft.Client.Core;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>
/// The inputs of a task while its call is written: futures get their numbers here as they are met, as arguments or within values. Codecs find it as
/// their context. Not thread safe; one for each call, or for each range of calls.
/// </summary>
internal sealed class InputCollector(WeftClient client)
{
    private readonly List<InputRule> _rules = [];
    private readonly List<TaskId> _own = [];

    /// <summary>How many inputs the rules give each task: its own come after them.</summary>
    private int _ruleInputs;

    /// <summary>Where the own inputs of the task begin that is being written.</summary>
    private int _rowStart;

    /// <summary>Own inputs of all tasks so far, end to end.</summary>
    public IReadOnlyList<TaskId> Own => _own;

    /// <summary>Adds inputs by rule; to be done before any of a task's own.</summary>
    /// <returns>The number of the first.</returns>
    public int AddRule(InputRule rule)
    {
        Invariant.Require(_own.Count == 0, "inputs by rule come before the tasks' own");
        _rules.Add(rule);
        _ruleInputs += rule.Count;
        return _ruleInputs - rule.Count;
    }

    /// <summary>The number of a future among the task's inputs.</summary>
    /// <exception cref="ArgumentException">The future was submitted with another client.</exception>
    public int Add(Future future) => Add(client.TaskOf(future));

    public int Add(TaskId task)
    {
        // Few inputs stand within arguments; lists of them go by rule or are known to differ.
        for (var index = _rowStart; index < _own.Count && index < _rowStart + 16; index++)
        {
            if (_own[index] == task)
            {
                return _ruleInputs + index - _rowStart;
            }
        }

        _own.Add(task);
        return _ruleInputs + _own.Count - 1 - _rowStart;
    }

    /// <summary>Adds inputs that follow each other, without a look for equal ones.</summary>
    /// <returns>The number of the first.</returns>
    public int AddAll(IEnumerable<Future> futures)
    {
        var first = _ruleInputs + _own.Count - _rowStart;
        foreach (var future in futures)
        {
            _own.Add(client.TaskOf(future));
        }

        return first;
    }

    /// <summary>The tasks of a list, if it belongs to this client.</summary>
    /// <exception cref="ArgumentException">They were submitted with another client.</exception>
    public TaskRun RunOf(FutureListPart list)
    {
        client.Require(list.SingleHold!);
        return list.SingleRun;
    }

    /// <summary>What a closure captured is an input of every task: what was added so far becomes rules.</summary>
    public void ShareWithAllTasks()
    {
        foreach (var task in _own)
        {
            _rules.Add(new InputRule(task, Count: 1, Step: 0, Stride: 0));
        }

        _ruleInputs += _own.Count;
        _own.Clear();
        _rowStart = 0;
    }

    /// <summary>The rules for the part of a range that begins at an offset: rules that step have gone on by then.</summary>
    public InputRule[] RulesFrom(int offset) => [.. _rules.Select(rule => rule with { Start = rule.Start + (rule.Step * offset) })];

    /// <summary>Drops the rules that step: what all tasks share stays.</summary>
    public void ForgetElementwiseRules()
    {
        _ruleInputs -= _rules.Where(rule => rule.Step != 0).Sum(rule => rule.Count);
        _rules.RemoveAll(rule => rule.Step != 0);
    }

    /// <summary>The next task begins. Returns the end of the last one's inputs among <see cref="Own"/>.</summary>
    public int EndTask() => _rowStart = _own.Count;

    /// <summary>Forgets the tasks' own inputs; rules stay.</summary>
    public void ClearOwn()
    {
        _own.Clear();
        _rowStart = 0;
    }
}
