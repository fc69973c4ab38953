using System.Security.Cryptography;
using System.Text;

namespace Weft.Launcher;

/// <summary>Names a folder by what is in it.</summary>
internal static class ProgramContent
{
    private const int Characters = 16;

    public static string HashOf(string folder)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var path in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
        {
            var content = File.ReadAllBytes(path);
            hash.AppendData(Encoding.UTF8.GetBytes($"{Path.GetRelativePath(folder, path)}\0{content.Length}\0"));
            hash.AppendData(content);
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset())[..Characters];
    }
}
