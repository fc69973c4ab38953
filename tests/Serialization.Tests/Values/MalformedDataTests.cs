using System.Collections.Immutable;
using System.Text;

namespace Weft.Serialization.Tests.Values;

/// <summary>Whatever the bytes, reading ends with a value or with <see cref="ValueSerializationException"/>, soon and without taking much memory.</summary>
public sealed class MalformedDataTests
{
    private const int FlipsPerSample = 400;

    public static TheoryData<int> SampleIndexes => [.. Enumerable.Range(0, Samples.Count)];

    private static IReadOnlyList<object> Samples { get; } =
    [
        new Sample(), new[] { 1.5, 2.5, 3.5 }, new object[] { 1, "text", 2.5, null!, new byte[] { 1 }, Guid.NewGuid(), 5L, DateTime.UtcNow, DateTime.Now, "\uD800" },
        new Dictionary<string, List<int>> { ["a"] = [1, 2], ["b"] = [] }, new HashSet<string>(StringComparer.OrdinalIgnoreCase) { "a", "b" },
        new[,] { { 1, 2 }, { 3, 4 } }, new bool[] { true, false }, (1, "x", 3L, DateTimeOffset.Now, TimeOnly.MaxValue, DateOnly.MaxValue, 1.5m, 'c', new Uri("http://a/")),
        new InvalidOperationException("message", new ArgumentException("inner", "name")) { Data = { ["k"] = 1 } }, ImmutableList.Create(1, 2), new Stack<object>([1, "a"]),
        new System.Collections.BitArray(12), new PriorityQueue<string, int>([("a", 1), ("b", 2)]), Encoding.UTF8, new System.Text.RegularExpressions.Regex("a+"),
        (Int128.MaxValue, System.Numerics.BigInteger.Pow(3, 100), new Version(1, 2), typeof(List<int>), System.Net.IPAddress.IPv6Loopback), new Sample?[] { new(), null },
    ];

    [Theory]
    [MemberData(nameof(SampleIndexes))]
    public void Every_truncation_is_refused(int index)
    {
        object sample = Samples[index];
        byte[] data = RoundTrip.Bytes(sample);
        for (int length = 0; length < data.Length; length++)
        {
            Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<object>(data.AsSpan(0, length)));
            Skip(data.AsSpan(0, length));
        }

        Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<object>([.. data, 0]));
    }

    [Theory]
    [MemberData(nameof(SampleIndexes))]
    public void Flipped_bytes_give_a_value_or_a_refusal_and_no_large_allocation(int index)
    {
        object sample = Samples[index];
        byte[] data = RoundTrip.Bytes(sample);
        Random random = new(index);
        for (int i = 0; i < FlipsPerSample; i++)
        {
            byte[] damaged = (byte[])data.Clone();
            for (int flips = random.Next(1, 4); flips > 0; flips--)
            {
                damaged[random.Next(damaged.Length)] = (byte)random.Next(256);
            }

            long before = GC.GetAllocatedBytesForCurrentThread();
            Attempt(() => ValueSerializer.Default.Read<object>(damaged), damaged);
            Attempt(() => ValueSerializer.Default.Read(sample.GetType(), damaged), damaged);
            Skip(damaged);
            // Resolving a type's name may load reflection data; nothing a few bytes say may take more.
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4_000_000);
        }
    }

    [Fact]
    public void Random_bytes_are_read_as_anything_without_harm()
    {
        Random random = new(1);
        Type[] types = [typeof(object), typeof(Sample), typeof(int[]), typeof(List<string>), typeof(Dictionary<int, object>), typeof(decimal), typeof(Exception), typeof(Guid?)];
        for (int i = 0; i < 3000; i++)
        {
            byte[] data = new byte[random.Next(1, 40)];
            random.NextBytes(data);
            Attempt(() => ValueSerializer.Default.Read(types[i % types.Length], data), data);
        }
    }

    [Theory]
    [InlineData(new byte[] { 0xDD, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xDD, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xDF, 0x40, 0, 0, 0 })]
    [InlineData(new byte[] { 0xC6, 0xFF, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xDB, 0x7F, 0xFF, 0xFF, 0xFF })]
    [InlineData(new byte[] { 0xC9, 0x7F, 0xFF, 0xFF, 0xFF, 0x10 })]
    public void Length_beyond_the_data_allocates_nothing(byte[] data)
    {
        foreach (Type type in new[] { typeof(object), typeof(int[]), typeof(object[]), typeof(List<long>), typeof(string), typeof(Dictionary<string, int>), typeof(byte[,]) })
        {
            Attempt(() => ValueSerializer.Default.Read(type, [0]), data);
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read(type, data));
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 100_000);
        }
    }

    [Fact]
    public void Reserved_byte_is_no_value() =>
        Assert.Contains("0xC1", Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<object>([0xC1])).Message, StringComparison.Ordinal);

    private static void Attempt(Action read, byte[] data)
    {
        Exception? failure = Record.Exception(read);
        Assert.True(failure is null or ValueSerializationException, $"{Convert.ToHexString(data)}: {failure}");
    }

    private static void Skip(ReadOnlySpan<byte> data)
    {
        ValueReader reader = new(data, ValueSerializer.Default);
        try
        {
            reader.Skip();
        }
        catch (ValueSerializationException)
        {
            Assert.True(reader.Position <= data.Length);
        }
    }

    public sealed class Sample
    {
        public string Name { get; init; } = "sample";

        public int? Count { get; init; } = 70_000;

        public List<object> Parts { get; init; } = [new List<int> { 1 }, 2.5, DayOfWeek.Friday];

        public Sample? Next { get; init; }

        public int[] Numbers { get; init; } = [1, 2, 3];
    }
}
