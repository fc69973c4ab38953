using System.Diagnostics;
using System.Security.Cryptography.X509Certificates;

namespace Weft.Grpc.Tests.Interop;

/// <summary>A script on the system's Python, which has stock gRPC. It dies with this object at the latest.</summary>
internal sealed class PythonProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _errors;
    private readonly string? _folder;

    private PythonProcess(Process process, string? folder)
    {
        _process = process;
        _folder = folder;
        _errors = process.StandardError.ReadToEndAsync();
    }

    public static PythonProcess Start(string script, params string[] arguments) => Start(script, arguments, folder: null);

    /// <summary>The script gets the files of the certificate, and of its key when it is to serve, as its last arguments.</summary>
    public static PythonProcess StartWithCertificate(string script, X509Certificate2 certificate, bool withKey, params string[] arguments)
    {
        string folder = Directory.CreateTempSubdirectory("weft-grpc-").FullName;
        string certificateFile = Path.Combine(folder, "certificate.pem");
        File.WriteAllText(certificateFile, certificate.ExportCertificatePem());
        if (!withKey) return Start(script, [.. arguments, certificateFile], folder);

        string keyFile = Path.Combine(folder, "key.pem");
        File.WriteAllText(keyFile, certificate.GetECDsaPrivateKey()!.ExportPkcs8PrivateKeyPem());
        return Start(script, [.. arguments, keyFile, certificateFile], folder);
    }

    public async Task<string> ReadLineAsync() =>
        await _process.StandardOutput.ReadLineAsync().WaitAsync(Patience.Long) ?? throw new InvalidOperationException($"The script ended: {await _errors}");

    public async Task<(int ExitCode, string Output, string Errors)> ReadToEndAsync()
    {
        string output = await _process.StandardOutput.ReadToEndAsync().WaitAsync(Patience.Long);
        await _process.WaitForExitAsync().WaitAsync(Patience.Long);
        return (_process.ExitCode, output, await _errors);
    }

    public void Kill() => _process.Kill();

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited) _process.Kill();
        await _process.WaitForExitAsync().WaitAsync(Patience.Long);
        _process.Dispose();
        if (_folder is not null) Directory.Delete(_folder, recursive: true);
    }

    private static PythonProcess Start(string script, string[] arguments, string? folder)
    {
        string path = Path.Combine(AppContext.BaseDirectory, "interop", script);
        var start = new ProcessStartInfo("/usr/bin/python3", [path, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        return new PythonProcess(Process.Start(start)!, folder);
    }
}
