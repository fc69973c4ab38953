return await Weft.Cli.WeftCommand.RunAsync(args).ConfigureAwait(false);
