using System.Text;

namespace Weft.Worker;

/// <summary>Puts what a task writes together to lines. Thread safe: a task may have threads of its own.</summary>
internal sealed class LineBuffer(Action<string> line)
{
    /// <summary>Longer lines are told in pieces.</summary>
    private const int LineCharsMax = 8192;

    private readonly Lock _gate = new();
    private readonly StringBuilder _begun = new();

    public void Add(ReadOnlySpan<char> text)
    {
        lock (_gate)
        {
            while (text.IndexOf('\n') is >= 0 and var end)
            {
                Append(text[..end]);
                Tell();
                text = text[(end + 1)..];
            }

            Append(text);
        }
    }

    /// <summary>The task has ended: what it did not end with a line break is a line all the same.</summary>
    public void Flush()
    {
        lock (_gate)
        {
            if (_begun.Length > 0)
            {
                Tell();
            }
        }
    }

    private void Append(ReadOnlySpan<char> text)
    {
        while (_begun.Length + text.Length > LineCharsMax)
        {
            var piece = LineCharsMax - _begun.Length;
            _begun.Append(text[..piece]);
            Tell();
            text = text[piece..];
        }

        _begun.Append(text);
    }

    private void Tell()
    {
        if (_begun.Length > 0 && _begun[^1] == '\r')
        {
            _begun.Length--;
        }

        line(_begun.ToString());
        _begun.Clear();
    }
}
