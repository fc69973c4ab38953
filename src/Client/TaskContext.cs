using Weft.Client;

namespace Weft;

/// <summary>
/// What a running task may know of itself. A function gets it as a parameter (pass <see cref="FromWorker"/> in Submit) or from
/// <see cref="Current"/>. Thread safe.
/// </summary>
public sealed class TaskContext
{
    private static readonly AsyncLocal<TaskContext?> CurrentContext = new();

    private readonly Func<WeftClient>? _client;
    private readonly IWaitInside? _waitInside;

    private TaskContext(TaskContextValues values)
    {
        Key = values.Key;
        TaskId = values.TaskId;
        Attempt = values.Attempt;
        WorkerName = values.WorkerName;
        CancellationToken = values.CancellationToken;
        _client = values.Client;
        _waitInside = values.WaitInside;
    }

    /// <summary>The task that this code runs in; null outside of tasks. It flows with <c>await</c>.</summary>
    public static TaskContext? Current => CurrentContext.Value;

    /// <summary>To pass in Submit where the function has a parameter of this type: the worker puts the real one in its place.</summary>
    public static TaskContext FromWorker { get; } = new(new TaskContextValues());

    /// <summary>The task's name for people: see <see cref="Future.Key"/>.</summary>
    public string Key { get; }

    /// <summary>The task's id, as logs and status pages show it.</summary>
    public string TaskId { get; }

    /// <summary>Tells the runs of one task apart: a later run has a higher number. Not dense.</summary>
    public long Attempt { get; }

    /// <summary>The worker that runs it.</summary>
    public string WorkerName { get; }

    /// <summary>Cancelled when the task is cancelled, exceeds its run timeout, or the worker is told to stop.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>A client to submit more tasks with from within this one. Waiting for their futures gives up this task's slot meanwhile.</summary>
    /// <exception cref="InvalidOperationException">This context is not of a task that a worker runs.</exception>
    public WeftClient Client => _client?.Invoke() ?? throw new InvalidOperationException("Only a task that a worker runs has a client.");

    /// <summary>For hosts of tasks: makes the context of one run.</summary>
    public static TaskContext Create(TaskContextValues values)
    {
        ArgumentNullException.ThrowIfNull(values);
        return new TaskContext(values);
    }

    /// <summary>For hosts of tasks: makes it <see cref="Current"/> until what is returned is disposed.</summary>
    public IDisposable Enter()
    {
        var before = CurrentContext.Value;
        CurrentContext.Value = this;
        return new Scope(before);
    }

    internal static TaskContext Local(CancellationToken cancellationToken) =>
        new(new TaskContextValues { Key = "local", WorkerName = "local", CancellationToken = cancellationToken });

    internal async Task<T> WaitInsideAsync<T>(Task<T> waitedFor)
    {
        if (_waitInside is null)
        {
            return await waitedFor.ConfigureAwait(false);
        }

        _waitInside.Enter();
        try
        {
            return await waitedFor.ConfigureAwait(false);
        }
        finally
        {
            await _waitInside.ExitAsync().ConfigureAwait(false);
        }
    }

    private sealed class Scope(TaskContext? before) : IDisposable
    {
        public void Dispose() => CurrentContext.Value = before;
    }
}

/// <summary>For hosts of tasks: what a <see cref="TaskContext"/> is made of.</summary>
public sealed record TaskContextValues
{
    /// <summary>See <see cref="TaskContext.Key"/>.</summary>
    public string Key { get; init; } = "";

    /// <summary>See <see cref="TaskContext.TaskId"/>.</summary>
    public string TaskId { get; init; } = "";

    /// <summary>See <see cref="TaskContext.Attempt"/>.</summary>
    public long Attempt { get; init; }

    /// <summary>See <see cref="TaskContext.WorkerName"/>.</summary>
    public string WorkerName { get; init; } = "";

    /// <summary>See <see cref="TaskContext.CancellationToken"/>.</summary>
    public CancellationToken CancellationToken { get; init; }

    /// <summary>Gives the client of <see cref="TaskContext.Client"/>; asked each time.</summary>
    public Func<WeftClient>? Client { get; init; }

    /// <summary>Told when the task waits for a future.</summary>
    public IWaitInside? WaitInside { get; init; }
}

/// <summary>For hosts of tasks: gives up a task's slot while it waits for a future. Waits of one task may overlap.</summary>
public interface IWaitInside
{
    /// <summary>The task begins to wait.</summary>
    void Enter();

    /// <summary>What it waited for is there: completes when the task has a slot again.</summary>
    ValueTask ExitAsync();
}
