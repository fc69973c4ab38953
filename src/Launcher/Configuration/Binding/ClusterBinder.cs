using System.Globalization;
using System.Text.RegularExpressions;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Makes a configuration of a file's sections, with all defaults in place.</summary>
internal sealed partial class ClusterBinder(Findings findings, string folder)
{
    private const int NameLengthMax = 40;

    /// <summary>As in Ray's files.</summary>
    private const int DefaultWorkersMax = 2;

    private static readonly string[] VariablesTaken = ["WEFT_CLUSTER", "WEFT_NODE", "WEFT_NODE_TYPE"];

    private readonly SectionReader _reader = new(findings);
    private readonly NodePathBinder _paths = new(findings);

    /// <returns>Of worth only when the findings have no problem.</returns>
    public ClusterConfiguration Bind(FileMapping file)
    {
        var root = _reader.Read(file, ClusterKeys.Root, "");
        var login = Login(root.Section("auth"));
        var provider = root.Mapping("provider") is { } mapping ? new ProviderBinder(_reader, findings, folder, login).Bind(mapping) : null;
        var name = ClusterName(root);
        var workersMax = WorkersMax(root, provider);
        var types = new NodeTypeBinder(_reader, findings, provider, root, name);
        var headType = HeadType(root);
        var nodeTypes = types.Bind(workersMax, headType?.Name.Text);
        CheckWorkersMin(root, nodeTypes, workersMax);
        NoteFiles(root, provider);
        return new ClusterConfiguration
        {
            ClusterName = name,
            Creator = root.Text("creator"),
            ProviderType = provider?.Type ?? "",
            ProviderModule = provider?.Module,
            Provider = provider?.Settings ?? Settings.None,
            Head = Head(root, provider, types, headType?.Section, name),
            NodeTypes = nodeTypes,
            WorkersMax = workersMax,
            UpscalingSpeed = UpscalingSpeed(root),
            WorkerTimeout = root.Duration("worker_timeout") ?? IdleTimeout(root),
            HeadTimeout = root.Duration("head_timeout") ?? Timeout.InfiniteTimeSpan,
            PriceMax = root.Number("max_price"),
            HourlyCostMax = root.Number("max_hourly_cost"),
            Login = login,
            FileMounts = FileMounts(root),
            ClusterSyncedFiles = SyncedFiles(root),
            RsyncExclude = root.List("rsync_exclude") ?? [],
            RsyncFilter = root.List("rsync_filter") ?? [],
            InitializationCommands = root.List("initialization_commands") ?? [],
            SetupCommands = root.List("setup_commands") ?? [],
            HeadSetupCommands = root.List("head_setup_commands") ?? [],
            WorkerSetupCommands = root.List("worker_setup_commands") ?? [],
            Environment = Variables(root),
            Tags = Tags(root),
            SchedulerFile = _paths.Path(root, "scheduler_file"),
            Journal = Journal(root),
            Storage = _paths.Path(root, "storage"),
            Program = Program(root),
            Notes = findings.Notes,
        };
    }

    private string ClusterName(FileSection root)
    {
        var name = root.Text("cluster_name") ?? "";
        if (root.Has("cluster_name") && (!NameForm().IsMatch(name) || name.Length > NameLengthMax))
        {
            var like = NotInNames().Replace(name, "-").Trim('-');
            findings.Problem(
                root.Where("cluster_name"),
                "cluster_name",
                $"'{FileText.Shown(name)}' is not allowed; allowed are letters, digits, underscores and, between them, dashes, at most {NameLengthMax}.",
                NameForm().IsMatch(like) && like.Length <= NameLengthMax ? like : null);
        }

        return name;
    }

    private int WorkersMax(FileSection root, ProviderSection? provider)
    {
        var hosts = provider?.NodesMax;
        var most = root.Count("max_workers") ?? hosts ?? DefaultWorkersMax;
        if (most > hosts)
        {
            findings.Note(root.Where("max_workers"), string.Create(CultureInfo.InvariantCulture, $"max_workers: there are hosts for {hosts}."));
            return hosts.Value;
        }

        return most;
    }

