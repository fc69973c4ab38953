using FSharpMatrix = Weft.Client.Matrix.FSharp.Matrix;

namespace Weft.Client.Tests.Matrix;

/// <summary>What the F# project compiles, run.</summary>
public class FSharpMatrixTests : MatrixTest
{
    private Future<int> Three => Client.Submit(() => 3);

    private FutureList<int> Squares => Client.Map(Functions.Square, [1, 2, 3]);

    [Fact]
    public async Task Methods_and_functions_of_FSharp_are_submitted()
    {
        await IsAsync(25, FSharpMatrix.methodOfValue(Client));
        await IsAsync(9, FSharpMatrix.methodOfFuture(Client, Three));
        await IsAsync(8, FSharpMatrix.methodOfMixture(Client, Three));
        await IsAsync(25, FSharpMatrix.taskMethod(Client));
        await IsAsync(25, FSharpMatrix.letBoundFunction(Client));
        Assert.Equal(39, await FSharpMatrix.inTask(Client));
    }

    [Fact]
    public async Task Lambdas_of_FSharp_are_submitted()
    {
        await IsAsync(6, FSharpMatrix.typedLambda(Client));
        await IsAsync(6, FSharpMatrix.lambda(Client));
        await IsAsync(4, FSharpMatrix.lambdaOfFuture(Client, Three));
        await IsAsync(8, FSharpMatrix.lambdaOfMixture(Client, Three));
        await IsAsync(105, FSharpMatrix.closure(Client, 100));
        await IsAsync(6, FSharpMatrix.taskLambda(Client));
        await FSharpMatrix.withoutResult(Client);
    }

    [Fact]
    public async Task Lists_of_FSharp_are_mapped_and_reduced()
    {
        await AreAsync([1, 4, 9], FSharpMatrix.mapOfValues(Client));
        await AreAsync([1, 16, 81], FSharpMatrix.mapOfFutures(Client, Squares));
        await AreAsync([2, 3, 4], FSharpMatrix.mapOfLambda(Client));
        await IsAsync(14, FSharpMatrix.reduction(Client, Squares));
        await IsAsync(14, FSharpMatrix.reductionByLambda(Client, Squares));
    }
}
