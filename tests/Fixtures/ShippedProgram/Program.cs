using ShippedProgram;

// As a program: writes what a client would send for a few of its functions into a directory, for a process that has never seen it.
if (args.Length != 1)
{
    Console.Error.WriteLine("usage: ShippedProgram DIRECTORY");
    return 2;
}

var factor = 3;
Shipment.Write(
    args[0],
    argument: 7,
    Functions.StaticMethod,
    Functions.FromLibrary,
    (Func<int, int>)(x => x * factor),
    Functions.Composed(Functions.Closure(1), Functions.StaticMethod),
    Functions.Async,
    Functions.Failing,
    Functions.Travel(new Ticket(10), new ShippedLibrary.Distance(0)));
return 0;
