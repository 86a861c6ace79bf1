using System.Diagnostics;
using ChatFunctions.Tests.Processes;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>The worker's process, started as the Functions host starts it.</summary>
public sealed class WorkerProcess : IAsyncDisposable
{
    private readonly RecordedProcess process;

    /// <param name="assembly">The app's assembly in its build output.</param>
    /// <param name="host">Where the host listens for the worker.</param>
    /// <param name="environment">Settings and more; a null removes what this process has.</param>
    public WorkerProcess(string assembly, Uri host, IEnumerable<KeyValuePair<string, string?>> environment)
    {
        var folder = Path.GetDirectoryName(assembly)!;
        var (workerId, requestId, maxLength) = ($"{Guid.NewGuid()}", $"{Guid.NewGuid()}", $"{int.MaxValue}");
        var start = new ProcessStartInfo("dotnet",
        [
            assembly,
            "--host", host.Host, "--port", $"{host.Port}", "--workerId", workerId, "--requestId", requestId, "--grpcMaxMessageLength", maxLength,
            "--functions-uri", $"{host}", "--functions-worker-id", workerId, "--functions-request-id", requestId,
            "--functions-grpc-max-message-length", maxLength,
        ])
        {
            WorkingDirectory = folder,
            Environment =
            {
                ["FUNCTIONS_WORKER_RUNTIME"] = "dotnet-isolated",
                ["FUNCTIONS_APPLICATION_DIRECTORY"] = folder,
                ["FUNCTIONS_WORKER_DIRECTORY"] = folder,
            },
        };
        foreach (var (name, value) in environment) start.Environment[name] = value;
        process = new RecordedProcess(start);
    }

    public int Id => process.Id;

    public int ExitCode => process.ExitCode;

    /// <summary>Completes at the end of the process.</summary>
    public Task Ended => process.Ended;

    /// <summary>What it has written to its standard output and error.</summary>
    public string Output => string.Join('\n', process.Output);

    /// <summary>Kills it, where it has not ended.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited) process.Kill();
        await Ended;
        process.Dispose();
    }
}
