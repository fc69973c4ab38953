using Weft.Primitives;

namespace Weft.Scheduler.Core.Tests.Tables;

public sealed class ValueChunksTests
{
    private readonly ValueChunks _chunks = new();

    [Fact]
    public void A_chunk_goes_with_the_last_of_its_results_and_its_place_is_used_again()
    {
        var chunk = _chunks.Add(new byte[] { 1, 2, 3 });
        _chunks.Hold(chunk, 2);
        _chunks.Release(chunk);
        Assert.Equal([2, 3], _chunks.Get(chunk, 1, 2).ToArray());
        Assert.Equal(3, _chunks.Bytes);
        _chunks.Release(chunk);
        Assert.Equal(0, _chunks.Bytes);
        Assert.Equal(chunk, _chunks.Add(new byte[5]));
        Assert.Equal(5, _chunks.Bytes);
    }

    [Fact]
    public void A_chunk_of_which_nothing_was_held_is_given_back_at_once()
    {
        var chunk = _chunks.Add(new byte[8]);
        _chunks.Release(chunk, 0);
        Assert.Equal(0, _chunks.Bytes);
    }

    [Fact]
    public void A_chunk_is_not_released_more_often_than_it_was_held()
    {
        var chunk = _chunks.Add(new byte[8]);
        _chunks.Hold(chunk, 1);
        Assert.Throws<InvariantException>(() => _chunks.Release(chunk, 2));
    }
}
