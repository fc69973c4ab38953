namespace Weft.Client;

/// <summary>Type names as people write them: <c>List&lt;Int32&gt;</c>.</summary>
internal static class TypeText
{
    public static string Of(Type type)
    {
        if (type.IsArray)
        {
            return $"{Of(type.GetElementType()!)}[{new string(',', type.GetArrayRank() - 1)}]";
        }

        if (!type.IsGenericType)
        {
            return type == typeof(Nothing) ? "Void" : type.Name;
        }

        var name = type.Name;
        var tick = name.IndexOf('`', StringComparison.Ordinal);
        return $"{(tick < 0 ? name : name[..tick])}<{string.Join(", ", type.GenericTypeArguments.Select(Of))}>";
    }
}
