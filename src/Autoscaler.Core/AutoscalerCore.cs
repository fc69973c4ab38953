using Weft.Primitives;

namespace Weft.Autoscaler.Core;

/// <summary>Decides how many nodes of which type there should be. Pure: what there is goes in with the time, what to do comes out.</summary>
public sealed partial class AutoscalerCore
{
    private readonly AutoscalerOptions _options;

    /// <exception cref="ArgumentException">The options do not go together.</exception>
    public AutoscalerCore(AutoscalerOptions options)
    {
        options.Validate();
        _options = options;
    }

    /// <summary>As of the last observation.</summary>
    public AutoscalerReport Report { get; private set; } = AutoscalerReport.Empty;

    /// <returns>What is to be done, in this order.</returns>
    public IReadOnlyList<AutoscalerAction> Apply(in Stamped<AutoscalerEvent> happened)
    {
        _options.Validate();
        return [];
    }
}
