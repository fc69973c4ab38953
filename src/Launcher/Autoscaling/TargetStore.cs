using Google.Protobuf;
using V1 = Weft.Protocol.V1;

namespace Weft.Launcher;

/// <summary>Keeps the size that people asked for, over the ends of scheduler and autoscaler.</summary>
internal sealed class TargetStore(ClusterFolder folder)
{
    /// <summary>Empty when nobody asked, or what is there cannot be read: then the cluster file's bounds hold.</summary>
    public V1.ScaleTarget Read()
    {
        try
        {
            return V1.ScaleTarget.Parser.ParseJson(File.ReadAllText(folder.TargetFile));
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or InvalidProtocolBufferException)
        {
            return new V1.ScaleTarget();
        }
    }

    /// <summary>For a head that is started by somebody: the end that was asked for was that of the one before. A head that its system starts again goes on ending.</summary>
    public static string ForgetEndScript(ClusterFolder folder)
    {
        var file = ShellText.Quote(folder.TargetFile);
        return $"if grep -qs '\"end\": *true' {file}; then rm -f {file}; fi";
    }

    public void Write(V1.ScaleTarget target)
    {
        var draft = folder.TargetFile + ".new";
        File.WriteAllText(draft, JsonFormatter.Default.Format(target));
        File.Move(draft, folder.TargetFile, overwrite: true);
    }
}
