using Weft.Client;
using Weft.Client.Core;
using Weft.Grpc;
using Weft.Primitives;
using Weft.Protocol;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft;

public sealed partial class WeftClient
{
    /// <inheritdoc cref="PublishAsync{T}(string, IEnumerable{Future{T}}, bool, CancellationToken)"/>
    /// <param name="name">How it is asked for later: 1 to 200 characters.</param>
    /// <param name="future">A future of this client, ended or not.</param>
    /// <param name="overwrite">A name that means other results means this one from now on; those are let go of.</param>
    /// <param name="cancellationToken">Ends the waiting; it may be published all the same.</param>
    public Task PublishAsync<T>(string name, Future<T> future, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(future);
        return PublishAsync(name, [future], overwrite, cancellationToken);
    }

    /// <summary>
    /// Gives results a name for the whole cluster. They outlive this client, and a restart of a scheduler that keeps a journal, until they are unpublished.
    /// What has not ended goes on, whether or not this client stays.
    /// </summary>
    /// <typeparam name="T">The type of each result: what they are asked for as.</typeparam>
    /// <param name="name">How they are asked for later: 1 to 200 characters.</param>
    /// <param name="futures">Futures of this client, ended or not, at least one.</param>
    /// <param name="overwrite">A name that means other results means these from now on; those are let go of.</param>
    /// <param name="cancellationToken">Ends the waiting; they may be published all the same.</param>
    /// <returns>Completes when the scheduler will not forget it.</returns>
    /// <exception cref="NameInUseException">The name means other results, and <paramref name="overwrite"/> is false.</exception>
    /// <exception cref="ArgumentException">The name is empty or too long; there is no future; or one was submitted with another client.</exception>
    /// <exception cref="InvalidOperationException">There are 10,000 names already, or one of the futures was let go of.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached, or the futures' session is gone.</exception>
    public async Task PublishAsync<T>(string name, IEnumerable<Future<T>> futures, bool overwrite = false, CancellationToken cancellationToken = default)
    {
        RequireName(name);
        ArgumentNullException.ThrowIfNull(futures);
        ThrowIfDisposed();
        var kept = futures as IReadOnlyCollection<Future<T>> ?? [.. futures];
        if (kept.Count is 0 or > Limits.RequestTasksMax)
        {
            throw new ArgumentException($"{kept.Count} results cannot be published as '{name}'; allowed are 1 to {Limits.RequestTasksMax}.", nameof(futures));
        }

        var request = new V1.PublishRequest { Name = name, Type = ValueSerializer.NameOf(typeof(T)), Overwrite = overwrite };
        request.Runs.Add(await KnownRunsAsync(kept, cancellationToken).ConfigureAwait(false));
        await AskAsync(name, WeftServices.ControlPublish, request, cancellationToken).ConfigureAwait(false);
        GC.KeepAlive(kept);
    }

