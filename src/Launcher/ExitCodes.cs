namespace Weft.Launcher;

/// <summary>What the <c>weft</c> command ends with. Scripts rely on the numbers: append only.</summary>
public static class ExitCodes
{
    public const int Ok = 0;

    /// <summary>It was tried and failed.</summary>
    public const int Failure = 1;

    /// <summary>An argument, or a file that an argument names, is wrong.</summary>
    public const int Usage = 2;

    /// <summary>There is no scheduler to be reached.</summary>
    public const int NotReachable = 3;

    /// <summary>The port is taken, or the address is none of this host's.</summary>
    public const int CannotListen = 4;

    /// <summary>The scheduler refuses us, or we refuse it: token, certificate or version.</summary>
    public const int Refused = 5;

    /// <summary>Another scheduler serves this scheduler file, or has taken this one's place.</summary>
    public const int AnotherServes = 6;

    /// <summary>Between a worker process and its supervisor: it ended as it was told to, and another is wanted.</summary>
    public const int RestartWanted = 75;

    /// <summary>Added to the number of the signal that ended a process.</summary>
    public const int SignalBase = 128;
}
