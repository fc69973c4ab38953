using System.Collections.Frozen;

namespace Weft.Serialization;

/// <summary>What must not travel, and why. Types are matched by name, with their base classes, so that no assembly is loaded for a question.</summary>
internal static class Refusals
{
    private const string OperatingSystem = "it holds an operating-system resource";
    private const string Threads = "it coordinates threads of one process";
    private const string Running = "it stands for work that is under way in one process; await it and send the result";
    private const string Process = "it belongs to one process";
    private const string Address = "an address means nothing in another process";
    private const string Reflection = "it describes loaded code; send a Type, or a delegate";
    private const string Weak = "it refers to an object that the garbage collector may take; send the object";

    private static readonly FrozenDictionary<string, string> Reasons = new Dictionary<string, string>
    {
        ["System.IntPtr"] = Address,
        ["System.UIntPtr"] = Address,
        ["System.RuntimeTypeHandle"] = Address,
        ["System.RuntimeMethodHandle"] = Address,
        ["System.RuntimeFieldHandle"] = Address,
        ["System.Reflection.Pointer"] = Address,
        ["System.ArgIterator"] = Address,
        ["System.TypedReference"] = Address,
        ["System.MarshalByRefObject"] = Process,
        ["System.AppDomain"] = Process,
        ["System.LocalDataStoreSlot"] = Process,
        ["System.Runtime.Loader.AssemblyLoadContext"] = Process,
        ["System.Runtime.Serialization.SerializationInfo"] = Process,
        ["System.Reflection.Assembly"] = Reflection,
        ["System.Reflection.Module"] = Reflection,
        ["System.Reflection.MemberInfo"] = Reflection,
        ["System.Reflection.ParameterInfo"] = Reflection,
        ["System.Linq.Expressions.Expression"] = "it describes code; compile it and send the delegate",
        ["System.IO.Stream"] = OperatingSystem,
        ["System.Runtime.InteropServices.SafeHandle"] = OperatingSystem,
        ["System.Runtime.InteropServices.CriticalHandle"] = OperatingSystem,
        ["System.Runtime.InteropServices.GCHandle"] = Address,
        ["System.Runtime.InteropServices.GCHandle`1"] = Address,
        ["System.Runtime.InteropServices.HandleRef"] = OperatingSystem,
        ["System.Net.Sockets.Socket"] = OperatingSystem,
        ["System.Net.Sockets.TcpClient"] = OperatingSystem,
        ["System.Net.Sockets.TcpListener"] = OperatingSystem,
        ["System.Net.Sockets.UdpClient"] = OperatingSystem,
        ["System.Net.Http.HttpMessageInvoker"] = OperatingSystem,
        ["System.Net.Http.HttpMessageHandler"] = OperatingSystem,
        ["System.Net.WebSockets.WebSocket"] = OperatingSystem,
        ["System.Net.HttpListener"] = OperatingSystem,
        ["System.Data.Common.DbConnection"] = OperatingSystem,
        ["System.Data.Common.DbCommand"] = OperatingSystem,
        ["System.Data.Common.DbDataReader"] = OperatingSystem,
        ["System.Data.Common.DbDataSource"] = OperatingSystem,
        ["System.Security.Cryptography.X509Certificates.X509Certificate"] = OperatingSystem,
        ["System.Security.Cryptography.HashAlgorithm"] = OperatingSystem,
        ["System.Security.Cryptography.SymmetricAlgorithm"] = OperatingSystem,
        ["System.Security.Cryptography.AsymmetricAlgorithm"] = OperatingSystem,
        ["System.Threading.Thread"] = Threads,
        ["System.Threading.ThreadLocal`1"] = Threads,
        ["System.Threading.AsyncLocal`1"] = Threads,
        ["System.Threading.SemaphoreSlim"] = Threads,
        ["System.Threading.ManualResetEventSlim"] = Threads,
        ["System.Threading.ReaderWriterLockSlim"] = Threads,
        ["System.Threading.ReaderWriterLock"] = Threads,
        ["System.Threading.CountdownEvent"] = Threads,
        ["System.Threading.Barrier"] = Threads,
        ["System.Threading.SpinLock"] = Threads,
        ["System.Threading.SynchronizationContext"] = Threads,
        ["System.Threading.ExecutionContext"] = Threads,
        ["System.Threading.Tasks.TaskScheduler"] = Threads,
        ["System.Threading.Channels.ChannelReader`1"] = Threads,
        ["System.Threading.Channels.ChannelWriter`1"] = Threads,
        ["System.Threading.Channels.Channel`2"] = Threads,
        ["System.Collections.Concurrent.BlockingCollection`1"] = Threads,
        ["System.Threading.Tasks.Task"] = Running,
        ["System.Threading.Tasks.ValueTask"] = Running,
        ["System.Threading.Tasks.ValueTask`1"] = Running,
        ["System.Threading.Tasks.TaskCompletionSource"] = Running,
        ["System.Threading.Tasks.TaskCompletionSource`1"] = Running,
        ["System.Threading.Timer"] = Running,
        ["System.Threading.PeriodicTimer"] = Running,
        ["System.Timers.Timer"] = Running,
        ["System.Threading.CancellationTokenSource"] = "it cancels work of one process; a task gets its own token from its TaskContext",
        ["System.Threading.CancellationToken"] = "it can be cancelled only in the process that made it; a task gets its own token from its TaskContext",
        ["System.Threading.CancellationTokenRegistration"] = Running,
        ["Weft.WeftClient"] = "it is this program's connection; a task gets a client of its own from its TaskContext. A lambda carries every variable that any lambda of the same scope captures",
        ["System.WeakReference"] = Weak,
        ["System.WeakReference`1"] = Weak,
        ["System.Runtime.CompilerServices.ConditionalWeakTable`2"] = Weak,
        ["System.Runtime.DependentHandle"] = Weak,
        ["System.Collections.Hashtable"] = "its order of keys is this process's own; use Dictionary",
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Types that deserializers were led to run code by. Ours fills fields and calls no setters, but there is no honest use for them in data.</summary>
    private static readonly FrozenSet<string> Gadgets = new[]
    {
        "System.Diagnostics.Process", "System.Diagnostics.ProcessStartInfo", "System.Windows.Data.ObjectDataProvider", "System.Windows.Markup.XamlReader",
        "System.Configuration.Install.AssemblyInstaller", "System.Activities.Presentation.WorkflowDesigner", "System.Resources.ResXResourceReader",
        "System.Resources.ResXResourceSet", "System.Security.Principal.WindowsIdentity", "System.Security.Principal.WindowsPrincipal",
        "System.Security.Claims.ClaimsIdentity", "System.Data.DataSet", "System.Data.DataTable", "System.CodeDom.Compiler.TempFileCollection",
        "System.IO.FileSystemInfo", "System.Management.Automation.PSObject", "System.Web.Security.RolePrincipal", "System.Runtime.Remoting.ObjRef",
        "System.Runtime.Serialization.Formatters.Binary.BinaryFormatter", "System.Web.UI.ObjectStateFormatter", "System.Web.UI.LosFormatter",
        "Microsoft.VisualStudio.Text.Formatting.TextFormattingRunProperties",
    }.ToFrozenSet(StringComparer.Ordinal);

    /// <summary>Why values of this type cannot travel, or null if they can.</summary>
    public static string? ReasonFor(Type type)
    {
        if (typeof(Delegate).IsAssignableFrom(type))
        {
            return "a delegate is code, and nothing here knows how to ship it";
        }

        if (type.IsCOMObject)
        {
            return OperatingSystem;
        }

        for (Type? level = type; level is not null; level = level.BaseType)
        {
            if (Reasons.TryGetValue(DefinitionName(level), out string? reason))
            {
                return reason;
            }
        }

        return type.IsDefined(typeof(System.Runtime.CompilerServices.CompilerGeneratedAttribute), inherit: false)
            && (typeof(System.Collections.IEnumerator).IsAssignableFrom(type) || typeof(System.Runtime.CompilerServices.IAsyncStateMachine).IsAssignableFrom(type))
            ? "it is code half way through its run"
            : null;
    }

    public static bool IsGadget(Type type)
    {
        for (Type? level = type; level is not null; level = level.BaseType)
        {
            if (Gadgets.Contains(DefinitionName(level)))
            {
                return true;
            }
        }

        return false;
    }

    private static string DefinitionName(Type type) => (type.IsGenericType ? type.GetGenericTypeDefinition() : type).FullName ?? type.Name;
}
