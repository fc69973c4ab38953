namespace Weft.Serialization;

/// <summary>There is one, and code compares with it by reference.</summary>
internal sealed class DBNullShape : LeafShape<DBNull>
{
    protected override void Write(ref ValueWriter writer, DBNull value) => writer.WriteNil();

    protected override DBNull Read(ref ValueReader reader)
    {
        reader.ReadNil();
        return DBNull.Value;
    }
}
