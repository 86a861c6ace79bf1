using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using ChatFunctions.Local;

namespace ChatFunctions.Tests.Node;

/// <summary>A command failed in a script.</summary>
/// <param name="code">Of the Momento SDK, its <c>MomentoErrorCode</c>, such as <c>PERMISSION_ERROR</c>.</param>
/// <param name="message">Of what failed.</param>
public sealed class NodeException(string code, string message) : Exception($"{code}: {message}")
{
    public string Code { get; } = code;
}

/// <summary>A node process that runs a script of these tests: a JSON command a line in, a JSON answer or event a line out.</summary>
public sealed class NodeProcess : IAsyncDisposable
{
    /// <summary>What is null is left out, so that it is undefined to the SDK.</summary>
    private static readonly JsonSerializerOptions Json = new() { DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull };

    private static readonly TimeSpan StopTimeout = TimeSpan.FromSeconds(2);

    private readonly Process node;
    private readonly Task reading;
    private readonly SemaphoreSlim writing = new(1);
    private readonly ConcurrentDictionary<int, TaskCompletionSource<JsonElement>> calls = new();
    private readonly ConcurrentDictionary<int, Action<JsonElement>> listeners = new();
    private int lastId;

    private NodeProcess(Process node)
    {
        this.node = node;
        reading = ReadAsync();
    }

    /// <summary>Installs the SDK first if need be.</summary>
    /// <param name="folder">Of the script and its packages.</param>
    /// <param name="script">Takes commands and answers them, as momento.mjs does.</param>
    /// <exception cref="NpmException">It cannot be installed.</exception>
    public static async Task<NodeProcess> StartAsync(string folder, string script)
    {
        await Npm.RestoreAsync(folder);
        return new NodeProcess(Process.Start(new ProcessStartInfo("node", script)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!);
    }

    /// <summary>Node ends with its input.</summary>
    public async ValueTask DisposeAsync()
    {
        node.StandardInput.Close();
        using var timeout = new CancellationTokenSource(StopTimeout);
        await node.WaitForExitAsync(timeout.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (!node.HasExited) node.Kill();
        await reading;
        node.Dispose();
        writing.Dispose();
    }

    /// <param name="name">A command of the script.</param>
    /// <param name="arguments">An object with the command's arguments.</param>
    /// <param name="listen">Takes the events of what the command makes, which may come before the answer.</param>
    /// <returns>The answer's result.</returns>
    /// <exception cref="NodeException">The command fails.</exception>
    public async Task<JsonElement> CallAsync(string name, object arguments, Action<JsonElement>? listen = null)
    {
        var id = Interlocked.Increment(ref lastId);
        var answer = calls[id] = new TaskCompletionSource<JsonElement>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (listen is not null) listeners[id] = listen;
        var command = JsonSerializer.SerializeToNode(arguments, Json)!.AsObject();
        command["id"] = id;
        command["name"] = name;
        await WriteAsync(command.ToJsonString());
        return await answer.Task;
    }

    public void StopListening(int id) => listeners.TryRemove(id, out _);

    private async Task WriteAsync(string line)
    {
        await writing.WaitAsync();
        try
        {
            await node.StandardInput.WriteLineAsync(line);
            await node.StandardInput.FlushAsync();
        }
        finally
        {
            writing.Release();
        }
    }

    private async Task ReadAsync()
    {
        while (await node.StandardOutput.ReadLineAsync() is { } line) Take(JsonElement.Parse(line));
        foreach (var call in calls.Values) call.TrySetException(new IOException("Node has ended; its standard error says why."));
    }

    private void Take(JsonElement message)
    {
        if (message.TryGetProperty("listener", out var listener))
        {
            listeners.GetValueOrDefault(listener.GetInt32())?.Invoke(message);
            return;
        }

        calls.TryRemove(message.GetProperty("id").GetInt32(), out var call);
        if (message.TryGetProperty("error", out var error)) call!.SetException(ToException(error));
        else call!.SetResult(message.TryGetProperty("result", out var result) ? result : default);
    }

    private static NodeException ToException(JsonElement error) =>
        new(error.GetProperty("code").GetString()!, error.GetProperty("message").GetString()!);
}
