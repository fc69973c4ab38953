using Weft.Scheduler;

namespace Weft.Launcher;

/// <summary>Removes the journal that nobody chose a place for, by <c>/bin/sh</c>: the folder beside the scheduler file, and the one on the head's own disk that a mark there names.</summary>
internal static class JournalRemoval
{
    /// <param name="schedulerFile">An absolute path.</param>
    public static string Script(string schedulerFile) =>
        $$"""
        beside={{ShellText.Quote(schedulerFile + JournalPlace.Suffix)}}
        for mark in "$beside"/{{JournalMark.Prefix}}*; do
            place=$(head -n 1 "$mark" 2> /dev/null)
            case "$place" in
                /*/{{JournalPlace.LocalPrefix}}*/*) rm -rf "${place%/*}" ;;
            esac
        done
        rm -rf "$beside" || exit 1

        """;
}
