using System.Buffers;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;

namespace Weft.Launcher;

/// <summary>
/// Makes a tree of a YAML text. Anchors, aliases and merge keys (<c>&lt;&lt;</c>) are followed; there is one document, its keys are texts, and no key is there twice. All values stay texts: what they mean
/// the reader of each key decides.
/// </summary>
internal sealed class YamlTree
{
    private const int DepthMax = 32;

    /// <summary>Aliases make a small file large.</summary>
    private const int MergedMax = 1000;

    private static readonly SearchValues<char> ControlCharacters =
        SearchValues.Create([.. Enumerable.Range(0, 0x20).Select(static code => (char)code).Except(['\t', '\r']), '\x7f']);

    private readonly Parser _parser;
    private readonly Findings _findings;
    private readonly Dictionary<string, FileNode?> _anchors = [];

    private YamlTree(string text, Findings findings)
    {
        _parser = new Parser(new StringReader(text));
        _findings = findings;
    }

    /// <returns>Null: there is nothing that could be read on; the findings say why.</returns>
    public static FileMapping? Read(string text, Findings findings)
    {
        if (HasControlCharacters(text, findings))
        {
            return null;
        }

        var tree = new YamlTree(text, findings);
        try
        {
            var root = tree.ReadDocument();
            if (root is FileMapping mapping)
            {
                return mapping;
            }

            findings.Problem(root?.Line ?? 1, root?.Column ?? 1, "", root is null or FileScalar { IsNull: true }
                ? "the file is empty; the least is cluster_name: NAME and provider: { type: local }."
                : "the file is no mapping of keys to values, as in cluster_name: NAME.");
        }
        catch (YamlException wrong)
        {
            if (!IndentingTabs(text, findings))
            {
                findings.Problem((int)wrong.Start.Line, (int)wrong.Start.Column, "", $"this is no YAML: {wrong.Message.ReplaceLineEndings(" ").TrimEnd('.')}.");
            }
        }
        catch (Exception wrong) when (wrong is InvalidOperationException or ArgumentException or IndexOutOfRangeException)
        {
            // The library has these where it should complain of the text: the last that it could read is near.
            var near = tree._parser.Current?.End ?? Mark.Empty;
            findings.Problem(Math.Max(1, (int)near.Line), Math.Max(1, (int)near.Column), "", "this is no YAML from here on.");
        }

        return null;
    }

    /// <summary>YAML allows none but tabs and the ends of lines, and the library takes the rest for its own marks.</summary>
    private static bool HasControlCharacters(string text, Findings findings)
    {
        var lines = text.Split('\n');
        for (var i = 0; i < lines.Length; i++)
        {
            var at = lines[i].AsSpan().IndexOfAny(ControlCharacters);
            if (at >= 0)
            {
                findings.Problem(i + 1, at + 1, "", $"the character U+{(int)lines[i][at]:X4} is not allowed in YAML.");
            }
        }

        return findings.HasProblems;
    }

    /// <summary>The library's complaint about a tab speaks of tokens; the line is what helps.</summary>
    private static bool IndentingTabs(string text, Findings findings)
    {
        var lines = text.Split('\n');
        var found = false;
        for (var i = 0; i < lines.Length; i++)
        {
            var indent = lines[i].Length - lines[i].TrimStart(' ', '\t').Length;
            if (lines[i].AsSpan(0, indent).IndexOf('\t') is var tab and >= 0)
            {
                findings.Problem(i + 1, tab + 1, "", "a tab indents this line: YAML allows only spaces there.");
                found = true;
            }
        }

        return found;
    }

    private FileNode? ReadDocument()
    {
        _parser.Consume<StreamStart>();
        if (_parser.TryConsume<StreamEnd>(out _))
        {
            return null;
        }

        _parser.Consume<DocumentStart>();
        var root = ReadNode(0);
        _parser.Consume<DocumentEnd>();
        if (_parser.TryConsume<DocumentStart>(out var second))
        {
            _findings.Problem((int)second.Start.Line, (int)second.Start.Column, "", "a second document begins here: a cluster file is one document.");
        }

        return root;
    }

    private FileNode ReadNode(int depth)
    {
        if (depth > DepthMax)
        {
            throw new YamlException(_parser.Current!.Start, _parser.Current.End, $"sections lie more than {DepthMax} deep");
        }

        if (_parser.TryConsume<AnchorAlias>(out var alias))
        {
            return _anchors.GetValueOrDefault(alias.Value.Value) ?? throw new YamlException(alias.Start, alias.End, $"there is no anchor &{alias.Value} before *{alias.Value}");
        }

        var anchor = ((NodeEvent)_parser.Current!).Anchor;
        FileNode node = _parser.Current switch
        {
            MappingStart => ReadMapping(depth),
            SequenceStart => ReadList(depth),
            _ => ReadScalar(),
        };
        if (!anchor.IsEmpty)
        {
            _anchors[anchor.Value] = node;
        }

        return node;
    }

    private FileScalar ReadScalar()
    {
        var scalar = _parser.Consume<Scalar>();
        if (scalar.Value.Contains('\0', StringComparison.Ordinal))
        {
            throw new YamlException(scalar.Start, scalar.End, "a text has the character \\0 in it");
        }

        return new FileScalar((int)scalar.Start.Line, (int)scalar.Start.Column, scalar.Value, scalar.Style != ScalarStyle.Plain);
    }

    private FileList ReadList(int depth)
    {
        var start = _parser.Consume<SequenceStart>().Start;
        var items = new List<FileNode>();
        while (!_parser.TryConsume<SequenceEnd>(out _))
        {
            items.Add(ReadNode(depth + 1));
        }

        return new FileList((int)start.Line, (int)start.Column, items);
    }

    private FileMapping ReadMapping(int depth)
    {
        var start = _parser.Consume<MappingStart>().Start;
        var entries = new List<FileEntry>();
        var lines = new Dictionary<string, int>();
        var merged = new List<FileEntry>();
        while (!_parser.TryConsume<MappingEnd>(out _))
        {
            var at = _parser.Current!.Start;
            if (ReadNode(depth + 1) is not FileScalar key)
            {
                throw new YamlException(at, at, "a key is no text");
            }

            var value = ReadNode(depth + 1);
            if (key is { Text: "<<", IsQuoted: false })
            {
                merged.AddRange(Merged(key, value));
                if (merged.Count > MergedMax)
                {
                    throw new YamlException(at, at, $"<< brings in more than {MergedMax} keys");
                }
            }
            else if (lines.TryAdd(key.Text, key.Line))
            {
                entries.Add(new FileEntry(key, value));
            }
            else
            {
                _findings.Problem(key, FileText.Shown(key.Text), $"the key is there twice: on line {lines[key.Text]} too.");
            }
        }

        entries.AddRange(merged.Where(entry => lines.TryAdd(entry.Key.Text, entry.Key.Line)));

        return new FileMapping((int)start.Line, (int)start.Column, entries);
    }

    /// <summary>What <c>&lt;&lt;: *mapping</c> or <c>&lt;&lt;: [*one, *other]</c> brings in; the first that has a key wins, after the mapping's own.</summary>
    private static IEnumerable<FileEntry> Merged(FileScalar key, FileNode value) => value switch
    {
        FileMapping mapping => mapping.Entries,
        FileList list when list.Items.All(static item => item is FileMapping) => list.Items.Cast<FileMapping>().SelectMany(static mapping => mapping.Entries).Take(MergedMax + 1),
        _ => throw new YamlException(new Mark(0, key.Line, key.Column), new Mark(0, key.Line, key.Column), "<< takes a mapping, as in <<: *anchor"),
    };
}
