using System.Security.Cryptography;
using Weft.Grpc;
using Weft.Worker.Tests.Kit;

namespace Weft.Worker.Tests.Code;

/// <summary>How code comes to a worker, and what becomes of it when that breaks.</summary>
public sealed class BlobCacheTests : IDisposable
{
    private static readonly byte[] Blob = [1, 2, 3];
    private static readonly string Name = Convert.ToHexStringLower(SHA256.HashData(Blob));

    private readonly string _folder = Directory.CreateTempSubdirectory("weft-blobs-").FullName;
    private readonly FakeScheduler _scheduler = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_download_that_breaks_on_its_way_is_tried_again()
    {
        _scheduler.Blobs[Name] = Blob;
        _scheduler.BrokenDownloads = 2;

        Assert.Equal(Blob, await File.ReadAllBytesAsync(await GetAsync()));
        Assert.Equal([Name], Directory.EnumerateFiles(_folder).Select(Path.GetFileName));
    }

    [Fact]
    public async Task One_that_breaks_again_and_again_is_given_up()
    {
        _scheduler.Blobs[Name] = Blob;
        _scheduler.BrokenDownloads = 1000;

        await Assert.ThrowsAsync<RpcException>(GetAsync);
        Assert.Equal(3, _scheduler.BlobsServed);
        Assert.Empty(Directory.EnumerateFiles(_folder));
    }

    [Fact]
    public async Task What_the_scheduler_does_not_have_is_not_asked_for_again()
    {
        Assert.Equal(StatusCode.NotFound, (await Assert.ThrowsAsync<RpcException>(GetAsync)).StatusCode);
        Assert.Equal(1, _scheduler.BlobsServed);
    }

    private async Task<string> GetAsync()
    {
        using var link = _scheduler.Link();
        return await new BlobCache(_folder).GetAsync(Name, link.Invoker, TestContext.Current.CancellationToken);
    }
}
