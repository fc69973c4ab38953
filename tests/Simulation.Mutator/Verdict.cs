namespace Weft.Simulation.Mutator;

internal enum Verdict
{
    /// <summary>A checker or an invariant noticed.</summary>
    Caught,

    /// <summary>It hung, or took far longer than it should.</summary>
    TimedOut,

    /// <summary>The process died.</summary>
    Crashed,

    /// <summary>Nothing noticed.</summary>
    Survived,
}
