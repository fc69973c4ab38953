using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>A node and the host that was chosen for it.</summary>
internal readonly record struct PlacedNode(SshHost Host, NodeId Node);
