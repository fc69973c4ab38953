namespace Weft.Client.Tests.Matrix;

/// <summary>Functions of every kind, as users write them.</summary>
internal static class Functions
{
    public static int Zero() => 0;

    public static int Square(int x) => x * x;

    public static int Add(int x, int y) => x + y;

    public static int Add3(int x, int y, int z) => x + y + z;

    public static int Add4(int a, int b, int c, int d) => a + b + c + d;

    public static int Add5(int a, int b, int c, int d, int e) => a + b + c + d + e;

    public static int Add6(int a, int b, int c, int d, int e, int f) => a + b + c + d + e + f;

    public static async Task<int> SquareTask(int x)
    {
        await Task.Yield();
        return x * x;
    }

    public static async Task<int> AddTask(int x, int y)
    {
        await Task.Yield();
        return x + y;
    }

    public static async ValueTask<int> SquareValueTask(int x)
    {
        await Task.Yield();
        return x * x;
    }

    public static void Nothing()
    {
    }

    public static void Take(int x) => ArgumentOutOfRangeException.ThrowIfNegative(x);

    public static async Task TakeTask(int x)
    {
        await Task.Yield();
        ArgumentOutOfRangeException.ThrowIfNegative(x);
    }

    public static async ValueTask TakeValueTask(int x)
    {
        await Task.Yield();
        ArgumentOutOfRangeException.ThrowIfNegative(x);
    }

    public static T Same<T>(T x) => x;

    public static string Show(object? x) => x?.ToString() ?? "null";

    public static int LengthOf(string? text) => text?.Length ?? -1;

    public static double Half(double x) => x / 2;

    public static int Twice(int x) => 2 * x;

    public static double Twice(double x) => 2 * x;

    public static int SumArray(int[] values) => values.Sum();

    public static int SumList(List<int> values) => values.Sum();

    public static int SumReadOnly(IReadOnlyList<int> values) => values.Sum();

    public static int SumSequence(IEnumerable<int> values) => values.Sum();

    public static async Task<int> SumTask(int[] values)
    {
        await Task.Yield();
        return values.Sum();
    }

    public static int Scale(int x, CancellationToken token) => token.IsCancellationRequested ? -1 : 10 * x;

    public static string Where(int x, TaskContext context) => $"{context.WorkerName}:{x}";
}
