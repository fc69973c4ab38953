namespace Weft.Launcher.Tests;

public sealed class LocalClusterTests
{
    private static CancellationToken Ended => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_program_of_every_user_runs_without_a_set_up()
    {
        await using var client = await WeftClient.StartLocalAsync(cancellationToken: Ended);

        var squares = client.Map(Square, Enumerable.Range(0, 10));
        var negated = client.Map(Negate, squares);
        var total = client.Submit(Sum, negated);

        Assert.Equal(-285, await total);
        Assert.Equal(Enumerable.Range(0, 10).Select(Square), await client.GatherAsync(squares));
    }

    [Fact]
    public async Task There_are_as_many_workers_as_were_asked_for()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 3, SlotsPerWorker = 2 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);

        // A task on each of them is done only when each has joined.
        Assert.Equal(600, (await client.GatherAsync(client.Map(Square, Enumerable.Range(0, 600)))).Length);
        Assert.Equal(3, cluster.Workers);
    }

    [Fact]
    public async Task Folders_that_a_killed_process_left_are_removed_at_the_next_start_and_those_in_use_are_not()
    {
        var left = FolderWithLock(out var ofTheDead);
        var used = FolderWithLock(out var ofTheLiving);
        var another = Directory.CreateTempSubdirectory($"weft-test-{OwnedFolder.Host}-{OwnedFolder.Boot}-");
        try
        {
            // What the kernel does when a process ends.
            ofTheDead.Dispose();

            await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);

            Assert.False(Directory.Exists(left));
            Assert.True(Directory.Exists(used));
            Assert.True(another.Exists);
        }
        finally
        {
            ofTheLiving.Dispose();
            Directory.Delete(used, recursive: true);
            another.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Results_too_large_to_travel_along_come_from_the_worker_that_holds_them()
    {
        await using var client = await WeftClient.StartLocalAsync(new LocalClusterOptions { Workers = 2 }, cancellationToken: Ended);

        var large = client.Map(Repeat, Enumerable.Range(0, 8));
        var lengths = client.Map(Length, large);

        Assert.All(await client.GatherAsync(lengths), static length => Assert.Equal(1 << 20, length));
        Assert.Equal(1 << 20, (await client.GatherAsync(large))[7].Length);
    }

    [Fact]
    public async Task What_a_task_throws_comes_home()
    {
        await using var client = await WeftClient.StartLocalAsync(cancellationToken: Ended);

        var failed = client.Submit(Throw, "on purpose");

        var exception = await Assert.ThrowsAsync<InvalidOperationException>(async () => await failed);
        Assert.Equal("on purpose", exception.Message);
    }

    /// <summary>Behaviour 49. There is one worker: what would end it would end all that comes after.</summary>
    [Fact]
    public async Task Unserializable_results_arguments_exceptions_or_functions_become_task_errors_never_dead_workers()
    {
        await using var cluster = await LocalCluster.StartAsync(new LocalClusterOptions { Workers = 1 }, Ended);
        await using var client = await cluster.ConnectAsync(cancellationToken: Ended);
        var sturdy = client.Submit(Square, 2);

        // A result is refused where it is made, and the task that needs it fails too.
        var unwritable = client.Submit(MakeThread);
        await Assert.ThrowsAsync<TaskSerializationException>(async () => await unwritable);
        await Assert.ThrowsAsync<TaskSerializationException>(async () => await client.Submit(NameOf, unwritable));

        // Arguments and functions are refused at the client, before anything is sent.
        var thread = new Thread(static () => { });
        var argument = Assert.ThrowsAny<Exception>(() => client.Submit(NameOf, thread));
        Assert.Contains(nameof(Thread), argument.Message);
        var function = Assert.ThrowsAny<Exception>(() => client.Submit(IdOf(thread)));
        Assert.Contains(nameof(Thread), function.Message);

        // An exception comes home as far as it can be written.
        var thrown = await Assert.ThrowsAnyAsync<Exception>(async () => await client.Submit(ThrowUnwritable));
        Assert.Contains("with a thread in it", thrown.Message);

        Assert.Equal(4, await sturdy);
        Assert.Equal(9, await client.Submit(Square, 3));
        Assert.Equal(1, cluster.Workers);
    }

    [Fact]
    public async Task Clusters_in_one_process_do_not_know_of_each_other()
    {
        await using var first = await WeftClient.StartLocalAsync(new LocalClusterOptions { Workers = 1 }, cancellationToken: Ended);
        await using (var second = await WeftClient.StartLocalAsync(new LocalClusterOptions { Workers = 1 }, cancellationToken: Ended))
        {
            Assert.Equal(4, await second.Submit(Square, 2));
        }

        Assert.Equal(9, await first.Submit(Square, 3));
    }

    private static int Square(int x) => x * x;

    /// <summary>Captures the thread and nothing else.</summary>
    private static Func<int> IdOf(Thread thread) => () => thread.ManagedThreadId;

    private static int Negate(int x) => -x;

    private static int Sum(int[] values) => values.Sum();

    private static byte[] Repeat(int value)
    {
        var bytes = new byte[1 << 20];
        Array.Fill(bytes, (byte)value);
        return bytes;
    }

    private static int Length(byte[] bytes) => bytes.Length;

    private static int Throw(string message) => throw new InvalidOperationException(message);

    private static Thread MakeThread() => new(static () => { });

    private static string NameOf(Thread thread) => thread.Name ?? "";

    private static int ThrowUnwritable() => throw new ThreadException();

    private sealed class ThreadException() : Exception("with a thread in it")
    {
        public Thread Culprit { get; } = new(static () => { });
    }

    private static string FolderWithLock(out FileStream held)
    {
        var folder = Directory.CreateTempSubdirectory($"weft-test-{OwnedFolder.Host}-{OwnedFolder.Boot}-").FullName;
        Directory.CreateDirectory(Path.Combine(folder, "code"));
        File.WriteAllText(Path.Combine(folder, "code", "blob"), "");
        held = new FileStream(Path.Combine(folder, "owner.lock"), FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0);
        held.WriteByte(1);
        return folder;
    }
}
