namespace Weft.Client.Core;

/// <summary>Phase and open requests of one task in a byte, so that a million of them are a megabyte and runs are found by vector instructions.</summary>
internal readonly record struct FutureState(byte Value)
{
    private const int PhaseBits = 3;
    private const int PhaseMask = (1 << PhaseBits) - 1;

    public FutureState(FuturePhase phase, FutureFlags flags = FutureFlags.None)
        : this((byte)((byte)phase | ((byte)flags << PhaseBits)))
    {
    }

    public FuturePhase Phase => (FuturePhase)(Value & PhaseMask);

    public FutureFlags Flags => (FutureFlags)(Value >> PhaseBits);

    public bool Has(FutureFlags flag) => (Flags & flag) != 0;

    public FutureState With(FutureFlags flag) => new(Phase, Flags | flag);

    public FutureState Without(FutureFlags flag) => new(Phase, Flags & ~flag);
}