    private void CheckWorkersMin(FileSection root, IReadOnlyList<NodeTypeConfiguration> types, int workersMax)
    {
        if (!root.Has("available_node_types"))
        {
            return;
        }

        if (root.Has("min_workers"))
        {
            findings.Note(root.Where("min_workers"), "min_workers means nothing here: available_node_types says it for each type.");
        }

        var least = types.Sum(static type => (long)Math.Min(type.WorkersMin, type.WorkersMax));
        if (least > workersMax)
        {
            findings.Problem(root.Where("max_workers"), "max_workers", string.Create(CultureInfo.InvariantCulture, $"{workersMax} is less than the min_workers of all node types together, {least}."));
        }

        var cost = types.Sum(static type => Math.Min(type.WorkersMin, type.WorkersMax) * type.PriceLeast);
        if (cost > root.Number("max_hourly_cost"))
        {
            findings.Problem(root.Where("max_hourly_cost"), "max_hourly_cost", string.Create(CultureInfo.InvariantCulture, $"{root.Number("max_hourly_cost")} is less than what the min_workers of all node types together cost in an hour; allowed is at least {cost}."));
        }

        if (types.Count == 0)
        {
            findings.Problem(root.Where("available_node_types"), "available_node_types", "no type has workers, so that no task would run: the head runs none, and the type of the head has only as many as its max_workers says.");
        }
    }

    private (FileScalar Name, FileSection Section)? HeadType(FileSection root)
    {
        if (root.Text("head_node_type") is not { } name)
        {
            return null;
        }

        var sections = root.Sections("available_node_types") ?? [];
        foreach (var section in sections)
        {
            if (section.Name.Text == name)
            {
                return section;
            }
        }

        var names = sections.Select(static section => section.Name.Text).ToArray();
        findings.Problem(
            root.Where("head_node_type"),
            "head_node_type",
            names.Length == 0 ? "there is no section available_node_types." : $"there is no node type '{FileText.Shown(name)}'; there are {string.Join(", ", names.Select(FileText.Shown))}.",
            NearestName.Of(name, names));
        return null;
    }

    private static HeadConfiguration Head(FileSection root, ProviderSection? provider, NodeTypeBinder types, FileSection? type, string clusterName)
    {
        var head = root.Section("head");
        var resources = type is null ? null : types.Resources(type, isHead: true);
        return new HeadConfiguration
        {
            IsJob = head?.Text("run_as") == HeadKeys.Job,
            Host = head?.Text("host") ?? (provider?.IsOneMachine == true ? HeadKeys.Loopback : null),
            Port = head?.Count("port"),
            StatusPort = head?.Count("status_port"),
            Capacity = new NodeCapacity { Slots = Math.Max(1, resources?.Slots ?? 1), MemoryBytes = resources?.MemoryBytes },
            Container = ContainerBinder.Head(root.Section("docker"), clusterName),
            NodeSettings = head?.Has("node_config") == true ? types.NodeSettings(head) : type is not null ? types.NodeSettings(type) : Settings.None,
        };
    }

    private double UpscalingSpeed(FileSection root)
    {
        if (root.Number("upscaling_speed") is not { } speed)
        {
            return 1;
        }

        if (speed is <= 0 or > 1_000_000)
        {
            findings.Problem(root.Where("upscaling_speed"), "upscaling_speed", string.Create(CultureInfo.InvariantCulture, $"{speed} is not allowed; allowed is a number above 0: 1 doubles."));
        }

        return (double)speed;
    }

    private TimeSpan IdleTimeout(FileSection root)
    {
        const int MinutesMax = 10 * 365 * 24 * 60;
        var minutes = root.Number("idle_timeout_minutes") ?? 5;
        if (minutes <= MinutesMax)
        {
            return new TimeSpan((long)(minutes * TimeSpan.TicksPerMinute));
        }

        findings.Problem(root.Where("idle_timeout_minutes"), "idle_timeout_minutes", string.Create(CultureInfo.InvariantCulture, $"{minutes} is more than {MinutesMax}; worker_timeout: -1 means never."));
        return TimeSpan.Zero;
    }

