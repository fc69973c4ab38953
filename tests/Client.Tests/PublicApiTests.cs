using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;

namespace Weft.Client.Tests;

/// <summary>The public API is changed on purpose or not at all: it stands in PublicApi.txt.</summary>
public class PublicApiTests
{
    /// <summary>Set WEFT_WRITE_API=1 to write the file instead of comparing it.</summary>
    [Fact]
    public void The_public_API_is_what_PublicApi_txt_says()
    {
        var path = Path.Combine(Path.GetDirectoryName(Here())!, "PublicApi.txt");
        var actual = Describe(typeof(WeftClient).Assembly);
        if (Environment.GetEnvironmentVariable("WEFT_WRITE_API") == "1")
        {
            File.WriteAllText(path, actual);
        }

        Assert.Equal(File.ReadAllText(path), actual);
    }

    private static string Describe(Assembly assembly)
    {
        var text = new StringBuilder();
        foreach (var type in assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal))
        {
            text.Append($"{type.FullName}{(type.BaseType is { } parent && parent != typeof(object) ? $" : {parent}" : "")}\n");
            const BindingFlags Own = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;
            foreach (var member in type.GetMembers(Own).Where(IsVisible).Select(Describe).Order(StringComparer.Ordinal))
            {
                text.Append($"    {member}\n");
            }
        }

        return text.ToString();
    }

    private static string Describe(MemberInfo member) =>
        member.GetCustomAttribute<OverloadResolutionPriorityAttribute>() is { Priority: var priority } ? $"{member} [priority {priority}]" : member.ToString()!;

    /// <summary>Accessors stand as their properties; what the compiler makes for records is not of our choosing.</summary>
    private static bool IsVisible(MemberInfo member) => member switch
    {
        MethodBase method => (method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly)
            && (!method.IsSpecialName || method.IsConstructor || method.Name.StartsWith("op_", StringComparison.Ordinal))
            && !method.IsDefined(typeof(CompilerGeneratedAttribute)),
        PropertyInfo property => property.GetAccessors().Length > 0,
        FieldInfo field => field.IsPublic,
        EventInfo => true,
        _ => false,
    };

    private static string Here([CallerFilePath] string path = "") => path;
}
