using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace Weft.Serialization;

/// <summary>
/// Turns values into MessagePack and back. Thread safe; codecs are made at first use of a type and kept, so a serializer should live long.
/// Objects are written by their fields, private ones included, and come back without their constructors being run; both sides must have the same code.
/// </summary>
public sealed class ValueSerializer
{
    /// <summary>No code is ever generated: what a runtime without dynamic code gets.</summary>
    internal const int UsesWithoutCode = int.MaxValue;

    /// <summary>Generating code costs as much as writing an object some hundred times by reflection.</summary>
    private const int UsesBeforeCodeDefault = 64;

    private readonly Lock _gate = new();
    private readonly Dictionary<Type, ValueCodec> _registered = [];
    private readonly List<Func<Type, ValueCodec?>> _factories = [];
    private readonly TypeLookup _lookup;
    private CodecCache _cache = new();

    public ValueSerializer()
        : this(RuntimeFeature.IsDynamicCodeCompiled ? UsesBeforeCodeDefault : UsesWithoutCode)
    {
    }

    internal ValueSerializer(int usesBeforeCode)
    {
        UsesBeforeCode = usesBeforeCode;
        _lookup = new TypeLookup(this);
    }

    /// <summary>A serializer for all who need no codecs of their own.</summary>
    public static ValueSerializer Default { get; } = new();

    /// <summary>
    /// Finds the type whose name, qualified by its assembly's simple name, stands in polymorphic data; null refuses it. Without one, the loaded assemblies
    /// are searched, then loaded by name. Set it before the first read.
    /// </summary>
    public Func<string, Type?>? TypeResolver { get; set; }

    /// <summary>How often a type is written or read by reflection before code is generated for it.</summary>
    internal int UsesBeforeCode { get; }

    internal TypeNames Names { get; } = new();

    /// <summary>The name of a type as data bears it: with its namespace, and with the simple name of its assembly, so that versions do not matter.</summary>
    /// <exception cref="ValueSerializationException">It is not a complete type.</exception>
    public static string NameOf(Type type) => TypeNames.Of(type);

    /// <summary>Has values of exactly this type written and read by this codec, in place of any built-in way.</summary>
    public void Register<T>(ValueCodec<T> codec)
    {
        ArgumentNullException.ThrowIfNull(codec);
        lock (_gate)
        {
            _registered[typeof(T)] = codec;
            _cache = new CodecCache();
        }
    }

    /// <summary>
    /// Adds a source of codecs that is asked when a type is first met (the latest added first), before the built-in ways; it returns null for types it does not mean.
    /// A codec for a value type must be a <see cref="ValueCodec{T}"/> of that type; one for a class may be of a base class.
    /// </summary>
    public void RegisterFactory(Func<Type, ValueCodec?> factory)
    {
        ArgumentNullException.ThrowIfNull(factory);
        lock (_gate)
        {
            _factories.Insert(0, factory);
            _cache = new CodecCache();
        }
    }

    /// <summary>The codec for slots declared as T.</summary>
    public ValueCodec<T> CodecFor<T>()
    {
        CodecCache cache = _cache;
        ValueCodec?[] codecs = cache.BySlot;
        int slot = TypeSlot<T>.Index;
        return (uint)slot < (uint)codecs.Length && codecs[slot] is { } codec ? Unsafe.As<ValueCodec<T>>(codec) : FillSlot<T>(cache, slot);
    }

    /// <summary>The codec for slots declared as the given type.</summary>
    public ValueCodec CodecFor(Type type)
    {
        ArgumentNullException.ThrowIfNull(type);
        return CodecFor(_cache, type);
    }

    /// <exception cref="ValueSerializationException">The value, or a part of it, cannot be written; the message names the member.</exception>
    public void Write<T>(IBufferWriter<byte> output, T value, object? context = null)
    {
        ValueWriter writer = new(output, this, context);
        try
        {
            writer.WriteValue(CodecFor<T>(), value);
        }
        catch (ValueSerializationException exception) when (exception.Within(TypeNames.DisplayShort(value?.GetType() ?? typeof(T))))
        {
            throw;
        }

        writer.Flush();
    }

    /// <inheritdoc cref="Write{T}"/>
    /// <remarks>Preferred over the generic method, which a call with a type and a value would also fit: as a type with a context.</remarks>
    [OverloadResolutionPriority(1)]
    public void Write(IBufferWriter<byte> output, Type type, object? value, object? context = null)
    {
        ValueWriter writer = new(output, this, context);
        try
        {
            writer.WriteValue(type, value);
        }
        catch (ValueSerializationException exception) when (exception.Within(TypeNames.DisplayShort(value?.GetType() ?? type)))
        {
            throw;
        }

        writer.Flush();
    }

    /// <exception cref="ValueSerializationException">The data is not one value of this type.</exception>
    public T Read<T>(ReadOnlySpan<byte> data, object? context = null)
    {
        ValueReader reader = new(data, this, context);
        T value = reader.ReadValue<T>();
        RequireEnd(reader.Remaining);
        return value;
    }

    /// <inheritdoc cref="Read{T}"/>
    public object? Read(Type type, ReadOnlySpan<byte> data, object? context = null)
    {
        ValueReader reader = new(data, this, context);
        object? value = reader.ReadValue(type);
        RequireEnd(reader.Remaining);
        return value;
    }

    internal Shape ShapeFor(Type type)
    {
        CodecCache cache = _cache;
        return cache.Shapes.TryGetValue(type, out Shape? shape) ? shape : cache.Shapes.GetOrAdd(type, ShapeFactory.Create(this, type));
    }

    internal Shape ShapeNamed(ReadOnlySpan<byte> utf8Name) => _lookup.ShapeNamed(_cache, utf8Name);

    internal Type TypeNamed(ReadOnlySpan<byte> utf8Name) => _lookup.Resolve(TypeLookup.StringOf(utf8Name));

    /// <summary>The codec that someone registered for this type, or that code declares for it, if any.</summary>
    internal bool TryGetRegistered(Type type, [NotNullWhen(true)] out ValueCodec? codec)
    {
        Func<Type, ValueCodec?>[] factories;
        lock (_gate)
        {
            if (_registered.TryGetValue(type, out codec))
            {
                return true;
            }

            factories = [.. _factories];
        }

        foreach (Func<Type, ValueCodec?> factory in factories)
        {
            codec = factory(type);
            if (codec is not null)
            {
                bool fits = type.IsValueType ? codec.Type == type : codec.Type.IsAssignableFrom(type);
                return fits ? true : throw new InvalidOperationException(
                    $"A codec factory returned {TypeNames.Display(codec.GetType())}, a codec of {TypeNames.Display(codec.Type)}, for {TypeNames.Display(type)}.");
            }
        }

        codec = DeclaredCodecs.Find(type);
        return codec is not null;
    }

    private ValueCodec CodecFor(CodecCache cache, Type type) =>
        cache.Codecs.TryGetValue(type, out ValueCodec? codec) ? codec : cache.Codecs.GetOrAdd(type, CodecFactory.Create(this, type));

    private ValueCodec<T> FillSlot<T>(CodecCache cache, int slot)
    {
        ValueCodec<T> codec = (ValueCodec<T>)CodecFor(cache, typeof(T));
        cache.Fill(slot, codec);
        return codec;
    }

    private static void RequireEnd(ReadOnlySpan<byte> rest)
    {
        if (!rest.IsEmpty)
        {
            ValueSerializationException.Malformed($"{rest.Length} bytes follow the value");
        }
    }
}
