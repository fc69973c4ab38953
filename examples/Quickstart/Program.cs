using Weft;

// With the path of a scheduler file: that cluster. Without: a cluster within this process.
await using var client = args is [var schedulerFile] ? await WeftClient.ConnectAsync(schedulerFile) : await WeftClient.StartLocalAsync();

var a = client.Map(Square, Enumerable.Range(0, 10));
var b = client.Map(Negate, a);
var total = client.Submit(Sum, b);

Console.WriteLine(await total);
Console.WriteLine(total);
Console.WriteLine($"[{string.Join(", ", await client.GatherAsync(a))}]");

static int Square(int x) => x * x;

static int Negate(int x) => -x;

static int Sum(IReadOnlyList<int> values) => values.Sum();
