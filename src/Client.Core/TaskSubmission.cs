using Weft.Primitives;

namespace Weft.Client.Core;

/// <summary>A range of tasks as it was asked for: one function, one set of options, arguments and inputs in columns.</summary>
public sealed record TaskSubmission(FunctionDefinition Function, SubmissionOptions Options, int Count)
{
    /// <summary>A name within the session: submitted again, an equal definition joins the tasks and another one is refused. Null: none.</summary>
    public string? Key { get; init; }

    /// <summary>One entry for all tasks; then <see cref="Arguments"/> is empty.</summary>
    public ReadOnlyMemory<byte> SharedArguments { get; init; }

    /// <summary>An entry for each task.</summary>
    public ByteColumn Arguments { get; init; }

    public ReadOnlyMemory<InputRule> InputRules { get; init; }

    /// <summary>Inputs besides those by rule, of all tasks end to end.</summary>
    public ReadOnlyMemory<TaskId> Inputs { get; init; }

    /// <summary>For each task the number of <see cref="Inputs"/> up to and with its own; may be empty for a single task, which has them all.</summary>
    public ReadOnlyMemory<int> InputEnds { get; init; }

    /// <summary>Whether another submission asks for the very same work.</summary>
    public bool HasSameDefinition(TaskSubmission other) =>
        ReferenceEquals(Function, other.Function)
        && Options.Equals(other.Options)
        && Count == other.Count
        && SharedArguments.Span.SequenceEqual(other.SharedArguments.Span)
        && HasSameArguments(other.Arguments)
        && InputRules.Span.SequenceEqual(other.InputRules.Span)
        && Inputs.Span.SequenceEqual(other.Inputs.Span)
        && InputEnds.Span.SequenceEqual(other.InputEnds.Span);

    private bool HasSameArguments(ByteColumn other)
    {
        if (Arguments.Count != other.Count)
        {
            return false;
        }

        for (var index = 0; index < other.Count; index++)
        {
            if (!Arguments.Span(index).SequenceEqual(other.Span(index)))
            {
                return false;
            }
        }

        return true;
    }
}
