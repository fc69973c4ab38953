using System.Diagnostics;
using System.Text.Json;

namespace Weft.Serialization.Tests.Values;

/// <summary>The format as python3-msgpack understands it. One process serves all values of a test, as lines of hexadecimal digits.</summary>
[Trait("Category", "System")]
public sealed class PythonInteropTests
{
    /// <summary>Prints each value as JSON; what JSON lacks is put as text with a prefix.</summary>
    private const string UnpackScript = """
        import sys, json, msgpack
        def plain(v):
            if isinstance(v, bytes): return 'bytes:' + v.hex()
            if isinstance(v, msgpack.Timestamp): return 'time:%d.%09d' % (v.seconds, v.nanoseconds)
            if isinstance(v, msgpack.ExtType): return 'ext:%d:%s' % (v.code, v.data.hex())
            if isinstance(v, list): return [plain(x) for x in v]
            if isinstance(v, dict): return {str(k): plain(x) for k, x in v.items()}
            if isinstance(v, float): return 'float:' + v.hex()
            return v
        for line in sys.stdin:
            print(json.dumps(plain(msgpack.unpackb(bytes.fromhex(line), strict_map_key=False))))
        """;

    /// <summary>Evaluates each line and prints the packed value.</summary>
    private const string PackScript = """
        import sys, msgpack
        from msgpack import ExtType, Timestamp
        for line in sys.stdin:
            print(msgpack.packb(eval(line)).hex())
        """;

