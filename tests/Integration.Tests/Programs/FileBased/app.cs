#:property PublishAot=false
#:property DynamicCodeSupport=false
using System.Runtime.CompilerServices;
using Weft;
using Weft.Serialization;

[assembly: RegisterValueCodec(typeof(OrderCodec))]

Console.WriteLine($"dynamic code: {RuntimeFeature.IsDynamicCodeSupported}");
await using var client = args.Length == 1 ? await WeftClient.ConnectAsync(args[0]) : await WeftClient.StartLocalAsync();
await client.RegisterWorkerSetupAsync(static () => Settings.Tax = 1);
var offset = 1;
var orders = client.Map(static id => new Order(id, $"order {id}"), Enumerable.Range(0, 10));
var ids = client.Map(order => order.Id + offset + Settings.Tax, orders);
Console.WriteLine($"total: {await client.Submit(Sum, ids)}");
Console.WriteLine($"last: {(await client.GatherAsync(orders))[9]}");
try
{
    await client.Submit(static () => { throw new TimeZoneNotFoundException("no such zone"); });
}
catch (TimeZoneNotFoundException failure)
{
    Console.WriteLine($"failed: {failure.Message}");
}

Console.WriteLine($"later: {await client.Submit(LaterAsync, 20)}");

static int Sum(int[] values) => values.Sum();

static async Task<int> LaterAsync(int x)
{
    await Task.Yield();
    return 2 * x;
}

internal static class Settings
{
    public static int Tax { get; set; }
}

internal sealed record Order(int Id, string Text);

internal sealed class OrderCodec : ValueCodec<Order>
{
    public override void Write(ref ValueWriter writer, Order value)
    {
        writer.WriteInt64(value.Id);
        writer.WriteString(value.Text + ", sent");
    }

    public override Order Read(ref ValueReader reader) => new(reader.ReadInt32(), reader.ReadString()!);
}
