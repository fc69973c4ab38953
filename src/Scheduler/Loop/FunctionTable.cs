using Google.Protobuf;

namespace Weft.Scheduler;

/// <summary>
/// Functions by the scheduler's own numbers. Clients number theirs per session; equal ones of all sessions are one here, so that a
/// worker is sent each only once and what is known of its duration serves every client. Thread safe: readers add, the loop looks up.
/// </summary>
internal sealed class FunctionTable
{
    private readonly Lock _lock = new();
    private readonly List<Entry> _functions = [new Entry(ByteString.Empty, "", "")];
    private readonly Dictionary<(ByteString Descriptor, string Bundle), int> _numbers = [];

    public int Add(ByteString descriptor, string name, string bundle)
    {
        lock (_lock)
        {
            if (!_numbers.TryGetValue((descriptor, bundle), out var number))
            {
                number = _functions.Count;
                _functions.Add(new Entry(descriptor, name, bundle));
                _numbers.Add((descriptor, bundle), number);
            }

            return number;
        }
    }

    public Entry this[int number]
    {
        get
        {
            lock (_lock)
            {
                return _functions[number];
            }
        }
    }

    internal readonly record struct Entry(ByteString Descriptor, string Name, string Bundle);
}
