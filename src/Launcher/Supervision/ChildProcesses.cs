using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Threading.Channels;

namespace Weft.Launcher;

/// <summary>
/// Starts processes from one thread that lives as long as this object. A child that asked the kernel to be killed with its parent
/// is killed when the <em>thread</em> that started it ends, and threads of the pool do end.
/// </summary>
internal sealed class ChildProcesses : IDisposable
{
    public const int Sigterm = 15;

    /// <summary>Orders to start; never more than there are workers to restart.</summary>
    private readonly Channel<(ProcessStartInfo Info, TaskCompletionSource<Process> Started)> _orders =
        Channel.CreateUnbounded<(ProcessStartInfo, TaskCompletionSource<Process>)>();

    public ChildProcesses() => new Thread(Run) { IsBackground = true, Name = "children" }.Start();

    /// <summary>The child inherits this process's output; its input is a pipe that closes when this process ends, however it ends.</summary>
    /// <exception cref="System.ComponentModel.Win32Exception">The program does not exist or may not be run.</exception>
    public Task<Process> StartAsync(ProcessStartInfo info)
    {
        info.UseShellExecute = false;
        info.RedirectStandardInput = true;
        var started = new TaskCompletionSource<Process>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_orders.Writer.TryWrite((info, started)))
        {
            throw new ObjectDisposedException(nameof(ChildProcesses));
        }

        return started.Task;
    }

    /// <summary>Asks a process to end: SIGTERM, and on systems without signals its input is closed.</summary>
    public static void AskToEnd(Process process)
    {
        if (OperatingSystem.IsWindows())
        {
            process.StandardInput.Close();
        }
        else if (!process.HasExited)
        {
            // The id is not reused while the exited child is not reaped, and a reaped one has HasExited set: at worst nobody is signalled.
            _ = Kill(process.Id, Sigterm);
        }
    }

    /// <summary>Ends a process and all that it started.</summary>
    public static void End(Process process)
    {
        try
        {
            process.Kill(entireProcessTree: true);
        }
        catch (Exception exception) when (exception is InvalidOperationException or AggregateException)
        {
            // It, or a process below it, was gone already.
        }
    }

    public void Dispose() => _orders.Writer.TryComplete();

    [DllImport("libc", EntryPoint = "kill")]
    private static extern int Kill(int processId, int signal);

    private void Run()
    {
        while (_orders.Reader.WaitToReadAsync().AsTask().GetAwaiter().GetResult())
        {
            while (_orders.Reader.TryRead(out var order))
            {
                try
                {
                    order.Started.SetResult(Process.Start(order.Info)!);
                }
                catch (Exception exception)
                {
                    order.Started.SetException(exception);
                }
            }
        }
    }
}
