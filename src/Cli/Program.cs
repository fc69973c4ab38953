using Weft.Cli;
using Weft.Launcher;

if (AddressSpaceLimit.Of(HostView.Current)?.Objection is { } objection)
{
    // Before anything else: threads, signals and sockets are what such a process ends by.
    Console.Error.WriteLine($"weft: {objection}");
    return ExitCodes.Failure;
}

AddressSpaceRestart.IfLimited(HostView.Current, args);
return await WeftCommand.RunAsync(args).ConfigureAwait(false);
