using System.Diagnostics;

namespace ChatFunctions.Benchmarks.Processes;

/// <summary>
/// A process of this program. It is asked a line at a time, and answers each with a line; it ends when its stdin does.
/// </summary>
internal sealed class ChildProcess(string program, IEnumerable<string> arguments) : IAsyncDisposable
{
    /// <summary>This program, as it was built.</summary>
    public static string ThisProgram => Environment.ProcessPath!;

    private readonly Process process = Process.Start(new ProcessStartInfo(program, arguments)
    {
        RedirectStandardInput = true,
        RedirectStandardOutput = true,
    })!;

    public async Task<string> AskAsync(string line)
    {
        await process.StandardInput.WriteLineAsync(line);
        await process.StandardInput.FlushAsync();
        return await ReadAsync();
    }

    /// <exception cref="IOException">The process has ended; it has said why on stderr.</exception>
    public async Task<string> ReadAsync() =>
        await process.StandardOutput.ReadLineAsync() ?? throw new IOException($"{program} has ended.");

    public async ValueTask DisposeAsync()
    {
        process.StandardInput.Close();
        await process.WaitForExitAsync();
        process.Dispose();
    }
}
