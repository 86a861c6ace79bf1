using System.Text.Json;
using ChatFunctions.Benchmarks.Processes;

namespace ChatFunctions.Benchmarks.Load;

/// <summary>The second process, from which all load comes: a job a line, a result a line.</summary>
internal sealed class LoadProcess : IAsyncDisposable
{
    public const string Command = "load";

    private readonly ChildProcess process = new(ChildProcess.ThisProgram, [Command]);

    /// <summary>What the second process does.</summary>
    public static async Task ServeAsync()
    {
        while (await Console.In.ReadLineAsync() is { } line)
        {
            var job = JsonSerializer.Deserialize<LoadJob>(line)!;
            Console.WriteLine(JsonSerializer.Serialize(await job.RunAsync()));
            // Not while the next one is measured.
            GC.Collect();
        }
    }

    public async Task<LoadResult> RunAsync(LoadJob job) =>
        JsonSerializer.Deserialize<LoadResult>(await process.AskAsync(JsonSerializer.Serialize(job)))!;

    public ValueTask DisposeAsync() => process.DisposeAsync();
}
