using System.Diagnostics;

namespace ChatFunctions.Tests.Processes;

/// <summary>A process of another program, and all that it writes.</summary>
public sealed class RecordedProcess : IDisposable
{
    private readonly Process process;
    private readonly List<string> output = [];
    private readonly TaskCompletionSource ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <param name="start">What to start, and how.</param>
    public RecordedProcess(ProcessStartInfo start)
    {
        start.RedirectStandardOutput = start.RedirectStandardError = true;
        process = new Process { StartInfo = start, EnableRaisingEvents = true };
        process.OutputDataReceived += (_, line) => Add(line.Data);
        process.ErrorDataReceived += (_, line) => Add(line.Data);
        process.Exited += (_, _) => ended.TrySetResult();
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    public int Id => process.Id;

    public bool HasExited => process.HasExited;

    public int ExitCode => process.ExitCode;

    /// <summary>Completes at the end of the process.</summary>
    public Task Ended => ended.Task;

    /// <summary>The lines of its standard output and error.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (output) return [.. output];
        }
    }

    /// <summary>Ends it and all that it has started, without asking.</summary>
    public void Kill() => process.Kill(entireProcessTree: true);

    public void Dispose() => process.Dispose();

    private void Add(string? line)
    {
        if (line is null) return;
        lock (output) output.Add(line);
    }
}
