using System.Collections;
using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Weft.Serialization;

/// <summary>Chooses how objects of exactly a type are written.</summary>
internal static class ShapeFactory
{
    private const string FSharpListName = "Microsoft.FSharp.Collections.FSharpList`1";

    private static readonly Dictionary<Type, Shape> Leaves = new Shape[]
    {
        new UriShape(), new VersionShape(), new CultureInfoShape(), new StringBuilderShape(), new RegexShape(), new EncodingShape(), new TimeZoneInfoShape(),
        new TypeShape(), new StringComparerShape(), new IPAddressShape(), new BitArrayShape(), new LockShape(), new DBNullShape(),
        new JsonDocumentShape(), new JsonNodeShape(typeof(JsonNode)), new JsonNodeShape(typeof(JsonObject)), new JsonNodeShape(typeof(JsonArray)),
        new JsonNodeShape(typeof(JsonValue)),
    }.ToDictionary(shape => shape.Type);

    private static readonly Dictionary<Type, Type> OwnForms = new()
    {
        [typeof(List<>)] = typeof(ListShape<>),
        [typeof(LinkedList<>)] = typeof(LinkedListShape<>),
        [typeof(Queue<>)] = typeof(QueueShape<>),
        [typeof(Stack<>)] = typeof(StackShape<>),
        [typeof(PriorityQueue<,>)] = typeof(PriorityQueueShape<,>),
        [typeof(HashSet<>)] = typeof(HashSetShape<>),
        [typeof(SortedSet<>)] = typeof(SortedSetShape<>),
        [typeof(FrozenSet<>)] = typeof(FrozenSetShape<>),
        [typeof(Dictionary<,>)] = typeof(PlainDictionaryShape<,>),
        [typeof(OrderedDictionary<,>)] = typeof(OrderedDictionaryShape<,>),
        [typeof(SortedDictionary<,>)] = typeof(SortedDictionaryShape<,>),
        [typeof(SortedList<,>)] = typeof(SortedListShape<,>),
        [typeof(FrozenDictionary<,>)] = typeof(FrozenDictionaryShape<,>),
        [typeof(ConcurrentDictionary<,>)] = typeof(ConcurrentDictionaryShape<,>),
        [typeof(ConcurrentQueue<>)] = typeof(ConcurrentQueueShape<>),
        [typeof(ConcurrentStack<>)] = typeof(ConcurrentStackShape<>),
        [typeof(ConcurrentBag<>)] = typeof(ConcurrentBagShape<>),
        [typeof(ImmutableList<>)] = typeof(ImmutableListShape<>),
        [typeof(ImmutableQueue<>)] = typeof(ImmutableQueueShape<>),
        [typeof(ImmutableStack<>)] = typeof(ImmutableStackShape<>),
        [typeof(ImmutableHashSet<>)] = typeof(ImmutableHashSetShape<>),
        [typeof(ImmutableSortedSet<>)] = typeof(ImmutableSortedSetShape<>),
        [typeof(ImmutableDictionary<,>)] = typeof(ImmutableDictionaryShape<,>),
        [typeof(ImmutableSortedDictionary<,>)] = typeof(ImmutableSortedDictionaryShape<,>),
        [typeof(IGrouping<,>)] = typeof(GroupingShape<,>),
        [typeof(ILookup<,>)] = typeof(LookupShape<,>),
        [typeof(Lazy<>)] = typeof(LazyShape<>),
    };

    /// <summary>Public classes whose instances are of hidden classes: the public one is what travels.</summary>
    private static readonly Type[] Faces =
    [
        typeof(Type), typeof(StringComparer), typeof(CultureInfo), typeof(Regex), typeof(IPAddress), typeof(Encoding),
        typeof(JsonObject), typeof(JsonArray), typeof(JsonValue),
    ];

