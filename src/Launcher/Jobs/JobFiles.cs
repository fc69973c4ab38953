namespace Weft.Launcher;

/// <summary>What is in a job's folder, <c>jobs/ID</c> of the cluster's.</summary>
internal static class JobFiles
{
    /// <summary>Its <see cref="JobRecord"/>.</summary>
    public const string Record = "job.json";

    /// <summary>What it wrote, output and errors as they came.</summary>
    public const string Output = "output.log";

    /// <summary>There when somebody has told it to end.</summary>
    public const string Stop = "stop";

    /// <summary>The folder of the program.</summary>
    public const string Program = "program";
}
