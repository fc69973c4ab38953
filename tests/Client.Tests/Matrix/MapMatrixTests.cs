namespace Weft.Client.Tests.Matrix;

public class MapMatrixTests : MatrixTest
{
    private static readonly int[] Numbers = [1, 2, 3];

    private FutureList<int> Squares => Client.Map(Functions.Square, Numbers);

    [Fact]
    public async Task Method_groups_go_over_values_and_futures()
    {
        await AreAsync([1, 4, 9], Client.Map(Functions.Square, Numbers));
        await AreAsync([1, 4, 9], Client.Map(Functions.Square, [1, 2, 3]));
        await AreAsync([1, 4, 9], Client.Map(Functions.Square, new List<int> { 1, 2, 3 }));
        await AreAsync([1, 4, 9], Client.Map(Functions.Square, Enumerable.Range(1, 3)));
        await AreAsync([1, 4, 9], Client.Map(Functions.Square, Numbers.Where(x => x < 9)));
        await AreAsync([1, 16, 81], Client.Map(Functions.Square, Squares));
        await AreAsync([16, 1], Client.Map(Functions.Square, [Squares[1], Squares[0]]));
        await AreAsync([1, 16], Client.Map(Functions.Square, Squares.Take(2)));
    }

    [Fact]
    public async Task Lambdas_need_no_parameter_types()
    {
        await AreAsync(["1", "2", "3"], Client.Map(x => x.ToString(), Numbers));
        await AreAsync(["1", "4", "9"], Client.Map(x => x.ToString(), Squares));
        await AreAsync([2, 5, 10], Client.Map(x => x + 1, Squares));
    }

    [Fact]
    public async Task Asynchronous_functions_and_those_without_a_result_map_as_well()
    {
        await AreAsync([1, 4, 9], Client.Map(Functions.SquareTask, Numbers));
        await AreAsync([1, 16, 81], Client.Map(Functions.SquareTask, Squares));
        await AreAsync([1, 4, 9], Client.Map(Functions.SquareValueTask, Numbers));
        await AreAsync([2, 5, 10], Client.Map(async x => await Functions.SquareTask(x) + 1, Numbers));
        await Client.WhenAll(Client.Map(Functions.Take, Numbers));
        await Client.WhenAll(Client.Map(Functions.Take, Squares));
        await Client.WhenAll(Client.Map(Functions.TakeTask, Numbers));
        await Client.WhenAll(Client.Map(Functions.TakeValueTask, Squares));
    }

    [Fact]
    public async Task Several_sequences_go_side_by_side_in_any_mixture()
    {
        await AreAsync([2, 4, 6], Client.Map(Functions.Add, Numbers, Numbers));
        await AreAsync([2, 6, 12], Client.Map(Functions.Add, Numbers, Squares));
        await AreAsync([2, 6, 12], Client.Map(Functions.Add, Squares, Numbers));
        await AreAsync([2, 8, 18], Client.Map(Functions.Add, Squares, Squares));
        await AreAsync([3, 6, 9], Client.Map(Functions.Add3, Numbers, Numbers, Numbers));
        await AreAsync([3, 8, 15], Client.Map(Functions.Add3, Numbers, Squares, Numbers));
        await AreAsync([3, 10, 21], Client.Map(Functions.Add3, Numbers, Squares, Squares));
        await AreAsync([3, 12, 27], Client.Map(Functions.Add3, Squares, Squares, Squares));
        await AreAsync(["1a", "4b"], Client.Map((x, y) => x + y, Squares, ["a", "b"]));
        await AreAsync([2, 6, 12], Client.Map(Functions.AddTask, Numbers, Squares));
    }

    [Fact]
    public async Task Nulls_and_records_are_values_like_others()
    {
        await AreAsync([-1, 1], Client.Map(Functions.LengthOf, new[] { null, "a" }));
        await AreAsync([3, 7], Client.Map(pair => pair.X + pair.Y, [(X: 1, Y: 2), (X: 3, Y: 4)]));
    }
}