    private ClusterLogin Login(FileSection? auth) => new()
    {
        User = auth?.Text("ssh_user"),
        PrivateKey = auth?.Text("ssh_private_key") is { } key ? LocalPath.Full(key, folder) : null,
        ProxyCommand = auth?.Text("ssh_proxy_command"),
    };

    /// <summary>Whether a path is on a shared volume is not to be seen from here.</summary>
    private void NoteFiles(FileSection root, ProviderSection? provider)
    {
        if (provider is not { IsQueue: true })
        {
            return;
        }

        if (root.Map("file_mounts").Count > 0)
        {
            findings.Note(root.Where("file_mounts"), $"file_mounts are copied to the machine that weft up runs on: nodes of {provider.Type} see them where the path there is on a volume that they share.");
        }

        if (root.List("cluster_synced_files") is { Count: > 0 })
        {
            findings.Note(root.Where("cluster_synced_files"), $"cluster_synced_files are not copied: nodes of {provider.Type} see them where the path is on a volume that they share.");
        }
    }

    private List<FileMount> FileMounts(FileSection root)
    {
        var mounts = new List<FileMount>();
        foreach (var (target, source) in root.Map("file_mounts"))
        {
            if (source.Length == 0)
            {
                findings.Problem(root.Where("file_mounts", target), $"file_mounts.{FileText.Shown(target)}", "the path here is missing.");
            }
            else if (_paths.IsTarget(root.Where("file_mounts", target), $"file_mounts.{FileText.Shown(target)}", target))
            {
                mounts.Add(new FileMount(LocalPath.Full(source, folder), target));
            }
        }

        return mounts;
    }

    private List<string> SyncedFiles(FileSection root) =>
        [.. (root.List("cluster_synced_files") ?? []).Where(path => _paths.IsTarget(root.Where("cluster_synced_files", path), "cluster_synced_files", path))];

    private IReadOnlyDictionary<string, string> Variables(FileSection root)
    {
        var variables = root.Map("env");
        foreach (var name in variables.Keys)
        {
            if (!VariableForm().IsMatch(name))
            {
                findings.Problem(root.Where("env", name), $"env.{FileText.Shown(name)}", "the name of a variable has letters, digits and underscores, and does not begin with a digit.");
            }
            else if (VariablesTaken.Contains(name))
            {
                findings.Problem(root.Where("env", name), $"env.{name}", "every node has this variable already, with its own name and type and the cluster's.");
            }
        }

        return variables;
    }

    /// <summary>Who pays looks at labels.</summary>
    private static SortedDictionary<string, string> Tags(FileSection root)
    {
        var tags = new SortedDictionary<string, string>(root.Map("tags").ToDictionary(), StringComparer.Ordinal);
        if (root.Text("creator") is { } creator)
        {
            tags.TryAdd("creator", creator);
        }

        return tags;
    }

    private string Journal(FileSection root)
    {
        var journal = root.Text("journal") ?? Scheduler.JournalPlace.Auto;
        if (journal is not (Scheduler.JournalPlace.Auto or Scheduler.JournalPlace.Off))
        {
            _paths.IsPath(root.Where("journal"), "journal", journal, "auto, off, ");
        }

        return journal;
    }

    private string? Program(FileSection root)
    {
        if (root.Text("weft_program") is { } program && program.Contains('/', StringComparison.Ordinal))
        {
            _paths.IsPath(root.Where("weft_program"), "weft_program", program, "a name, ");
        }

        return root.Text("weft_program");
    }

    [GeneratedRegex(@"\A[A-Za-z0-9_]([A-Za-z0-9_-]*[A-Za-z0-9_])?\z")]
    private static partial Regex NameForm();

    [GeneratedRegex("[^A-Za-z0-9_]+")]
    private static partial Regex NotInNames();

    [GeneratedRegex(@"\A[A-Za-z_][A-Za-z0-9_]*\z")]
    private static partial Regex VariableForm();
}
