using Weft;

// The scheduler file is in the environment of whatever runs on a head.
await using var client = await WeftClient.ConnectAsync();
var squares = client.Map(static x => x * x, Enumerable.Range(0, 10));
Console.WriteLine($"total: {await client.Submit(static (int[] values) => values.Sum(), squares)}");
return int.Parse(args[0]);