    /// <summary>Gets results that were published, by this client or another, as futures of this one: to be awaited, gathered, or consumed by tasks.</summary>
    /// <typeparam name="T">The type of each result, the same as they were published with.</typeparam>
    /// <param name="name">Their name.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <returns>
    /// The futures in the order in which they were published. They need not have ended, and keep the results alive even when they are unpublished
    /// meanwhile. Nothing is copied. Cancelling one does not cancel the task behind it.
    /// </returns>
    /// <exception cref="NameNotPublishedException">Nothing is published by this name.</exception>
    /// <exception cref="InvalidOperationException">They were published as another type; the message names both.</exception>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached.</exception>
    public async Task<FutureList<T>> GetPublishedAsync<T>(string name, CancellationToken cancellationToken = default)
    {
        RequireName(name);
        ThrowIfDisposed();
        var published = await AskAsync(name, WeftServices.ControlGetPublished, new V1.NameRequest { Name = name }, cancellationToken).ConfigureAwait(false);
        var asked = ValueSerializer.NameOf(typeof(T));
        if (published.Type != asked)
        {
            throw new InvalidOperationException($"The results published as '{name}' are of the type {published.Type}, and were asked for as {asked}.");
        }

        var accepted = new AcceptedRuns(Session);
        try
        {
            await AdoptAsync(published, accepted, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            accepted.Release();
            throw;
        }

        var range = new FutureRange(accepted.Hold(), new FutureSource(name));
        return new FutureList<T>(new FutureListPart(this, range, 0, range.Count));
    }

    /// <summary>Takes a name back. Its results are let go of, unless futures still hold them.</summary>
    /// <param name="name">The name.</param>
    /// <param name="cancellationToken">Ends the waiting; it may be taken back all the same.</param>
    /// <exception cref="NameNotPublishedException">Nothing is published by this name.</exception>
    /// <exception cref="ArgumentException">The name is empty or too long.</exception>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached.</exception>
    public async Task UnpublishAsync(string name, CancellationToken cancellationToken = default)
    {
        RequireName(name);
        ThrowIfDisposed();
        await AskAsync(name, WeftServices.ControlUnpublish, new V1.NameRequest { Name = name }, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>What is published on the cluster, by whichever client, in the order of the names.</summary>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="SchedulerLostException">The scheduler cannot be reached.</exception>
    public async Task<IReadOnlyList<PublishedName>> ListPublishedAsync(CancellationToken cancellationToken = default)
    {
        ThrowIfDisposed();
        var list = await AskAsync("", WeftServices.ControlListPublished, new V1.ListRequest(), cancellationToken).ConfigureAwait(false);
        return [.. list.Results.Select(static each => new PublishedName(each.Name, each.Type, each.Runs.Sum(static run => (int)run.Count)))];
    }

    /// <summary>Makes tasks of this session that stand for the published ones. When it completes they hold the results, whoever takes the name back.</summary>
    private async Task AdoptAsync(V1.NamedResults published, AcceptedRuns accepted, CancellationToken cancellationToken)
    {
        foreach (var run in published.Runs)
        {
            await Session.WaitForRoomAsync(cancellationToken).ConfigureAwait(false);
            accepted.Add(Session.Submit(AliasOf(new TaskId(run.First), (int)run.Count)));
        }

        foreach (var (generation, tasks) in accepted.Runs)
        {
            await Session.WaitUntilKnownAsync(generation, tasks, cancellationToken).ConfigureAwait(false);
        }
    }

    private static TaskSubmission AliasOf(TaskId first, int count) => new(FunctionDefinition.Alias, SubmissionOptions.Default, count)
    {
        InputRules = new[] { new InputRule(first, Count: 1, Step: 1, Stride: 0) },
    };

    /// <summary>What a request names these futures by, when the scheduler knows of all of them.</summary>
    private async Task<IReadOnlyList<V1.Run>> KnownRunsAsync(IEnumerable<Future> futures, CancellationToken cancellationToken)
    {
        var runs = new List<V1.Run>();
        foreach (var (hold, tasks, _) in TaskSegment.Of(futures, this))
        {
            await Session.WaitUntilKnownAsync(hold.Generation, tasks, cancellationToken).ConfigureAwait(false);
            runs.AddRange(RunMapping.Split(tasks).Select(static run => run.ToMessage()));
        }

        return runs;
    }

    private static void RequireName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        if (name.Length is 0 or > Limits.PublishedNameCharsMax)
        {
            throw new ArgumentException($"A name of {name.Length} characters; allowed are 1 to {Limits.PublishedNameCharsMax}.", nameof(name));
        }
    }

    private async Task<TResponse> AskAsync<TRequest, TResponse>(string name, Method<TRequest, TResponse> method, TRequest request, CancellationToken cancellationToken)
        where TRequest : class, Google.Protobuf.IMessage<TRequest>
        where TResponse : class, Google.Protobuf.IMessage<TResponse>
    {
        try
        {
            return await Inside(_calls.CallAsync(method, request, cancellationToken)).ConfigureAwait(false);
        }
        catch (RpcException refused)
        {
            throw refused.StatusCode switch
            {
                StatusCode.AlreadyExists => new NameInUseException(name, refused.Status.Detail, refused),
                StatusCode.NotFound => new NameNotPublishedException(name, refused.Status.Detail, refused),
                _ => new InvalidOperationException(refused.Status.Detail, refused),
            };
        }
    }
}
