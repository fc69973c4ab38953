using System.Reflection;

namespace Weft.Serialization;

/// <summary>Where the code of a client's functions comes from: bundles that are shipped (<see cref="BundleCatalog"/>), or this very process (<see cref="LocalCode"/>).</summary>
public interface ICodeOrigin
{
    /// <summary>Whether every worker has this assembly of its own, perhaps in another build: its members are then named, not numbered.</summary>
    bool IsCommon(Assembly assembly);

    /// <summary>The bundle that holds all of these assemblies; empty when none is needed.</summary>
    /// <param name="assemblies">What a function needs.</param>
    /// <param name="member">The function, for the message when one of them cannot be shipped.</param>
    /// <exception cref="DelegateNotShippableException">One of them cannot be shipped.</exception>
    string BundleHashFor(IReadOnlyCollection<Assembly> assemblies, string member);
}
