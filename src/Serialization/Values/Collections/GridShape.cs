using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>An array of several dimensions, or one that does not start at zero: lower bounds and lengths of each, then the elements, last index fastest.</summary>
internal sealed class GridShape<T>(ValueSerializer serializer, Type type) : Shape(type)
{
    private readonly Elements<T> _elements = ElementsFactory.For<T>(serializer);

    public override void Write(ref ValueWriter writer, object value)
    {
        Array grid = (Array)value;
        writer.WriteArrayHeader(2);
        writer.WriteArrayHeader(grid.Rank * 2);
        for (int i = 0; i < grid.Rank; i++)
        {
            writer.WriteInt64(grid.GetLowerBound(i));
            writer.WriteInt64(grid.GetLength(i));
        }

        _elements.Write(ref writer, ElementsOf(grid));
    }

    public override object Read(ref ValueReader reader, int number)
    {
        int rank = Type.GetArrayRank();
        int[] lowerBounds = new int[rank];
        int[] lengths = new int[rank];
        reader.ReadArrayHeader(2);
        reader.ReadArrayHeader(rank * 2);
        for (int i = 0; i < rank; i++)
        {
            lowerBounds[i] = reader.ReadInt32();
            lengths[i] = reader.ReadInt32();
        }

        ElementsHead head = _elements.ReadHead(ref reader);
        if (!Matches(lengths, head.Count))
        {
            ValueSerializationException.Malformed($"the lengths {string.Join('x', lengths)} do not make {head.Count} elements");
        }

        Array grid = Array.CreateInstanceFromArrayType(Type, lengths, lowerBounds);
        reader.References.Set(number, grid);
        _elements.Fill(ref reader, head, ElementsOf(grid));
        return grid;
    }

    private static bool Matches(int[] lengths, int count)
    {
        Int128 product = 1;
        foreach (int length in lengths)
        {
            // Of up to 32 lengths one may be zero, so the product is cut off rather than compared half way.
            product = length < 0 ? -1 : Int128.Min(product * length, (Int128)long.MaxValue);
            if (product < 0)
            {
                return false;
            }
        }

        return product == count;
    }

    private static Span<T> ElementsOf(Array grid) =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(grid)), grid.Length);
}
