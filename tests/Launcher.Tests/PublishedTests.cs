namespace Weft.Launcher.Tests;

/// <summary>Named results on an embedded cluster, from client to client.</summary>
public sealed class PublishedTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Published_results_are_there_for_another_client_after_the_first_has_gone()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 2 }, Ended);
        await using (var publisher = await cluster.ConnectAsync(cancellationToken: Ended))
        {
            await publisher.PublishAsync("squares", publisher.Map(Square, Enumerable.Range(0, 100)), cancellationToken: Ended);
            await publisher.PublishAsync("large", publisher.Submit(Large, 100_000), cancellationToken: Ended);
        }

        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        var squares = await client.GetPublishedAsync<int>("squares", Ended);
        var large = await client.GetPublishedAsync<byte[]>("large", Ended);

        Assert.Equal(Enumerable.Range(0, 100).Select(Square), await client.GatherAsync(squares, Ended));
        Assert.Equal(328_350, await client.Submit(Sum, squares));
        Assert.Equal(-81, await client.Map(Negate, squares)[9]);
        Assert.Equal(100_000, (await large[0]).Length);
        Assert.Equal(100_000, await client.Submit(LengthOf, large[0]));
        Assert.Equal(
            [new PublishedName("large", "System.Byte[], System.Private.CoreLib", 1), new PublishedName("squares", "System.Int32, System.Private.CoreLib", 100)],
            await client.ListPublishedAsync(Ended));
    }

    [Fact]
    public async Task What_was_got_by_a_name_stays_when_the_name_is_taken_back()
    {
        await using var client = await WeftClient.StartLocalAsync(cancellationToken: Ended);
        using (var square = client.Submit(Square, 7))
        {
            await client.PublishAsync("square", square, cancellationToken: Ended);
        }

        var got = await client.GetPublishedAsync<int>("square", Ended);
        await client.UnpublishAsync("square", Ended);

        Assert.Equal(49, await got[0]);
        Assert.Empty(await client.ListPublishedAsync(Ended));
    }

    [Fact]
    public async Task A_name_in_use_an_unknown_name_and_another_type_are_refused_by_errors_that_name_them()
    {
        await using var client = await WeftClient.StartLocalAsync(cancellationToken: Ended);
        await client.PublishAsync("taken", client.Submit(Square, 1), cancellationToken: Ended);

        var inUse = await Assert.ThrowsAsync<NameInUseException>(() => client.PublishAsync("taken", client.Submit(Square, 2), cancellationToken: Ended));
        var unknown = await Assert.ThrowsAsync<NameNotPublishedException>(() => client.GetPublishedAsync<int>("nobody's", Ended));
        var otherType = await Assert.ThrowsAsync<InvalidOperationException>(() => client.GetPublishedAsync<string>("taken", Ended));
        await Assert.ThrowsAsync<NameNotPublishedException>(() => client.UnpublishAsync("nobody's", Ended));
        await Assert.ThrowsAsync<ArgumentException>(() => client.GetPublishedAsync<int>(new string('x', 201), Ended));

        Assert.Equal("taken", inUse.Name);
        Assert.Contains("'nobody's'", unknown.Message, StringComparison.Ordinal);
        Assert.Contains("System.Int32", otherType.Message, StringComparison.Ordinal);
        Assert.Contains("System.String", otherType.Message, StringComparison.Ordinal);

        await client.PublishAsync("taken", client.Submit(Square, 2), overwrite: true, Ended);
        Assert.Equal(4, await (await client.GetPublishedAsync<int>("taken", Ended))[0]);
    }

    private static int Square(int x) => x * x;

    private static int Negate(int x) => -x;

    private static int Sum(int[] xs) => xs.Sum();

    private static byte[] Large(int length) => new byte[length];

    private static int LengthOf(byte[] bytes) => bytes.Length;
}
