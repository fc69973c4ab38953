namespace Weft.Client.Tests.Matrix;

public class SubmitMatrixTests : MatrixTest
{
    private Future<int> Three => Client.Submit(() => 3);

    [Fact]
    public async Task Method_groups_take_values_and_futures_in_any_mixture()
    {
        await IsAsync(0, Client.Submit(Functions.Zero));
        await IsAsync(25, Client.Submit(Functions.Square, 5));
        await IsAsync(9, Client.Submit(Functions.Square, Three));
        await IsAsync(8, Client.Submit(Functions.Add, 5, 3));
        await IsAsync(8, Client.Submit(Functions.Add, 5, Three));
        await IsAsync(8, Client.Submit(Functions.Add, Three, 5));
        await IsAsync(6, Client.Submit(Functions.Add, Three, Three));
        await IsAsync(6, Client.Submit(Functions.Add3, 1, 2, 3));
        await IsAsync(6, Client.Submit(Functions.Add3, 1, 2, Three));
        await IsAsync(6, Client.Submit(Functions.Add3, 1, Three, 2));
        await IsAsync(6, Client.Submit(Functions.Add3, Three, 1, 2));
        await IsAsync(7, Client.Submit(Functions.Add3, 1, Three, Three));
        await IsAsync(7, Client.Submit(Functions.Add3, Three, 1, Three));
        await IsAsync(7, Client.Submit(Functions.Add3, Three, Three, 1));
        await IsAsync(9, Client.Submit(Functions.Add3, Three, Three, Three));
    }

    [Fact]
    public async Task Lambdas_need_no_parameter_types_up_to_three_arguments()
    {
        await IsAsync(6, Client.Submit(x => x + 1, 5));
        await IsAsync(4, Client.Submit(x => x + 1, Three));
        await IsAsync("5", Client.Submit(x => x.ToString(), 5));
        await IsAsync("3", Client.Submit(x => x.ToString(), Three));
        await IsAsync("a3", Client.Submit((x, y) => x + y, "a", Three));
        await IsAsync("3a", Client.Submit((x, y) => x + y, Three, "a"));
        await IsAsync(9.5, Client.Submit((x, y, z) => x + y + z, Three, 6, 0.5));
    }

    [Fact]
    public async Task Four_to_six_arguments_are_all_values_or_all_futures_or_mixed_with_types_written()
    {
        await IsAsync(10, Client.Submit(Functions.Add4, 1, 2, 3, 4));
        await IsAsync(12, Client.Submit(Functions.Add4, Three, Three, Three, Three));
        await IsAsync(9, Client.Submit((int a, int b, int c, int d) => a + b + c + d, 1, Three, 2, Three));

        // A method group has to have its types written: Submit(Functions.Add4, 1, Three, 2, 3) does not compile.
        await IsAsync(9, Client.Submit<int, int, int, int, int>(Functions.Add4, 1, Three, 2, 3));
        await IsAsync(15, Client.Submit(Functions.Add5, 1, 2, 3, 4, 5));
        await IsAsync(15, Client.Submit(Functions.Add5, Three, Three, Three, Three, Three));
        await IsAsync(21, Client.Submit(Functions.Add6, 1, 2, 3, 4, 5, 6));
        await IsAsync(18, Client.Submit(Functions.Add6, Three, Three, Three, Three, Three, Three));
        await IsAsync(18, Client.Submit((int a, int b, int c, int d, int e, int f) => a + b + c + d + e + f, Three, 3, Three, 3, Three, 3));
    }

    [Fact]
    public async Task Asynchronous_functions_give_futures_of_what_they_return()
    {
        await IsAsync(25, Client.Submit(Functions.SquareTask, 5));
        await IsAsync(9, Client.Submit(Functions.SquareTask, Three));
        await IsAsync(25, Client.Submit(Functions.SquareValueTask, 5));
        await IsAsync(8, Client.Submit(Functions.AddTask, Three, 5));
        await IsAsync(6, Client.Submit(async x => await Functions.SquareTask(x) + 2, 2));
        await IsAsync(11, Client.Submit(async x => await Functions.SquareTask(x) + 2, Three));
        await IsAsync(25, Client.Submit(x => Functions.SquareTask(x), 5));
        await IsAsync(25, Client.Submit(x => Functions.SquareValueTask(x), 5));
        await IsAsync(7, Client.Submit(async () =>
        {
            await Task.Yield();
            return 7;
        }));
    }

