namespace Weft.Launcher;

/// <summary>Where one start of a worker process lives.</summary>
/// <param name="Index">Which of the supervisor's workers it is.</param>
/// <param name="Folder">Its own, removed after its end however it ends.</param>
public sealed record WorkerPlace(int Index, string Folder)
{
    /// <summary>What it and its supervisor know of each other.</summary>
    public string LifePage => LifePageIn(Folder);

    public static string LifePageIn(string folder) => Path.Combine(folder, "life");
}
