using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace Weft.Serialization;

/// <summary>Which kinds of machine can run a file that was made for another name of the same kind: "linux-x64" runs what is for "linux", "unix" or any.</summary>
public static class RuntimeIds
{
    /// <summary>The runtime id of this process.</summary>
    public static string Current => RuntimeInformation.RuntimeIdentifier;

    /// <summary>From the most special to the empty one, which fits every machine.</summary>
    public static ImmutableArray<string> FallbackChain(string runtimeId)
    {
        var chain = ImmutableArray.CreateBuilder<string>();
        Add(runtimeId);

        var lastDash = runtimeId.LastIndexOf('-');
        var system = lastDash < 0 ? runtimeId : runtimeId[..lastDash];
        var architecture = lastDash < 0 ? "" : runtimeId[(lastDash + 1)..];
        var isMusl = system.StartsWith("alpine", StringComparison.Ordinal) || system.EndsWith("-musl", StringComparison.Ordinal);
        var family = FamilyOf(system);

        if (isMusl)
        {
            Add($"linux-musl-{architecture}");
            Add("linux-musl");
        }

        Add($"{family}-{architecture}");
        Add(family);
        if (family is not "win")
        {
            Add($"unix-{architecture}");
            Add("unix");
        }

        Add("any");
        Add("");
        return chain.ToImmutable();

        void Add(string id)
        {
            if (!chain.Contains(id) && !id.EndsWith('-'))
            {
                chain.Add(id);
            }
        }
    }

    /// <summary>Distributions that build .NET from source name their own system in the runtime id ("debian.12-x64").</summary>
    private static string FamilyOf(string system) =>
        system.StartsWith("win", StringComparison.Ordinal) ? "win"
        : system.StartsWith("osx", StringComparison.Ordinal) || system.StartsWith("macos", StringComparison.Ordinal) ? "osx"
        : system.StartsWith("freebsd", StringComparison.Ordinal) ? "freebsd"
        : "linux";

    /// <summary>Phones, browsers and the like, on which no worker runs: their files stay at home.</summary>
    internal static bool IsForWorkers(string runtimeId) =>
        runtimeId.Split('-', '.')[0] is not ("android" or "ios" or "iossimulator" or "tvos" or "tvossimulator" or "maccatalyst" or "browser" or "wasi" or "tizen");
}
