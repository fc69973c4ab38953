namespace Weft.Launcher;

/// <summary>Where and how the scheduler runs.</summary>
public sealed record HeadConfiguration
{
    /// <summary>The head is a node that the provider launches (a job of the queue); otherwise it runs where <c>weft up</c> does, or, with hosts by SSH, on <c>head_ip</c>.</summary>
    public bool IsJob { get; init; }

    /// <summary>A name or address of the head to listen on; null: all.</summary>
    public string? Host { get; init; }

    /// <summary>Zero: any free port; null: the usual one, or any when that is taken.</summary>
    public int? Port { get; init; }

    /// <summary>Of the status page; likewise.</summary>
    public int? StatusPort { get; init; }

    /// <summary>What the head's node needs, when it is a job.</summary>
    public Provisioning.NodeCapacity Capacity { get; init; } = new() { Slots = 1 };

    /// <summary>What the head runs in; null: no container.</summary>
    public ContainerConfiguration? Container { get; init; }

    /// <summary>The provider's settings of the head's node, when it is a job.</summary>
    public Provisioning.Settings NodeSettings { get; init; } = Provisioning.Settings.None;
}
