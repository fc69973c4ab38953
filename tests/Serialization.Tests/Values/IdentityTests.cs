namespace Weft.Serialization.Tests.Values;

public sealed class IdentityTests
{
    [Fact]
    public void Object_that_is_referred_to_twice_comes_back_as_one()
    {
        List<int> shared = [1];
        (List<int> first, List<int> second, object third) = RoundTrip.Of((shared, shared, (object)shared));
        Assert.Same(first, second);
        Assert.Same(first, third);
    }

    [Fact]
    public void Graph_with_parent_pointers_comes_back()
    {
        Node root = new("root");
        for (int i = 0; i < 20; i++)
        {
            root.Children.Add(new Node($"child {i}") { Parent = root });
        }

        Node copy = RoundTrip.Of(root);

        Assert.Equal(20, copy.Children.Count);
        Assert.All(copy.Children, child => Assert.Same(copy, child.Parent));
        Assert.Equal("child 19", copy.Children[19].Name);
    }

    [Fact]
    public void Collections_that_contain_themselves_come_back()
    {
        List<object> list = [1];
        list.Add(list);
        object?[] array = new object?[1];
        array[0] = array;
        Dictionary<string, object> map = [];
        map["self"] = map;
        Queue<object> queue = new();
        queue.Enqueue(queue);

        List<object> listCopy = RoundTrip.Of(list);
        Assert.Same(listCopy, listCopy[1]);
        object?[] arrayCopy = RoundTrip.Of(array);
        Assert.Same(arrayCopy, arrayCopy[0]);
        Dictionary<string, object> mapCopy = RoundTrip.Of(map);
        Assert.Same(mapCopy, mapCopy["self"]);
        Queue<object> queueCopy = RoundTrip.Of(queue);
        Assert.Same(queueCopy, queueCopy.Peek());
    }

    [Fact]
    public void Set_whose_elements_refer_to_it_hashes_them_when_they_are_complete()
    {
        Group group = new();
        group.Members.Add(new Member("a", group));
        group.Members.Add(new Member("b", group));

        Group copy = RoundTrip.Of(group);

        Assert.Contains(new Member("a", copy), copy.Members);
        Assert.Contains(new Member("b", copy), copy.Members);
    }

    [Fact]
    public void Many_distinct_objects_stay_distinct_and_many_repetitions_stay_one()
    {
        Node[] nodes = [.. Enumerable.Range(0, 500).Select(i => new Node($"{i % 100}"))];
        Node[] doubled = [.. nodes, .. nodes];

        Node[] copy = RoundTrip.Of(doubled);

        Assert.Equal(500, copy.Distinct(ReferenceEqualityComparer.Instance).Count());
        Assert.All(Enumerable.Range(0, 500), i => Assert.Same(copy[i], copy[i + 500]));
    }

    [Fact]
    public void Values_of_one_writer_keep_identity_within_but_not_across()
    {
        System.Buffers.ArrayBufferWriter<byte> output = new();
        ValueWriter writer = new(output, ValueSerializer.Default);
        int[] shared = [1];
        writer.WriteValue(shared);
        writer.WriteValue<object>(shared);
        writer.Flush();

        ValueReader reader = new(output.WrittenSpan, ValueSerializer.Default);
        reader.Skip();
        Assert.Equal(shared, reader.ReadValue<object>());
    }

    [Fact]
    public void Small_immutable_records_are_written_in_full_each_time()
    {
        ObjectTests.Point point = new(1, 2);
        ObjectTests.Point[] copy = RoundTrip.Of(new[] { point, point });
        Assert.Equal([point, point], copy);
        Assert.Equal([0x92, 0x92, 1, 2, 0x92, 1, 2], RoundTrip.Bytes(new[] { point, point }));
    }

    [Fact]
    public void Type_that_is_met_again_is_named_by_number()
    {
        byte[] once = RoundTrip.Bytes(new object[] { Guid.Empty });
        byte[] twice = RoundTrip.Bytes(new object[] { Guid.Empty, Guid.Empty });
        Assert.Equal(1 + 3 + 18, twice.Length - once.Length);
    }

    [Fact]
    public void Deep_nesting_is_refused_when_written_and_when_read()
    {
        Node? chain = null;
        for (int i = 0; i < 100_000; i++)
        {
            chain = new Node("n") { Parent = chain };
        }

        Assert.Contains("512 levels", Assert.Throws<ValueSerializationException>(() => RoundTrip.Bytes(chain)).Message, StringComparison.Ordinal);
        byte[] data = new byte[100_000];
        Array.Fill(data, (byte)0x91);
        Assert.Contains("512 levels", Assert.Throws<ValueSerializationException>(() => ValueSerializer.Default.Read<object>(data)).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8 * 1024 * 1024, true)]
    [InlineData(192 * 1024, false)]
    public void Nesting_up_to_the_bound_works_or_is_refused_as_the_stack_allows(int stackBytes, bool works)
    {
        Node chain = new("n");
        for (int i = 1; i < ValueWriter.DepthMax / 2; i++)
        {
            chain = new Node("n") { Parent = chain };
        }

        Exception? failure = null;
        Thread thread = new(() => failure = Record.Exception(() => RoundTrip.Of(chain)), stackBytes);
        thread.Start();
        thread.Join();

        Assert.Equal(works, failure is null);
        Assert.True(failure is null or ValueSerializationException, failure?.ToString());
    }

    public sealed class Node(string name)
    {
        public string Name { get; } = name;

        public Node? Parent { get; set; }

        public List<Node> Children { get; } = [];
    }

    public sealed class Group
    {
        public HashSet<Member> Members { get; } = [];
    }

    public sealed record Member(string Name, Group Group)
    {
        public bool Equals(Member? other) => other is not null && Name == other.Name && ReferenceEquals(Group, other.Group);

        public override int GetHashCode() => Name.Length;
    }
}
