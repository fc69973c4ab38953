using Weft.Cli;
using Weft.Launcher;

AddressSpaceRestart.IfLimited(HostView.Current, args);
return await WeftCommand.RunAsync(args).ConfigureAwait(false);
