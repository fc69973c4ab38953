using System.Buffers;
using System.Buffers.Binary;
using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>
/// A range of tasks, or of scattered values, on its way to the scheduler: kept until it is acknowledged, because a
/// broken connection may have swallowed it. While it has not been sent, submissions that ask alike join it.
/// </summary>
public sealed class SubmissionEntry
{
    /// <summary>What a message costs besides its columns.</summary>
    private const int OverheadBytes = 64;

    /// <summary>An entry that has grown this far is joined no more: the scheduler should start while the client goes on submitting.</summary>
    private const int TaskCountMax = 64 * 1024;
    private const int ColumnBytesMax = 1024 * 1024;

    private readonly ByteColumnBuilder _arguments = new();
    private readonly ArrayBufferWriter<byte> _inputs = new();
    private readonly ArrayBufferWriter<byte> _inputEnds = new();

    private SubmissionEntry(TaskId first, FunctionDefinition? function, SubmissionOptions options)
    {
        First = first;
        Function = function;
        Options = options;
    }

    public TaskId First { get; }

    public int Count { get; private set; }

    public TaskRun Tasks => new(First, Count);

    /// <summary>Null for scattered values, which nobody has to run.</summary>
    public FunctionDefinition? Function { get; }

    public SubmissionOptions Options { get; }

    /// <summary>The stem of the keys that people see.</summary>
    public string KeyStem { get; private init; } = "";

    public ReadOnlyMemory<byte> SharedArguments { get; private init; }

    public ReadOnlyMemory<InputRule> InputRules { get; private init; }

    /// <summary>Arguments of each task, or the scattered values.</summary>
    public ByteColumnBuilder Column => _arguments;

    /// <summary>64-bit ids, little endian, as on the wire.</summary>
    public ReadOnlyMemory<byte> Inputs => _inputs.WrittenMemory;

    /// <summary>32-bit ends, little endian, as on the wire.</summary>
    public ReadOnlyMemory<byte> InputEnds => _inputEnds.WrittenMemory;

    public long Bytes => OverheadBytes + SharedArguments.Length + _arguments.Data.Length + _arguments.Ends.Length
        + _inputs.WrittenCount + _inputEnds.WrittenCount + (InputRules.Length * 4L * sizeof(long));

    /// <summary>Of scattered values: how many workers are to hold each.</summary>
    public int Holders { get; private init; }

    public static SubmissionEntry Scatter(TaskId first, ByteColumn values, int holders)
    {
        var entry = new SubmissionEntry(first, function: null, SubmissionOptions.Default) { Count = values.Count, Holders = holders };
        entry.AppendColumn(values);
        return entry;
    }

    public static SubmissionEntry Of(TaskId first, TaskSubmission submission)
    {
        var entry = new SubmissionEntry(first, submission.Function, submission.Options)
        {
            KeyStem = KeyStemOf(submission),
            SharedArguments = submission.SharedArguments,
            InputRules = submission.InputRules,
        };
        entry.Append(submission);
        return entry;
    }

    /// <summary>Whether the tasks can go into this range as its next ones: one function, options and key, arguments and inputs in columns on both sides.</summary>
    public bool CanTake(TaskSubmission submission) =>
        ReferenceEquals(Function, submission.Function)
        && SharedArguments.IsEmpty
        && submission.SharedArguments.IsEmpty
        && InputRules.IsEmpty
        && submission.InputRules.IsEmpty
        && (_inputEnds.WrittenCount > 0) == HasOwnInputs(submission)
        && _arguments.Count > 0
        && submission.Arguments.Count > 0
        && Count + (long)submission.Count <= TaskCountMax
        && Bytes + submission.Arguments.Bytes.Length <= ColumnBytesMax
        && (ReferenceEquals(Options, submission.Options) || Options.Equals(submission.Options))
        && KeyStem == KeyStemOf(submission);

    public void Append(TaskSubmission submission)
    {
        Count += submission.Count;
        AppendColumn(submission.Arguments);
        if (HasOwnInputs(submission))
        {
            AppendInputs(submission);
        }
    }

    private static string KeyStemOf(TaskSubmission submission) => submission.Key ?? submission.Function.Name;

    private static bool HasOwnInputs(TaskSubmission submission) => !submission.Inputs.IsEmpty || !submission.InputEnds.IsEmpty;

    private void AppendColumn(ByteColumn column)
    {
        for (var index = 0; index < column.Count; index++)
        {
            _arguments.Add(column.Span(index));
        }
    }

    private void AppendInputs(TaskSubmission submission)
    {
        var before = _inputs.WrittenCount / sizeof(ulong);
        foreach (var input in submission.Inputs.Span)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_inputs.GetSpan(sizeof(ulong)), input.Value);
            _inputs.Advance(sizeof(ulong));
        }

        if (submission.InputEnds.IsEmpty)
        {
            AppendInputEnd(before + submission.Inputs.Length);
            return;
        }

        foreach (var end in submission.InputEnds.Span)
        {
            AppendInputEnd(before + end);
        }
    }

    private void AppendInputEnd(int end)
    {
        BinaryPrimitives.WriteInt32LittleEndian(_inputEnds.GetSpan(sizeof(uint)), end);
        _inputEnds.Advance(sizeof(uint));
    }
}
