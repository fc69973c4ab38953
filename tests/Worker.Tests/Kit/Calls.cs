using System.Buffers;
using Google.Protobuf;
using Weft.Primitives;
using Weft.Serialization;
using V1 = Weft.Protocol.V1;

namespace Weft.Worker.Tests.Kit;

/// <summary>Orders as a scheduler writes them, for functions of this very assembly.</summary>
internal static class Calls
{
    private static readonly FunctionDescriber Describer = new(LocalCode.Instance);

    public static V1.Function Function(uint number, Delegate function) => new()
    {
        Number = number,
        Descriptor_ = ByteString.CopyFrom(Describer.Describe(function).Descriptor.ToBytes().Span),
        Name = function.Method.Name,
    };

    /// <summary>A range with one argument for each task.</summary>
    public static V1.Assignment Map<T>(ulong first, uint function, Delegate of, params T[] arguments)
    {
        var column = new Column();
        new CallEncoder(Describer.Describe(of), ValueSerializer.Default).EncodeRange(arguments, ref column);
        return new V1.Assignment
        {
            First = first,
            Count = (uint)arguments.Length,
            Attempt = 1,
            Function = function,
            Arguments = ByteString.CopyFrom(column.Built.Data.Span),
            ArgumentEnds = ByteString.CopyFrom(column.Built.Ends.Span),
        };
    }

    /// <summary>A range whose tasks take all of their inputs as arguments, in order.</summary>
    public static V1.Assignment OfInputs(ulong first, uint count, uint function, Delegate of, params V1.InputRun[] inputs)
    {
        var bytes = new ArrayBufferWriter<byte>();
        var arguments = (int)inputs.Sum(run => run.Count);
        var call = new CallEncoder(Describer.Describe(of), ValueSerializer.Default).Begin(bytes, arguments);
        for (var input = 0; input < arguments; input++)
        {
            call.Input(input);
        }

        call.Complete();
        var assignment = new V1.Assignment
        {
            First = first,
            Count = count,
            Attempt = 1,
            Function = function,
            SharedArguments = ByteString.CopyFrom(bytes.WrittenSpan),
        };
        assignment.InputRuns.AddRange(inputs);
        return assignment;
    }

    public static V1.Assignment NoArguments(ulong first, uint count, uint function, Delegate of) => OfInputs(first, count, function, of);

    public static V1.InputRun Elementwise(ulong start) => new() { Start = start, Count = 1, Step = 1 };

    public static V1.Values Values<T>(ulong first, params T[] values)
    {
        var column = new ByteColumnBuilder();
        foreach (var value in values)
        {
            ValueSerializer.Default.Write(column.Writer, value);
            column.EndEntry();
        }

        return new V1.Values
        {
            First = first,
            Count = (uint)values.Length,
            Data = ByteString.CopyFrom(column.Data.Span),
            Ends = ByteString.CopyFrom(column.Ends.Span),
        };
    }

    public static T Read<T>(byte[] value) => ValueSerializer.Default.Read<T>(value);

    private sealed class Column : IArgumentColumn
    {
        public ByteColumnBuilder Built { get; } = new();

        public IBufferWriter<byte> Writer => Built.Writer;

        public void EndEntry() => Built.EndEntry();
    }
}
