namespace Weft.Scheduler.Core;

/// <summary>How much of results lives here. Each assignment says whether its results do, so that no worker has to be told when that changes.</summary>
public sealed partial class SchedulerCore
{
    /// <summary>Results of what is assigned now stay at the workers.</summary>
    private bool _isOverBudget;

    /// <summary>Bytes of values that live here, those included that are held only by others of the same message.</summary>
    public long InlineBytes => _values.Bytes;

    private void LookAtBudget() =>
        _isOverBudget = _values.Bytes > (_isOverBudget ? _options.InlineBudgetBytes / 2 : _options.InlineBudgetBytes);
}
