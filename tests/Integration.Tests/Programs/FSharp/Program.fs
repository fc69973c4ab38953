module Program

open System
open System.Threading.Tasks
open Weft

type Shape =
    | Circle of radius: float
    | Square of side: float

let area shape =
    match shape with
    | Circle radius -> Math.Round(Math.PI * radius * radius, 3)
    | Square side -> side * side

let run (args: string array) =
    task {
        let! cluster = if args.Length = 1 then Task.FromResult null else LocalCluster.StartAsync()
        use! client = if isNull cluster then WeftClient.ConnectAsync(args[0]) else cluster.ConnectAsync()
        let offset = 1.0
        let areas = client.Map((fun shape -> area shape + offset), [ Circle 1.0; Square 2.0 ])
        let! gathered = client.GatherAsync areas
        printfn "areas: %A" (List.ofArray gathered)
        let total = client.Submit((fun (values: float array) -> Array.sum values), areas)
        let! sum = total.AsTask()
        printfn "total: %g" sum

        try
            let! _ = client.Submit((fun (text: string) -> (failwith text: int)), "on purpose").AsTask()
            ()
        with failure ->
            printfn "failed: %s" failure.Message

        if not (isNull cluster) then
            do! cluster.DisposeAsync()
    }

[<EntryPoint>]
let main args =
    (run args).Wait()
    0
