namespace Weft.Launcher;

/// <summary>Where things are on a node: absolute, or with <c>~/</c>.</summary>
/// <param name="Program">The <c>weft</c> program; a name alone is one that the shell finds.</param>
/// <param name="SchedulerFile">By which workers find the scheduler.</param>
/// <param name="Folder">The cluster's own.</param>
internal sealed record NodePaths(string Program, string SchedulerFile, string Folder);
