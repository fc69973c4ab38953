namespace Weft.Launcher;

/// <summary>Where a spot instance learns that it will be taken away.</summary>
public sealed record PreemptionSource
{
    /// <summary>EC2's instance metadata service, which every instance has at this address.</summary>
    private static readonly Uri Ec2 = new("http://169.254.169.254");

    private readonly Uri? _endpoint;
    private readonly bool _isAuto;

    private PreemptionSource(Uri? endpoint, bool isAuto) => (_endpoint, _isAuto) = (endpoint, isAuto);

    /// <summary>EC2's service on an instance of EC2, nowhere else.</summary>
    public static PreemptionSource Auto { get; } = new(Ec2, isAuto: true);

    public static PreemptionSource Off { get; } = new(null, isAuto: false);

    /// <param name="text"><c>auto</c>, <c>off</c>, or the address of a service with the same paths.</param>
    /// <exception cref="FormatException">It is none of these.</exception>
    public static PreemptionSource Parse(string text) => text switch
    {
        "auto" => Auto,
        "off" => Off,
        _ when Uri.TryCreate(text, UriKind.Absolute, out var endpoint) && endpoint.Scheme is "http" or "https" => new PreemptionSource(endpoint, isAuto: false),
        _ => throw new FormatException($"'{text}' is not a source of notices: auto, off, or an address such as http://169.254.169.254."),
    };

    /// <summary>Whom to ask; null: nobody. Found out without a word on the network, which may have no such address and be slow to say so.</summary>
    public Uri? EndpointOn(HostView host) => _isAuto && !IsEc2(host) ? null : _endpoint;

    private static bool IsEc2(HostView host) =>
        host.ReadText("/sys/class/dmi/id/sys_vendor")?.Trim() == "Amazon EC2"
        || host.ReadText("/sys/hypervisor/uuid")?.StartsWith("ec2", StringComparison.OrdinalIgnoreCase) == true;
}
