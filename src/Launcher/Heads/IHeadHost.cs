using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>The machine that a cluster's head runs on, as whoever looks after the cluster reaches it. Calls may overlap.</summary>
internal interface IHeadHost : IAsyncDisposable
{
    /// <summary>For people: <c>this machine</c>, <c>hpc@10.0.0.1</c>.</summary>
    string Name { get; }

    /// <summary>It is the machine that this process runs on.</summary>
    bool IsThisMachine { get; }

    /// <summary>Runs a script by <c>/bin/sh</c> to its end.</summary>
    /// <param name="script">What the shell runs.</param>
    /// <param name="input">What the script reads; null: nothing.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <exception cref="ProviderException">The host could not be reached.</exception>
    Task<CommandResult> RunAsync(string script, string? input, CancellationToken cancellation);

    /// <summary>Starts a script by <c>/bin/sh</c>, to be disposed.</summary>
    /// <exception cref="ProviderException">The host could not be reached.</exception>
    Task<RunningScript> StartAsync(string script, CancellationToken cancellation);

    /// <summary>Runs a script with this process's own input, output and errors.</summary>
    /// <param name="script">What the shell runs; null: a shell for a person.</param>
    /// <param name="withTerminal">Give it a terminal.</param>
    /// <param name="cancellation">Ends it.</param>
    /// <returns>Its exit code.</returns>
    Task<int> RunHereAsync(string? script, bool withTerminal, CancellationToken cancellation);

    /// <summary>Copies from here to the head; the target's folder is made.</summary>
    Task CopyToAsync(NodeFile file, CancellationToken cancellation);

    /// <summary>Copies from the head to here: <see cref="NodeFile.Source"/> is a path there.</summary>
    Task CopyFromAsync(NodeFile file, CancellationToken cancellation);

    /// <summary>Has a port of this machine's loopback lead to a port that the head can reach. It does until it is disposed; when the way there breaks it comes again.</summary>
    /// <param name="host">As the head knows it.</param>
    /// <param name="port">There.</param>
    /// <param name="localPort">Here; zero: any free one.</param>
    /// <param name="cancellation">Gives up.</param>
    Task<PortForward> ForwardAsync(string host, int port, int localPort, CancellationToken cancellation);
}
