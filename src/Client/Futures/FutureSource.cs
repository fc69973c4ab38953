using System.Globalization;
using Weft.Primitives;

namespace Weft.Client;

/// <summary>What the futures of one submission have in common besides their range: how they are named, and how one of them is run again here.</summary>
internal class FutureSource(string stem)
{
    public virtual string KeyOf(TaskId task) => string.Create(CultureInfo.InvariantCulture, $"{stem}-{task.Value:x}");

    public virtual Task<T> ReplayAsync<T>(Future<T> future, CancellationToken cancellationToken) =>
        throw new InvalidOperationException($"The function of {future.Key} is not known here: only futures that Submit or Map returned can be replayed.");

    /// <summary>A future that came to a task among its arguments.</summary>
    internal sealed class Named(string key) : FutureSource(stem: key)
    {
        private readonly string _key = key;

        public override string KeyOf(TaskId task) => _key;
    }
}
