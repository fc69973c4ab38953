using Weft.Primitives;

namespace Weft.Primitives.Tests;

public sealed class ByteColumnTests
{
    private static readonly byte[][] Entries = [[1, 2], [], [3], [4, 5, 6]];

    [Fact]
    public void Entries_come_back_as_they_were_added()
    {
        var column = Build();
        Assert.Equal(Entries.Length, column.Count);
        Assert.Equal(Entries, Enumerable.Range(0, column.Count).Select(i => column[i].ToArray()));
        Assert.Equal([1, 2, 3, 4, 5, 6], column.Bytes.ToArray());
        Assert.True(column.IsWellFormed(Entries.Length));
    }

    [Fact]
    public void A_slice_sees_its_own_entries_and_travels_with_ends_from_zero()
    {
        var slice = Build().Slice(2, 2);
        Assert.Equal([[3], [4, 5, 6]], Enumerable.Range(0, 2).Select(i => slice[i].ToArray()));
        Assert.True(slice.IsWellFormed(2));

        var sent = new ByteColumn(slice.Bytes, slice.EndsFromZero());
        Assert.Equal([[3], [4, 5, 6]], Enumerable.Range(0, 2).Select(i => sent[i].ToArray()));
    }

    [Fact]
    public void A_slice_of_a_slice_sees_the_same_entries()
    {
        var slice = Build().Slice(1, 3).Slice(1, 2);
        Assert.Equal([3], slice.Span(0).ToArray());
        Assert.Equal([4, 5, 6], slice.Span(1).ToArray());
        Assert.Equal(3, slice.LengthOf(1));
    }

    [Fact]
    public void An_empty_column_has_no_entries_and_no_bytes()
    {
        Assert.Equal(0, ByteColumn.Empty.Count);
        Assert.Equal(0, ByteColumn.Empty.Bytes.Length);
        Assert.True(ByteColumn.Empty.IsWellFormed(0));
    }

    [Theory]
    [InlineData(new uint[] { 2, 1 }, 2)]
    [InlineData(new uint[] { 1, 4 }, 2)]
    [InlineData(new uint[] { 1, uint.MaxValue }, 2)]
    [InlineData(new uint[] { 1, 3 }, 3)]
    public void Ends_that_fall_lead_beyond_the_data_or_are_too_few_are_not_well_formed(uint[] ends, int expected)
    {
        var words = new byte[ends.Length * sizeof(uint)];
        Buffer.BlockCopy(ends, 0, words, 0, words.Length);
        Assert.False(new ByteColumn(new byte[3], words).IsWellFormed(expected));
    }

    private static ByteColumn Build()
    {
        var builder = new ByteColumnBuilder(bytesExpected: 1, entriesExpected: 1);
        foreach (var entry in Entries)
        {
            builder.Add(entry);
        }

        return builder.Build();
    }
}