    [Fact]
    public async Task Functions_without_a_result_give_plain_futures()
    {
        await Client.Submit(Functions.Nothing);
        await Client.Submit(Functions.Take, 1);
        await Client.Submit(Functions.Take, Three);
        await Client.Submit(Functions.TakeTask, 1);
        await Client.Submit(Functions.TakeTask, Three);
        await Client.Submit(Functions.TakeValueTask, 1);
        await Client.Submit(x => Functions.Take(x), Three);
        await Client.Submit(async x => await Functions.TakeTask(x), Three);
        await Client.Submit((x, y) => Functions.Take(x + y), Three, 1);
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await Client.Submit(Functions.Take, -1));
    }

    [Fact]
    public async Task Generic_methods_converted_arguments_and_objects_go_by_what_the_arguments_say()
    {
        await IsAsync(5, Client.Submit(Functions.Same, 5));
        await IsAsync("x", Client.Submit(Functions.Same, "x"));
        await IsAsync(3, Client.Submit(Functions.Same, Three));
        await IsAsync("text", Client.Submit(Functions.Show, "text"));
        await IsAsync("5", Client.Submit((object x) => Functions.Show(x), 5));
        await IsAsync(2.5, Client.Submit((double x) => Functions.Half(x), 5));
        await IsAsync(10, Client.Submit(Functions.Twice, 5));
        await IsAsync(5.0, Client.Submit(Functions.Twice, 2.5));

        // An int for a double parameter: a method group takes the argument's own type, so say 5.0.
        await IsAsync(2.5, Client.Submit(Functions.Half, 5.0));
    }

    [Fact]
    public async Task A_null_argument_says_its_type_or_the_lambda_does()
    {
        // Submit(Functions.LengthOf, null) does not compile: nothing says what is null.
        await IsAsync(-1, Client.Submit(Functions.LengthOf, (string?)null));
        await IsAsync(-1, Client.Submit((string? text) => Functions.LengthOf(text), default(string)));
        await IsAsync("null", Client.Submit(Functions.Show, (object?)null));
        await IsAsync(0, Client.Submit((int? x) => x ?? 0, (int?)null));
    }

    [Fact]
    public async Task A_list_of_futures_is_one_argument_of_any_list_type()
    {
        var list = Client.Map(Functions.Square, [1, 2, 3]);
        Future<int>[] array = [Three, Three];

        await IsAsync(14, Client.Submit(Functions.SumArray, list));
        await IsAsync(14, Client.Submit(Functions.SumList, list));
        await IsAsync(14, Client.Submit(Functions.SumReadOnly, list));
        await IsAsync(14, Client.Submit(Functions.SumSequence, list));
        await IsAsync(14, Client.Submit(Functions.SumTask, list));
        await IsAsync(6, Client.Submit(Functions.SumArray, array));
        await IsAsync(6, Client.Submit(Functions.SumList, array.AsEnumerable()));
        await IsAsync(14, Client.Submit(values => values.Sum(), list));
        await IsAsync(3, Client.Submit(values => values.Count(), list));
        await IsAsync(9, Client.Submit((int[] values) => values[^1], list));
        await IsAsync(13, Client.Submit(Functions.SumArray, list[1..]));
        await IsAsync(0, Client.Submit(Functions.SumArray, list[..0]));
    }

    [Fact]
    public async Task Tokens_and_contexts_are_passed_and_filled_in()
    {
        await IsAsync(50, Client.Submit(Functions.Scale, 5, CancellationToken.None));
        await IsAsync(30, Client.Submit(Functions.Scale, Three, CancellationToken.None));
        await IsAsync("w1:3", Client.Submit(Functions.Where, Three, TaskContext.FromWorker));
    }

    [Fact]
    public async Task Options_come_last()
    {
        var options = new TaskOptions { Priority = 1, Retries = 2, Resources = "GPU=0.5", AllowedWorkers = ["w1"], Idempotent = false, RunTimeout = TimeSpan.FromMinutes(1) };
        await IsAsync(25, Client.Submit(Functions.Square, 5, options));
        await IsAsync(9, Client.Submit(Functions.Square, Three, options));
        await IsAsync(8, Client.Submit(Functions.Add, 5, Three, options));
        await Client.Submit(Functions.Nothing, options);
        Assert.Throws<ArgumentOutOfRangeException>(() => Client.Submit(Functions.Zero, new TaskOptions { RunTimeout = TimeSpan.Zero }));
        Assert.Throws<FormatException>(() => Client.Submit(Functions.Zero, new TaskOptions { Resources = "GPU" }));
    }
}
