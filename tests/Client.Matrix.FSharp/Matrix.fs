/// What F# users write, and must compile. Each form is a function of a client; Client.Tests runs them.
module Weft.Client.Matrix.FSharp.Matrix

open System
open System.Threading.Tasks
open Weft

type Functions =
    static member Square(x: int) = x * x
    static member Add(x: int, y: int) = x + y
    static member Sum(values: int[]) = Array.sum values
    static member SquareTask(x: int) : Task<int> = task { return x * x }
    static member Take(_: int) : unit = ()

let square x = x * x

let methodOfValue (client: WeftClient) = client.Submit(Functions.Square, 5)
let methodOfFuture (client: WeftClient) (three: Future<int>) = client.Submit(Functions.Square, three)

// A method of several parameters goes in a lambda where values and futures mix.
let methodOfMixture (client: WeftClient) (three: Future<int>) = client.Submit((fun x y -> Functions.Add(x, y)), 5, three)

// F# does not prefer Task<int> to a result that is a Task<int>: the types have to be written.
let taskMethod (client: WeftClient) = client.Submit<int, int>(Functions.SquareTask, 5)
let letBoundFunction (client: WeftClient) = client.Submit(square, 5)
let typedLambda (client: WeftClient) = client.Submit((fun (x: int) -> x + 1), 5)
let lambda (client: WeftClient) = client.Submit((fun x -> x + 1), 5)
let lambdaOfFuture (client: WeftClient) (three: Future<int>) = client.Submit((fun x -> x + 1), three)
let lambdaOfMixture (client: WeftClient) (three: Future<int>) = client.Submit((fun x y -> x + y), 5, three)
let closure (client: WeftClient) (offset: int) = client.Submit((fun x -> x + offset), 5)
let taskLambda (client: WeftClient) = client.Submit<int, int>((fun x -> task { return x + 1 }), 5)
let withoutResult (client: WeftClient) : Task = client.Submit(Functions.Take, 5).AsTask()
let mapOfValues (client: WeftClient) = client.Map(square, [ 1; 2; 3 ])
let mapOfFutures (client: WeftClient) (squares: FutureList<int>) = client.Map(square, squares)
let mapOfLambda (client: WeftClient) = client.Map((fun x -> x + 1), [| 1; 2; 3 |])
let reduction (client: WeftClient) (squares: FutureList<int>) = client.Submit(Functions.Sum, squares)
let reductionByLambda (client: WeftClient) (squares: FutureList<int>) = client.Submit((fun (values: int[]) -> Array.sum values), squares)

let inTask (client: WeftClient) =
    task {
        let! five = client.Submit(Functions.Square, 5)
        let! all = client.GatherAsync(client.Map(square, [ 1; 2; 3 ]))
        return five + Array.sum all
    }
