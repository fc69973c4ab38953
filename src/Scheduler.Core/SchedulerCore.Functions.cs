namespace Weft.Scheduler.Core;

/// <summary>What tasks would run.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Adds the functions of all tasks that may run, now or again. Whose result is here is done with it: that cannot be lost.</summary>
    public void AddFunctions(ISet<int> functions)
    {
        foreach (var entry in _submissions)
        {
            if (entry is { IsBroken: false } && entry.Spec.Function != Submission.NoFunction && !functions.Contains(entry.Spec.Function)
                && SlotsOf(entry).Any(slot => !Has(slot, TaskFlags.Inline)))
            {
                functions.Add(entry.Spec.Function);
            }
        }
    }
}
