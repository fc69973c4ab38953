namespace Weft.Autoscaler.Core.Tests;

/// <summary>One number of all that was ordered, in its order: equal for equal seeds, or something is not determined by the seed.</summary>
internal sealed class ReplayDigest : Checker
{
    public ulong Value { get; private set; } = 14695981039346656037UL;

    public override void OnAction(AutoscalerAction action)
    {
        var text = action switch
        {
            DrainNodes drain => string.Join(' ', drain.Nodes),
            TerminateNodes terminate => string.Join(' ', terminate.Nodes),
            _ => action.ToString(),
        };
        foreach (var character in text)
        {
            Value = (Value ^ character) * 1099511628211UL;
        }
    }

    public override void AfterTick() => Value = (Value ^ 1) * 1099511628211UL;
}
