using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Reads the entries of <c>available_node_types</c>.</summary>
internal sealed partial class NodeTypeBinder(SectionReader reader, Findings findings, ProviderSection? provider, FileSection root, string clusterName)
{
    private const string DefaultType = "worker";

    /// <summary>The name of the head's node.</summary>
    private const string Taken = "head";

    private const int TypesMax = 100;
    private const int NameLengthMax = 63;

    /// <summary>What the node's script says itself, and by which key it is asked for.</summary>
    private static readonly Dictionary<string, string> OptionsTaken = new()
    {
        ["--scheduler-file"] = "scheduler_file",
        ["--name"] = "the name of the node type",
        ["--nworkers"] = "nworkers",
        ["--nthreads"] = "resources.CPU and nworkers",
        ["--memory-limit"] = "resources.memory",
        ["--resources"] = "resources",
        ["--local-directory"] = "storage",
    };

    private readonly ResourcesBinder _resources = new(findings);

    /// <param name="workersMax">Of the cluster.</param>
    /// <param name="headType">The node type of the head; null: there is none.</param>
    public IReadOnlyList<NodeTypeConfiguration> Bind(int workersMax, string? headType)
    {
        if (root.Sections("available_node_types") is not { } sections)
        {
            return [Default(workersMax)];
        }

        var types = new List<NodeTypeConfiguration>();
        foreach (var (name, section) in sections.Take(TypesMax))
        {
            CheckName(name, sections);
            types.Add(Bind(name.Text, section, workersMax, name.Text == headType));
        }

        if (sections.Count > TypesMax)
        {
            findings.Problem(sections[TypesMax].Name, "available_node_types", string.Create(CultureInfo.InvariantCulture, $"there are more than {TypesMax} node types."));
        }

        // The head's type has workers only where the file says so.
        return [.. types.Where(type => type.Name != headType || type.WorkersMax > 0)];
    }

    /// <summary>What <c>resources</c> of a type says.</summary>
    public NodeResources Resources(FileSection section, bool isHead) => _resources.Bind(section.Mapping("resources"), $"{section.Path}resources.", isHead);

    public Settings NodeSettings(FileSection section) =>
        section.Mapping("node_config") is { } mapping && provider is not null
            ? new Settings(reader.Read(mapping, provider.NodeKeys, $"{section.Path}node_config.").Values)
            : Settings.None;

    private NodeTypeConfiguration Default(int workersMax)
    {
        var least = root.Count("min_workers") ?? (provider?.NodesMax is null ? 0 : workersMax);
        if (least > workersMax)
        {
            findings.Problem(root.Where("min_workers"), "min_workers", string.Create(CultureInfo.InvariantCulture, $"{least} is more than max_workers, {workersMax}."));
        }

        return new NodeTypeConfiguration
        {
            Name = DefaultType,
            WorkersMin = least,
            WorkersMax = workersMax,
            Capacity = new NodeCapacity { Slots = 1 },
            TakesAllCores = provider?.HasHosts == true,
            Container = ContainerBinder.Worker(root.Section("docker"), null, clusterName),
        };
    }

    private NodeTypeConfiguration Bind(string name, FileSection section, int workersMax, bool isHead)
    {
        var resources = Resources(section, isHead);
        var most = Math.Min(section.Count("max_workers") ?? (isHead ? section.Count("min_workers") ?? 0 : workersMax), workersMax);
        var least = section.Count("min_workers") ?? 0;
        if (least > most)
        {
            findings.Problem(section.Where("min_workers"), $"{section.Path}min_workers", string.Create(CultureInfo.InvariantCulture, $"{least} is more than max_workers, {most}."));
        }

        var market = section.Text("market") ?? NodeTypeKeys.OnDemand;
        var type = new NodeTypeConfiguration
        {
            Name = name,
            WorkersMin = least,
            WorkersMax = most,
            Capacity = new NodeCapacity { Slots = Math.Max(1, resources.Slots ?? 1), MemoryBytes = resources.MemoryBytes },
            TakesAllCores = resources.Slots is null && provider?.HasHosts == true,
            Resources = resources.Amounts,
            Processes = section.Count("nworkers"),
            WorkerArguments = WorkerArguments(section),
            IsSpot = market is NodeTypeKeys.Spot or NodeTypeKeys.SpotWithFallback,
            FallsBackToOnDemand = market == NodeTypeKeys.SpotWithFallback,
            Price = section.Number("price"),
            SpotPrice = section.Number("spot_price"),
            NodeSettings = NodeSettings(section),
            InitializationCommands = section.List("initialization_commands"),
            WorkerSetupCommands = section.List("worker_setup_commands"),
            Container = ContainerBinder.Worker(root.Section("docker"), section.Section("docker"), clusterName),
        };
        CheckShares(type, section);
        CheckPrice(type, section);
        return type;
    }

