using System.Globalization;
using Weft.Primitives;
using Weft.Provisioning;

namespace Weft.Launcher;

/// <summary>Reads <c>resources</c>: what a node offers.</summary>
internal sealed class ResourcesBinder(Findings findings)
{
    private const string Cpu = "CPU";
    private const string Memory = "memory";
    private const int SlotsMax = 4096;
    private const string AmountAllowed = "a number of at least 0 with at most three decimal places";

    /// <summary>Written in another case they would be ordinary resources that no task asks for.</summary>
    private static readonly string[] Spelt = [Cpu, Memory, "GPU"];

    public NodeResources Bind(FileMapping? mapping, string path, bool isHead)
    {
        int? slots = null;
        long? memory = null;
        var amounts = new List<KeyValuePair<string, long>>();
        foreach (var (name, value) in mapping?.Entries ?? [])
        {
            var key = $"{path}{FileText.Shown(name.Text)}";
            if (value is not FileScalar scalar)
            {
                findings.Problem(value, key, $"allowed is {AmountAllowed}.");
            }
            else if (Placeholders.Find(scalar.Text, isCommand: false) is { } placeholder)
            {
                findings.Problem(value, key, $"'{FileText.Shown(placeholder)}' is still to be filled in.");
            }
            else if (name.Text == Cpu)
            {
                slots = Slots(scalar, key, isHead ? 0 : 1);
            }
            else if (name.Text == Memory)
            {
                memory = FileValues.ReadSize(scalar.Text);
                if (memory is null)
                {
                    findings.Problem(value, key, $"'{FileText.Shown(scalar.Text)}' is not allowed; allowed is a size such as 512MiB or 4GB, or a whole number of bytes.");
                }
            }
            else if (name.Text == "object_store_memory")
            {
                findings.Note(name, $"{key} means nothing here: results are part of a worker's memory.");
            }
            else if (Amount(name, scalar, key) is { } milli)
            {
                amounts.Add(new KeyValuePair<string, long>(name.Text, milli));
            }
        }

        return new NodeResources(slots, memory, ResourceAmounts.Of(amounts));
    }

    private int? Slots(FileScalar value, string key, int least)
    {
        if (FileValues.ReadNumber(value.Text) is { } number && number >= least && number <= SlotsMax && decimal.IsInteger(number))
        {
            return (int)number;
        }

        findings.Problem(value, key, string.Create(CultureInfo.InvariantCulture, $"'{FileText.Shown(value.Text)}' is not allowed; allowed is a whole number from {least} to {SlotsMax}: so many tasks run at a time."));
        return null;
    }

    private long? Amount(FileScalar name, FileScalar value, string key)
    {
        if (Spelt.FirstOrDefault(spelt => spelt.Equals(name.Text, StringComparison.OrdinalIgnoreCase) && spelt != name.Text) is { } meant)
        {
            findings.Problem(name, key, "the name is not written so.", meant);
            return null;
        }

        if (name.Text.Length == 0 || name.Text.Any(static letter => letter is '=' or ',' || char.IsWhiteSpace(letter) || char.IsControl(letter)))
        {
            findings.Problem(name, key, "a resource's name has no blank, comma or equals sign.");
            return null;
        }

        if (FileValues.ReadNumber(value.Text) is { } number and >= 0 and <= int.MaxValue && decimal.Truncate(number * ResourceAmounts.Unit) == number * ResourceAmounts.Unit)
        {
            return (long)(number * ResourceAmounts.Unit);
        }

        findings.Problem(value, key, $"'{FileText.Shown(value.Text)}' is not allowed; allowed is {AmountAllowed}.");
        return null;
    }
}