    [Fact]
    public async Task Python_reads_what_we_write()
    {
        (object? Value, string Json)[] cases =
        [
            (null, "null"), (true, "true"), (false, "false"),
            .. Boundaries().Select(value => ((object?)value, value.ToString(System.Globalization.CultureInfo.InvariantCulture))),
            (ulong.MaxValue, "18446744073709551615"), (1.5, "\"float:0x1.8000000000000p+0\""), (0.1f, "\"float:0x1.99999a0000000p-4\""), (double.PositiveInfinity, "\"float:inf\""),
            .. Lengths().Select(length => ((object?)new string('x', length), JsonSerializer.Serialize(new string('x', length)))),
            ("größer 漢字 😀", JsonSerializer.Serialize("größer 漢字 😀")),
            .. Lengths().Select(length => ((object?)new byte[length], $"\"bytes:{new string('0', length * 2)}\"")),
            .. Lengths().Select(length => ((object?)Enumerable.Repeat<object>(true, length).ToArray(), JsonSerializer.Serialize(Enumerable.Repeat(true, length)))),
            (new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc), "\"time:1795262400.000000000\""),
            (new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc).AddTicks(1), "\"time:1795262400.000000100\""),
            (DateTime.SpecifyKind(DateTime.MinValue, DateTimeKind.Utc), "\"time:-62135596800.000000000\""),
            (new DateTime(2600, 1, 1, 0, 0, 0, DateTimeKind.Utc).AddTicks(7), "\"time:19880899200.000000700\""),
        ];
        byte[][] written = [.. cases.Select(item => AsItsType(item.Value))];

        string[] seen = await RunPythonAsync(UnpackScript, written.Select(Convert.ToHexString));

        Assert.Equal(cases.Length, seen.Length);
        Assert.All(cases.Zip(seen), pair => AssertSameJson(pair.First.Json, pair.Second));
    }

    [Fact]
    public async Task Python_reads_records_lists_and_dictionaries()
    {
        byte[][] written =
        [
            RoundTrip.Bytes(new ObjectTests.Person("Ada", 36, new(1, 2))),
            RoundTrip.Bytes(new List<string> { "a", "b" }),
            RoundTrip.Bytes(Enumerable.Range(0, 20).ToDictionary(i => $"k{i:00}", i => i)),
            RoundTrip.Bytes((1, "x", true, (int?)null)),
            RoundTrip.Bytes(Guid.Parse("00112233-4455-6677-8899-aabbccddeeff")),
            RoundTrip.Bytes(new Dictionary<int, List<int?>> { [1] = [1, null] }),
        ];
        string[] seen = await RunPythonAsync(UnpackScript, written.Select(Convert.ToHexString));

        AssertSameJson("""["Ada", 36, [1, 2]]""", seen[0]);
        AssertSameJson("""["a", "b"]""", seen[1]);
        AssertSameJson(JsonSerializer.Serialize(Enumerable.Range(0, 20).ToDictionary(i => $"k{i:00}", i => i)), seen[2]);
        AssertSameJson("""[1, "x", true, null]""", seen[3]);
        AssertSameJson("\"bytes:00112233445566778899aabbccddeeff\"", seen[4]);
        AssertSameJson("""{"1": [1, null]}""", seen[5]);
    }

    [Fact]
    public async Task Python_reads_extensions_of_every_size()
    {
        int[] sizes = [0, 1, 2, 3, 4, 5, 8, 9, 16, 17, 255, 256, 65535, 65536];
        string[] seen = await RunPythonAsync(UnpackScript, sizes.Select(size =>
        {
            System.Buffers.ArrayBufferWriter<byte> output = new();
            ValueWriter writer = new(output, ValueSerializer.Default);
            writer.WriteExtension(100, new byte[size]);
            writer.Flush();
            return Convert.ToHexString(output.WrittenSpan);
        }));
        Assert.Equal(sizes.Select(size => $"\"ext:100:{new string('0', size * 2)}\""), seen);
    }

    [Fact]
    public async Task We_read_what_python_writes()
    {
        (string Python, object? Value)[] cases =
        [
            ("None", null), ("True", true), ("False", false), ("1.5", 1.5), ("float('inf')", double.PositiveInfinity),
            .. Boundaries().Select(value => ($"{value}", value == (int)value ? (object)(int)value : value)),
            ("2**64-1", ulong.MaxValue), ("2**63", 1UL << 63),
            .. Lengths().Select(length => ($"'é' * {length}", (object)new string('é', length))),
            .. Lengths().Select(length => ($"b'a' * {length}", (object)System.Text.Encoding.ASCII.GetBytes(new string('a', length)))),
            .. Lengths().Select(length => ($"[7] * {length}", (object)Enumerable.Repeat<object>(7, length).ToArray())),
            ("{'a': [1, None], 2: 'b'}", new Dictionary<object, object?> { ["a"] = new object?[] { 1, null }, [2] = "b" }),
            ("Timestamp(1795262400, 100)", new DateTime(2026, 11, 21, 12, 0, 0, DateTimeKind.Utc).AddTicks(1)),
            ("Timestamp(-1, 0)", DateTime.UnixEpoch.AddSeconds(-1)), ("Timestamp(2**34, 0)", DateTime.UnixEpoch.AddSeconds(1L << 34)),
        ];
        string[] packed = await RunPythonAsync(PackScript, cases.Select(item => item.Python));

        Assert.All(cases.Zip(packed), pair => Assert.Equal(pair.First.Value, ValueSerializer.Default.Read<object>(Convert.FromHexString(pair.Second))));
    }

    [Fact]
    public async Task We_read_what_python_writes_as_declared_types()
    {
        string[] packed = await RunPythonAsync(
            PackScript,
            ["[1, 2, 3]", "[1, 2.5]", "{'a': 1}", "['Ada', 36, [1, 2]]", "[[1, 'x'], [2, 'y']]", "{i: i*i for i in range(70000)}", "'1.10'", "[3, 1, 2]", "ExtType(5, b'abc')"]);
        T Read<T>(int i) => ValueSerializer.Default.Read<T>(Convert.FromHexString(packed[i]));

        Assert.Equal([1, 2, 3], Read<int[]>(0));
        Assert.Equal([1, 2.5], Read<List<double>>(1));
        Assert.Equal(1, Read<Dictionary<string, long>>(2)["a"]);
        Assert.Equal(new ObjectTests.Person("Ada", 36, new(1, 2)), Read<ObjectTests.Person>(3));
        Assert.Equal([(1, "x"), (2, "y")], Read<(int, string)[]>(4));
        Assert.Equal(69_999L * 69_999, Read<Dictionary<int, long>>(5)[69_999]);
        Assert.Equal(1.10m, Read<decimal>(6));
        Assert.Equal([1, 2, 3], Read<SortedSet<int>>(7));
        ValueReader reader = new(Convert.FromHexString(packed[8]), ValueSerializer.Default);
        Assert.True(reader.TryReadExtension(out sbyte code, out ReadOnlySpan<byte> payload));
        Assert.Equal(5, code);
        Assert.Equal("abc"u8, payload);
    }

    private static byte[] AsItsType(object? value)
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        ValueSerializer.Default.Write(output, value?.GetType() ?? typeof(object), value);
        return output.WrittenSpan.ToArray();
    }

    /// <summary>The last value of each integer form and the first of the next.</summary>
    private static long[] Boundaries() =>
    [
        0, 127, 128, 255, 256, 65535, 65536, uint.MaxValue, uint.MaxValue + 1L, long.MaxValue, -1, -32, -33, -128, -129, -32768, -32769, int.MinValue, int.MinValue - 1L, long.MinValue,
    ];

    private static int[] Lengths() => [0, 1, 15, 16, 31, 32, 255, 256, 65535, 65536];

    private static void AssertSameJson(string expected, string actual) =>
        Assert.True(JsonElement.DeepEquals(JsonElement.Parse(expected), JsonElement.Parse(actual)), $"expected {expected[..Math.Min(100, expected.Length)]}, got {actual[..Math.Min(100, actual.Length)]}");

    private static async Task<string[]> RunPythonAsync(string script, IEnumerable<string> lines)
    {
        using Process python = Process.Start(new ProcessStartInfo("/usr/bin/python3", ["-c", script])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        Task<string> output = python.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        Task<string> errors = python.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        foreach (string line in lines)
        {
            await python.StandardInput.WriteLineAsync(line);
        }

        python.StandardInput.Close();
        await python.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(python.ExitCode == 0, await errors);
        return (await output).Split('\n', StringSplitOptions.RemoveEmptyEntries);
    }
}