    /// <summary>Processes of a node are alike: a share of what does not divide would be less than it says.</summary>
    private void CheckShares(NodeTypeConfiguration type, FileSection section)
    {
        if (type.Processes is not { } processes)
        {
            return;
        }

        if (!type.TakesAllCores && type.Capacity.Slots % processes != 0)
        {
            findings.Problem(section.Where("nworkers"), $"{section.Path}nworkers", string.Create(CultureInfo.InvariantCulture, $"{processes} processes cannot share CPU: {type.Capacity.Slots} equally."));
        }

        foreach (var (name, milli) in type.Resources.Milli.Where(amount => amount.Value % processes != 0))
        {
            findings.Problem(section.Where("nworkers"), $"{section.Path}nworkers", string.Create(CultureInfo.InvariantCulture, $"{processes} processes cannot share {name}: {milli / 1000m:0.###} equally, to three decimal places."));
        }
    }

    private void CheckPrice(NodeTypeConfiguration type, FileSection section)
    {
        if (root.Number("max_price") is not { } most || type.PriceLeast <= most)
        {
            return;
        }

        var dear = string.Create(CultureInfo.InvariantCulture, $"a node costs {type.PriceLeast}, which is more than max_price, {most}");
        if (type.WorkersMin > 0)
        {
            findings.Problem(section.Where("min_workers"), $"{section.Path}min_workers", $"{dear}, so that none is ever launched; allowed is 0, or a max_price of at least a node's price.");
        }
        else
        {
            findings.Note(section.Where("price"), $"{section.Path}price: {dear}: none is launched.");
        }
    }

    private List<string> WorkerArguments(FileSection section)
    {
        var words = new List<string>();
        foreach (var entry in section.List("worker_options") ?? [])
        {
            foreach (var word in ShellText.Split(entry))
            {
                words.Add(word);
                var option = word.Split('=', 2)[0];
                if (OptionsTaken.TryGetValue(option, out var instead))
                {
                    findings.Problem(section.Where("worker_options", entry), $"{section.Path}worker_options", $"{option} is given by {instead}.");
                }
            }
        }

        return words;
    }

    private void CheckName(FileScalar name, IReadOnlyList<(FileScalar Name, FileSection Section)> all)
    {
        var key = $"available_node_types.{FileText.Shown(name.Text)}";
        if (!NameForm().IsMatch(name.Text) || name.Text.Length > NameLengthMax)
        {
            findings.Problem(name, key, string.Create(CultureInfo.InvariantCulture, $"a node type's name has letters, digits, dots, underscores and dashes, at most {NameLengthMax}, and begins with a letter or digit."));
        }
        else if (name.Text == Taken)
        {
            findings.Problem(name, key, $"'{Taken}' is the name of the head's node.");
        }
        else if (NodeId.TryParse(name.Text, out var id) && all.Any(other => other.Name.Text == id.Type))
        {
            findings.Problem(name, key, $"a node of the type {id.Type} is called so.");
        }
    }

    [GeneratedRegex(@"\A[A-Za-z0-9][A-Za-z0-9._-]*\z")]
    private static partial Regex NameForm();
}
