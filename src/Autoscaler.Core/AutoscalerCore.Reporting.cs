using System.Globalization;

namespace Weft.Autoscaler.Core;

/// <summary>How things stand, for people.</summary>
public sealed partial class AutoscalerCore
{
    private void Tell(SizeBounds bounds, Plan? plan, IEnumerable<string> first)
    {
        var types = new List<NodeTypeReport>();
        for (var type = 0; type < _options.NodeTypes.Count; type++)
        {
            var own = _nodes.Values.Where(node => node.Type == type).ToArray();
            if (type >= _typesOfFile && own.Length == 0)
            {
                continue;
            }

            var staying = own.Count(static node => node.IsStaying);
            var running = own.Count(static node => node.IsStaying && node.IsUp);
            var more = plan is null ? 0 : plan.Unmet[type];
            types.Add(new NodeTypeReport(
                _options.NodeTypes[type].Name, bounds.TypeMin[type], bounds.TypeMax[type], staying + more, staying - running, running, own.Length - staying, plan?.Held[type]));
        }

        Report = new AutoscalerReport(types, [.. first, .. plan?.Lines ?? [], .. NodesThatStay()]);
    }

    private IEnumerable<string> NodesThatStay()
    {
        foreach (var node in _nodes.Values)
        {
            if (HasBeenEndingFor(node, EndingSlowMs))
            {
                yield return $"{node.Key} has been ending for {Wording.Duration(_nowMs - node.EndingMs)}, and is not gone";
            }
            else if (node.RefusedUntilMs > _nowMs && node.Load.RefusedToLeave is { } refused)
            {
                yield return $"{node.Key} was asked to leave and stays: {refused}";
            }
            else if (node.IsDraining && !node.IsTerminating && _nowMs - node.DrainBeganMs >= DrainSlowMs)
            {
                yield return string.Create(CultureInfo.InvariantCulture, $"{node.Key} has been leaving for {Wording.Duration(_nowMs - node.DrainBeganMs)} ({node.DrainReason})");
            }
        }
    }
}
