using System.Globalization;
using Weft.Protocol;

namespace Weft;

/// <summary>An argument, a value to scatter, or what a function captured takes more bytes than one message may. Nothing of it was sent.</summary>
public sealed class ValueTooLargeException : Exception
{
    internal ValueTooLargeException(long sizeBytes)
        : base(string.Create(
            CultureInfo.InvariantCulture,
            $"A value takes {sizeBytes} bytes; at most {Limits.ValueBytesMax} can be sent to the cluster. Send it in parts, as by {nameof(WeftClient.ScatterEachAsync)}, or have a task read or make it: results may be of any size.")) =>
        SizeBytes = sizeBytes;

    /// <summary>What the value takes when it is encoded.</summary>
    public long SizeBytes { get; }

    /// <summary>What one value may take.</summary>
    public long AllowedBytes => Limits.ValueBytesMax;
}
