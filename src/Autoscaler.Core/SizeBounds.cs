namespace Weft.Autoscaler.Core;

/// <summary>How many nodes there must and may be: the file's bounds, and what people asked for in their place.</summary>
internal sealed class SizeBounds
{
    public SizeBounds(AutoscalerOptions options, WantedSize wanted)
    {
        var types = options.NodeTypes;
        TypeMin = new int[types.Count];
        TypeMax = new int[types.Count];
        TypeIsExact = new bool[types.Count];
        for (var t = 0; t < types.Count; t++)
        {
            SizeTarget? target = wanted.Types.TryGetValue(types[t].Name, out var asked) ? asked : null;
            TypeMax[t] = Math.Min(types[t].WorkersMax, target?.Maximum ?? types[t].WorkersMax);
            TypeMin[t] = Math.Min(TypeMax[t], target?.Minimum ?? types[t].WorkersMin);
            TypeIsExact[t] = target?.IsExact ?? false;
        }

        ClusterMax = Math.Min(options.WorkersMax, wanted.Cluster?.Maximum ?? options.WorkersMax);
        ClusterMin = Math.Min(ClusterMax, wanted.Cluster?.Minimum ?? 0);
        IsClusterAsked = wanted.Cluster?.Minimum is not null;
        ClusterIsExact = wanted.Cluster?.IsExact ?? false;

        // The minima of the types are shares of the cluster's, in the order of the file, where somebody asked for one; else of its maximum.
        var left = IsClusterAsked ? ClusterMin : ClusterMax;
        for (var t = 0; t < types.Count; t++)
        {
            TypeMin[t] = Math.Min(TypeMin[t], left);
            left -= TypeMin[t];
        }
    }

    public int[] TypeMin { get; }

    public int[] TypeMax { get; }

    public bool[] TypeIsExact { get; }

    /// <summary>Zero unless somebody asked for a minimum of the whole cluster, then at least the sum of <see cref="TypeMin"/>: what one type lacks of its minimum keeps no nodes of another.</summary>
    public int ClusterMin { get; }

    public int ClusterMax { get; }

    public bool ClusterIsExact { get; }

    /// <summary>Somebody asked for a minimum of the whole cluster. A maximum alone asks for no node.</summary>
    public bool IsClusterAsked { get; }
}
