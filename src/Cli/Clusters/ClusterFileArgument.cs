using System.CommandLine;

namespace Weft.Cli;

/// <summary>The cluster file, which all commands that look after a cluster have.</summary>
internal static class ClusterFileArgument
{
    public static Argument<string> Create() => new("CLUSTER.yaml") { Description = "The cluster file" };
}
