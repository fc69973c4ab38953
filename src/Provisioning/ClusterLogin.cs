namespace Weft.Provisioning;

/// <summary>How hosts are logged in to.</summary>
public sealed record ClusterLogin
{
    /// <summary>Null: as the one who runs this.</summary>
    public string? User { get; init; }

    /// <summary>A file; null: the keys that <c>ssh</c> finds by itself.</summary>
    public string? PrivateKey { get; init; }

    /// <summary>A proxy as <c>ssh -o ProxyCommand=…</c> takes it; null: none.</summary>
    public string? ProxyCommand { get; init; }
}
