using System.Globalization;

namespace Weft.Launcher;

/// <summary>How a node's script ended.</summary>
/// <param name="ExitCode">Of the script.</param>
/// <param name="LastLine">That it wrote; empty: none.</param>
internal readonly record struct NodeEnd(int ExitCode, string LastLine)
{
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exit code {ExitCode}{(LastLine.Length > 0 ? ": " : "")}{LastLine}");
}
