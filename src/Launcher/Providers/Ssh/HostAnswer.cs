using System.Diagnostics.CodeAnalysis;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>What a host answered, or why it did not.</summary>
internal readonly record struct HostAnswer<T>(SshHost Host, T? Value, ProviderException? Failure)
    where T : class
{
    [MemberNotNullWhen(true, nameof(Value))]
    [MemberNotNullWhen(false, nameof(Failure))]
    public bool IsThere => Failure is null;
}