    public static Shape Create(ValueSerializer serializer, Type type)
    {
        if (serializer.TryGetRegistered(type, out ValueCodec? codec) && !type.IsValueType)
        {
            return new CustomShape(type, codec);
        }

        if (type.IsValueType || type == typeof(string))
        {
            return new BoxedShape(serializer.CodecFor(type));
        }

        if (type.IsArray)
        {
            Type element = type.GetElementType()!;
            _ = serializer.CodecFor(element);
            return type.IsSZArray ? Make(typeof(ArrayShape<>), [element], serializer) : Make(typeof(GridShape<>), [element], serializer, type);
        }

        return Known(serializer, FaceOf(type)) ?? ByFields(serializer, type);
    }

    private static Shape? Known(ValueSerializer serializer, Type type)
    {
        if (Leaves.TryGetValue(type, out Shape? leaf))
        {
            return leaf;
        }

        if (type.IsGenericType && OwnForms.TryGetValue(type.GetGenericTypeDefinition(), out Type? definition))
        {
            return Make(definition, type.GenericTypeArguments, serializer);
        }

        if (type.IsGenericType && type.GetGenericTypeDefinition().FullName == FSharpListName)
        {
            return Make(typeof(FSharpListShape<,>), [type, type.GenericTypeArguments[0]], serializer);
        }

        return LazySequenceOf(type) is { } element ? Make(typeof(MaterializedShape<>), [element], serializer) : null;
    }

    private static Shape ByFields(ValueSerializer serializer, Type type)
    {
        if (Refusals.ReasonFor(type) is { } reason)
        {
            return new RefusingShape(type, reason);
        }

        if (typeof(Exception).IsAssignableFrom(type))
        {
            return Make(typeof(ExceptionShape<>), [type], serializer);
        }

        if (type.IsAbstract || type.IsInterface)
        {
            return new RefusingShape(type, "it is abstract, so the data must name a class");
        }

        return HashedBaseOf(type) is { } hashed
            ? Make(typeof(DerivedShape<,>), [type, hashed], serializer)
            : Make(typeof(ObjectShape<>), [type], serializer);
    }

    /// <summary>The type that stands for a hidden class in data; usually the type itself.</summary>
    private static Type FaceOf(Type type)
    {
        foreach (Type face in Faces)
        {
            if (face.IsAssignableFrom(type))
            {
                return face;
            }
        }

        if (type.Namespace == "System.Linq" && type.GetInterfaces().FirstOrDefault(face => IsOf(face, typeof(IGrouping<,>)) || IsOf(face, typeof(ILookup<,>))) is { } grouped)
        {
            return grouped;
        }

        for (Type? level = type.BaseType; level is not null; level = level.BaseType)
        {
            if (level.IsGenericType && level.GetGenericTypeDefinition() is { } definition
                && (definition == typeof(FrozenDictionary<,>) || definition == typeof(FrozenSet<>)))
            {
                return level;
            }
        }

        return type;
    }

    /// <summary>A collection under this class that is hashed, and whose fields would thus be this process's own hash codes.</summary>
    private static Type? HashedBaseOf(Type type)
    {
        for (Type? level = type.BaseType; level is not null; level = level.BaseType)
        {
            if (level.IsGenericType && level.GetGenericTypeDefinition() is { } definition
                && (definition == typeof(Dictionary<,>) || definition == typeof(HashSet<>) || definition == typeof(ConcurrentDictionary<,>)))
            {
                return level;
            }
        }

        return null;
    }

    /// <summary>The element type of an iterator or a query; null for everything else.</summary>
    private static Type? LazySequenceOf(Type type)
    {
        bool isQuery = type.Assembly == typeof(Enumerable).Assembly && type.Namespace == "System.Linq" && !type.IsVisible;
        bool isIterator = type.Name.StartsWith('<') && type.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && typeof(IEnumerator).IsAssignableFrom(type);
        return isQuery || isIterator
            ? type.GetInterfaces().FirstOrDefault(face => IsOf(face, typeof(IEnumerable<>)))?.GenericTypeArguments[0]
            : null;
    }

    private static bool IsOf(Type type, Type definition) => type.IsGenericType && type.GetGenericTypeDefinition() == definition;

    private static Shape Make(Type definition, Type[] arguments, params object[] parameters) =>
        (Shape)Activator.CreateInstance(definition.MakeGenericType(arguments), parameters)!;
}
