using System.Runtime.InteropServices;
using ShippedLibrary;

namespace ShippedProgram;

/// <summary>Every way in which a program can make a delegate. Tests fetch them by name from a load context of their own.</summary>
public static class Functions
{
    public static Func<int, int> StaticMethod => Square;

    public static Func<int, int> Lambda => x => x + 1;

    public static Func<int, int> FromLibrary => Pricing.WithTariff;

    public static Func<int, string> BoundExtension => "go".Shout;

    public static Func<int, int> Generic => Same<int>;

    public static Func<int[], List<string>> GenericInGeneric => Pair<string>.Make<int>;

    public static Func<int, Task<int>> Async => SquareLaterAsync;

    public static Func<int, ValueTask<int>> AsyncValue => static async x =>
    {
        await Task.Yield();
        return x * 3;
    };

    public static Func<int, Task> AsyncWithoutResult => static async x => await Task.Delay(TimeSpan.FromTicks(x));

    public static Action<int> Nothing => _ => { };

    public static Func<int, int> Failing => Fail;

    public static Func<int, int> FailingAsOwn => x => throw new OutOfStockException("apples", x);

    public static Func<int, CancellationToken, bool> Cancellable => (_, token) => token.CanBeCanceled;

    public static Func<IReadOnlyList<int>, int> SumOfList => list => list.Sum();

    public static Func<int, int, int, int, int, int, int, int, int, int> Nine => (a, b, c, d, e, f, g, h, i) => a + b + c + d + e + f + g + h + i;

    public static Func<string> WhereAmI => () => typeof(Functions).Assembly.Location;

    public static Func<int> NativeProcessId => NativePid;

    public static Func<int, Order> MakesOrder => count => new Order("pears", count);

    public static Func<Order, int> TakesOrder => order => order.Count;

    public static Func<int, Ticket> MakesTicket => journeys => new Ticket(journeys);

    public static Func<Ticket, int> TakesTicket => ticket => ticket.Journeys;

    public static Func<int, Func<int, int>> MakesFunction => Closure;

    public static int CountOf<T>(T[] items) => items.Length;

    public static Func<int, int> Closure(int addend) => x => x + addend;

    public static Func<int, int> Composed(Func<int, int> first, Func<int, int> second) => x => second(first(x));

    /// <summary>What it captured have codecs of their own: one by its type, one by this program.</summary>
    public static Func<int, int> Travel(Ticket ticket, ShippedLibrary.Distance distance) => x => x + ticket.Journeys + distance.Metres;

    public static Func<int, long> Recursive()
    {
        Func<int, long> factorial = null!;
        factorial = n => n <= 1 ? 1 : n * factorial(n - 1);
        return factorial;
    }

    public static Func<int, int> LocalFunction()
    {
        return Triple;

        static int Triple(int x) => 3 * x;
    }

    public static Func<int, int> NestedScopes(int outer)
    {
        var made = new List<Func<int, int>>();
        for (var inner = 0; inner < 2; inner++)
        {
            var copy = inner;
            made.Add(x => x + outer + copy);
        }

        return made[1];
    }

    public static Func<int, int> InstanceMethod(int factor) => new Scale { Factor = factor }.Apply;

    public static Func<int, int> StructMethod(int offset) => new Shift { Offset = offset }.Apply;

    private static int Square(int x) => x * x;

    private static T Same<T>(T value) => value;

    private static async Task<int> SquareLaterAsync(int x)
    {
        await Task.Yield();
        return x * x;
    }

    private static int Fail(int x) => throw new InvalidOperationException($"no {x}");

    [DllImport("shippednative", EntryPoint = "SystemNative_GetPid")]
    private static extern int NativePid();
}

public static class Pair<TOut>
{
    public static List<TOut> Make<TIn>(TIn[] items) => [.. items.Select(item => (TOut)Convert.ChangeType(item, typeof(TOut))!)];
}

public class Scale
{
    public int Factor { get; set; }

    public int Apply(int x) => x * Factor;
}

public struct Shift
{
    public int Offset { get; set; }

    public readonly int Apply(int x) => x + Offset;
}

public sealed record Order(string Article, int Count);

public sealed class OutOfStockException(string article, int missing) : Exception($"{missing} {article} are missing")
{
    public string Article { get; } = article;

    public int Missing { get; } = missing;
}
