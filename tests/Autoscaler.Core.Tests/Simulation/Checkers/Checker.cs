namespace Weft.Autoscaler.Core.Tests;

/// <summary>Watches one property.</summary>
internal abstract class Checker
{
    /// <summary>Before it is carried out.</summary>
    public virtual void OnAction(AutoscalerAction action)
    {
    }

    /// <summary>There has been nothing to do for long, and the end is about to be ordered.</summary>
    public virtual void WhenAtRest()
    {
    }

    public virtual void AfterTick()
    {
    }
}
