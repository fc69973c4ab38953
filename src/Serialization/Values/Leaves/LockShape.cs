namespace Weft.Serialization;

/// <summary>A lock guards an object, it is no part of its value: a fresh one, which nobody holds, takes its place.</summary>
internal sealed class LockShape : LeafShape<Lock>
{
    public override bool IsTracked => true;

    protected override void Write(ref ValueWriter writer, Lock value) => writer.WriteArrayHeader(0);

    protected override Lock Read(ref ValueReader reader)
    {
        reader.ReadArrayHeader(0);
        return new Lock();
    }
}
