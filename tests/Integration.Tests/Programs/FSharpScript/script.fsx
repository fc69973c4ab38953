#r "Weft.Client.dll"
#r "Weft.Launcher.dll"

open System.Linq
open System.Threading.Tasks
open Weft

type Order = { Id: int; Text: string }

let run (args: string array) =
    task {
        let! cluster = if args.Length = 1 then Task.FromResult null else LocalCluster.StartAsync()
        let! client = if isNull cluster then WeftClient.ConnectAsync(args[0]) else cluster.ConnectAsync()
        let orders = client.Map((fun id -> { Id = id; Text = $"order {id}" }), Enumerable.Range(0, 10))
        let! gathered = client.GatherAsync orders
        printfn "last: %s" gathered[9].Text
        let! sum = client.Submit((fun (all: Order array) -> all |> Array.sumBy _.Id), orders).AsTask()
        printfn "total: %d" sum
        do! client.DisposeAsync()

        if not (isNull cluster) then
            do! cluster.DisposeAsync()
    }

(run (Array.skip 1 fsi.CommandLineArgs)).Wait()
