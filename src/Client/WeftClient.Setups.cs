using Weft.Client;
using Weft.Client.Core;
using Weft.Protocol;
using Weft.Serialization;

namespace Weft;

public sealed partial class WeftClient
{
    private static readonly TimeSpan WorkerCheckInterval = TimeSpan.FromSeconds(1);

    /// <summary>One registration at a time: a failure is that of the setup that is being registered.</summary>
    private readonly SemaphoreSlim _registering = new(1, 1);

    /// <inheritdoc cref="RegisterWorkerSetupAsync(Func{Task}, CancellationToken)"/>
    public Task RegisterWorkerSetupAsync(Action setup, CancellationToken cancellationToken = default) => RegisterAsync(setup, cancellationToken);

    /// <summary>
    /// Has a function run once on every worker: on those that are there now, and on each that joins later before it runs any task of this client. For what a
    /// process needs before tasks can run in it: settings, connections, loaded models. It holds until the client is disposed.
    /// </summary>
    /// <param name="setup">
    /// Runs on a thread of its own, after the setups registered before it. It may capture values of up to 64 KiB together, and no futures. A worker that
    /// lost its connection comes back as a new one and runs it again. On an embedded cluster it runs once for each worker, all in this process.
    /// </param>
    /// <param name="cancellationToken">Cancels the waiting, and withdraws the setup.</param>
    /// <returns>
    /// Completes when all present workers have run it and have had a slot free to say so. Fails with the exception that it threw on one of them, and is
    /// withdrawn then; tasks of this client that meet it meanwhile on that worker fail with the same exception. A later worker on which it fails
    /// leaves the cluster and says why. Tasks that are submitted from within tasks do not wait for it.
    /// </returns>
    /// <exception cref="InvalidOperationException">The client has 64 setups already.</exception>
    /// <exception cref="ArgumentException">It captured a future, or more than 64 KiB.</exception>
    public Task RegisterWorkerSetupAsync(Func<Task> setup, CancellationToken cancellationToken = default) => RegisterAsync(setup, cancellationToken);

    private async Task RegisterAsync(Delegate setup, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(setup);
        ThrowIfDisposed();
        var definition = Define(setup);
        await _registering.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (!Session.TryRegister(definition, Limits.SetupsMax))
            {
                throw new InvalidOperationException($"This client has {Limits.SetupsMax} worker setups, which is as many as there may be; do more in one of them.");
            }

            await PassAllWorkersAsync(cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            Session.Withdraw(definition);
            throw;
        }
        finally
        {
            _registering.Release();
        }
    }

    private SetupDefinition Define(Delegate setup)
    {
        var known = _functions.Describe(setup);
        var inputs = new InputCollector(this);
        var call = Encode(new CallEncoder(known.Shipped, Serializer, inputs), [], inputs);
        if (inputs.Own.Count > 0)
        {
            throw new ArgumentException($"The worker setup {known.Definition.Name} captured a future, which only tasks can; gather its result and capture that.", nameof(setup));
        }

        return call.Length <= Limits.ArgumentBytesMax
            ? new SetupDefinition(known.Definition, call)
            : throw new ArgumentException(
                $"The worker setup {known.Definition.Name} captured {call.Length} bytes; allowed are {Limits.ArgumentBytesMax}. Ship large data as a file: see {nameof(WeftClientOptions.ContentPaths)}.", nameof(setup));
    }

    /// <summary>
    /// A task on each worker, which waits there for the setups. When all are done, workers that came meanwhile are asked too: one may have joined just
    /// before the scheduler heard of the setup.
    /// </summary>
    private async Task PassAllWorkersAsync(CancellationToken cancellationToken)
    {
        var passed = new HashSet<string>();
        while (true)
        {
            var workers = (await GetInfoAsync(cancellationToken).ConfigureAwait(false)).Workers.Select(static worker => worker.Name).Where(passed.Add).ToArray();
            if (workers.Length == 0)
            {
                return;
            }

            await Task.WhenAll(workers.Select(worker => PassAsync(worker, cancellationToken))).ConfigureAwait(false);
        }
    }

    private async Task PassAsync(string worker, CancellationToken cancellationToken)
    {
        using var probe = Submit(WorkerSetups.AreDone, new TaskOptions { AllowedWorkers = [worker], Priority = int.MaxValue, Cancellation = cancellationToken });
        var passed = probe.AsTask();
        while (await Task.WhenAny(passed, Task.Delay(WorkerCheckInterval, Options.Time, cancellationToken)).ConfigureAwait(false) != passed)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if ((await GetInfoAsync(cancellationToken).ConfigureAwait(false)).Workers.All(each => each.Name != worker))
            {
                // It is gone, and what takes its place runs the setup when it joins.
                return;
            }
        }

        await passed.ConfigureAwait(false);
    }
}
