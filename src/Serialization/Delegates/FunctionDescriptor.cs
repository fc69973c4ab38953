using System.Collections.Immutable;
using System.Text;

namespace Weft.Serialization;

/// <summary>
/// Names a method so that a worker which has the same code finds it. What the method is called on is not part of it: a lambda that is made in a
/// loop is one function. Equal functions have equal bytes.
/// </summary>
public sealed class FunctionDescriptor : IEquatable<FunctionDescriptor>
{
    private const byte Format = 1;

    /// <summary>More generic arguments than any method has.</summary>
    private const int TypeArgumentsMax = 256;

    private readonly Lazy<byte[]> _bytes;

    internal FunctionDescriptor() => _bytes = new Lazy<byte[]>(Write);

    /// <summary>The bundle that holds the code; empty when every worker has it.</summary>
    public required string BundleHash { get; init; }

    /// <summary>The simple name of the method's assembly.</summary>
    public required string Assembly { get; init; }

    /// <summary>The build of the method's module; empty when the method goes by its name.</summary>
    public required Guid Mvid { get; init; }

    /// <summary>The method in that build; 0 when the method goes by its name.</summary>
    public required int Token { get; init; }

    /// <summary>The declaring type's full name when the method goes by its name; else empty.</summary>
    public required string DeclaringType { get; init; }

    /// <summary>The method as <see cref="object.ToString"/> gives it when the method goes by its name; else empty.</summary>
    public required string Signature { get; init; }

    /// <summary>The declaring type's generic arguments, assembly-qualified without versions.</summary>
    public required ImmutableArray<string> TypeArguments { get; init; }

    /// <summary>The method's generic arguments.</summary>
    public required ImmutableArray<string> MethodArguments { get; init; }

    /// <summary>For people: "Square", "lambda in Main".</summary>
    public required string DisplayName { get; init; }

    public required TargetShape Target { get; init; }

    public required ReturnShape Returns { get; init; }

    /// <summary>Whether a call begins with what the function is called on.</summary>
    public bool HasTarget => Target is TargetShape.Instance or TargetShape.FirstArgument;

    /// <summary>The descriptor as it travels. The same array each time: not to be changed.</summary>
    public ReadOnlyMemory<byte> ToBytes() => _bytes.Value;

    /// <exception cref="InvalidDataException">The bytes are not a descriptor.</exception>
    public static FunctionDescriptor FromBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            using var reader = new BinaryReader(new MemoryStream(bytes.ToArray()), Encoding.UTF8);
            return Read(reader);
        }
        catch (Exception error) when (error is IOException or FormatException or ArgumentException)
        {
            throw new InvalidDataException("These bytes do not describe a function: " + error.Message, error);
        }
    }

    public bool Equals(FunctionDescriptor? other) => other is not null && ToBytes().Span.SequenceEqual(other.ToBytes().Span);

    public override bool Equals(object? obj) => Equals(obj as FunctionDescriptor);

    public override int GetHashCode() => HashCode.Combine(Token, Mvid, Signature);

    public override string ToString() => DisplayName;

    private static FunctionDescriptor Read(BinaryReader reader)
    {
        var format = reader.ReadByte();
        if (format != Format)
        {
            throw new InvalidDataException($"A function is described in format {format}; this Weft reads format {Format}.");
        }

        return new FunctionDescriptor
        {
            BundleHash = reader.ReadString(),
            Assembly = reader.ReadString(),
            Mvid = new Guid(reader.ReadBytes(16)),
            Token = reader.ReadInt32(),
            DeclaringType = reader.ReadString(),
            Signature = reader.ReadString(),
            TypeArguments = ReadNames(reader),
            MethodArguments = ReadNames(reader),
            DisplayName = reader.ReadString(),
            Target = (TargetShape)reader.ReadByte(),
            Returns = (ReturnShape)reader.ReadByte(),
        };
    }

    private byte[] Write()
    {
        using var stream = new MemoryStream();
        using (var writer = new BinaryWriter(stream, Encoding.UTF8))
        {
            writer.Write(Format);
            writer.Write(BundleHash);
            writer.Write(Assembly);
            writer.Write(Mvid.ToByteArray());
            writer.Write(Token);
            writer.Write(DeclaringType);
            writer.Write(Signature);
            WriteNames(writer, TypeArguments);
            WriteNames(writer, MethodArguments);
            writer.Write(DisplayName);
            writer.Write((byte)Target);
            writer.Write((byte)Returns);
        }

        return stream.ToArray();
    }

    private static void WriteNames(BinaryWriter writer, ImmutableArray<string> names)
    {
        writer.Write7BitEncodedInt(names.Length);
        foreach (var name in names)
        {
            writer.Write(name);
        }
    }

    private static ImmutableArray<string> ReadNames(BinaryReader reader)
    {
        var count = reader.Read7BitEncodedInt();
        if (count is < 0 or > TypeArgumentsMax)
        {
            throw new InvalidDataException($"A function is described with {count} generic arguments; at most {TypeArgumentsMax} are allowed.");
        }

        var names = ImmutableArray.CreateBuilder<string>(count);
        for (var i = 0; i < count; i++)
        {
            names.Add(reader.ReadString());
        }

        return names.MoveToImmutable();
    }
}
