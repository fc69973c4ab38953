using System.Text;

namespace Weft.Worker;

/// <summary>
/// Stands in for the process's console: everything goes to the real one, and lines that tasks write go to whoever follows the logs too. Installed
/// once for a process; code that is no task's is not affected.
/// </summary>
internal sealed class TaskConsole : TextWriter
{
    private static readonly Lock Installing = new();
    private static bool _isInstalled;

    private readonly TextWriter _console;
    private readonly bool _isError;

    private TaskConsole(TextWriter console, bool isError)
    {
        _console = console;
        _isError = isError;
    }

    public override Encoding Encoding => _console.Encoding;

    public static void Install()
    {
        lock (Installing)
        {
            if (!_isInstalled)
            {
                _isInstalled = true;
                Console.SetOut(new TaskConsole(Console.Out, isError: false));
                Console.SetError(new TaskConsole(Console.Error, isError: true));
            }
        }
    }

    public override void Write(char value)
    {
        _console.Write(value);
        TaskScope.Current?.Lines(_isError).Add([value]);
    }

    public override void Write(string? value)
    {
        _console.Write(value);
        TaskScope.Current?.Lines(_isError).Add(value);
    }

    public override void Write(char[] buffer, int index, int count)
    {
        _console.Write(buffer, index, count);
        TaskScope.Current?.Lines(_isError).Add(buffer.AsSpan(index, count));
    }

    public override void Write(ReadOnlySpan<char> buffer)
    {
        _console.Write(buffer);
        TaskScope.Current?.Lines(_isError).Add(buffer);
    }

    public override void WriteLine(string? value)
    {
        _console.WriteLine(value);
        if (TaskScope.Current?.Lines(_isError) is { } lines)
        {
            lines.Add(value);
            lines.Add("\n");
        }
    }

    public override void Flush() => _console.Flush();
}
