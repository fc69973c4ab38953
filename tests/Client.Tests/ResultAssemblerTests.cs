using Google.Protobuf;
using Weft.Primitives;
using V1 = Weft.Protocol.V1;

namespace Weft.Client.Tests;

public sealed class ResultAssemblerTests
{
    private const int Room = 1000;

    private readonly ResultAssembler _assembler = new(static length => length <= Room ? new byte[length] : throw new OutOfMemoryException());
    private byte[] _value = [];

    [Fact]
    public void Chunks_become_results_one_after_the_other()
    {
        Assert.Equal(AssemblyStep.Open, Take(1, 5, 1, 2, 3));
        Assert.Equal(AssemblyStep.Complete, Take(1, 0, 4, 5));
        Assert.Equal([1, 2, 3, 4, 5], _value);
        Assert.Equal(AssemblyStep.Complete, Take(2, 0));
        Assert.Empty(_value);
        Assert.Equal(AssemblyStep.Complete, Take(1, 1, 9));
        Assert.Equal([9], _value);
    }

    [Theory]
    [InlineData(Room + 1)]
    [InlineData((long)int.MaxValue + 1)]
    [InlineData(long.MaxValue)]
    public void A_result_for_which_there_is_no_memory_is_refused_once_and_the_next_one_is_taken(long sizeBytes)
    {
        Assert.Equal(AssemblyStep.NoRoom, Take(1, (ulong)sizeBytes, 1));
        Assert.Equal(AssemblyStep.Open, Take(1, 0, 2));
        Assert.Equal(AssemblyStep.Complete, Take(2, 1, 7));
        Assert.Equal([7], _value);
    }

    [Fact]
    public void A_result_with_more_bytes_than_it_said_is_passed_over_to_its_end()
    {
        Assert.Equal(AssemblyStep.Open, Take(1, 3, 1, 2));
        Assert.Equal(AssemblyStep.Open, Take(1, 0, 3, 4));
        Assert.Equal(AssemblyStep.Open, Take(1, 0));
        Assert.Equal(AssemblyStep.Complete, Take(2, 1, 7));
    }

    private AssemblyStep Take(ulong task, ulong sizeBytes, params byte[] data)
    {
        var step = _assembler.Take(new V1.FetchChunk { Task = task, SizeBytes = sizeBytes, Data = ByteString.CopyFrom(data) }, out var of, out var value);
        Assert.Equal(new TaskId(task), of);
        _value = value.ToArray();
        return step;
    }
}
