using System.Net.Sockets;
using System.Reflection;
using ChatFunctions.Local;
using ChatFunctions.Tests.Worker.Rpc;
using Google.Protobuf.WellKnownTypes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Content = ChatFunctions.Tests.Worker.Rpc.StreamingMessage.ContentOneofCase;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>
/// Runs the app's own build output as the Functions host does when it is deployed: its Program.cs, in a process of its own, spoken
/// to by the host's protocol, with its functions behind the host's HTTP server. It has neither the host's triggers other than HTTP
/// (a test invokes those) nor its keys, its CORS or its pages.
/// </summary>
public sealed class WorkerHost : IAsyncDisposable
{
    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    /// <summary>The app's assembly as the build has left it, beside its host.json.</summary>
    private static readonly string App = Path.GetFullPath(typeof(WorkerHost).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(metadata => metadata.Key == "FunctionApp").Value!);

    private readonly WorkerChannel channel = new();
    private readonly Stack<IAsyncDisposable> parts = new();
    private WorkerProcess worker = null!;
    private WorkerFront front = null!;
    private HostJson hostJson = null!;

    private WorkerHost()
    {
    }

    /// <summary>Where the functions answer: <c>http://localhost:port</c>.</summary>
    public Uri Address => front.Address;

    /// <summary>The functions that the worker has reported and loaded.</summary>
    public IReadOnlyList<WorkerFunction> Functions { get; private set; } = [];

    /// <summary>The worker's process.</summary>
    public int ProcessId => worker.Id;

    /// <summary>What functions have answered over RPC, beside their HTTP answers.</summary>
    public IReadOnlyCollection<InvocationResponse> RpcAnswers => channel.Responses;

    /// <summary>What the host logs of all that the worker has said while it ran functions, as host.json has it.</summary>
    public IReadOnlyList<RpcLog> Logs => [.. channel.Logs.Where(entry => entry.InvocationId.Length > 0 && entry.Level >= hostJson.FunctionLevel)];

    /// <param name="settings">The app's settings, with colons, and other environment variables.</param>
    /// <exception cref="InvalidOperationException">The worker ended, or refused; the message has its output.</exception>
    public static async Task<WorkerHost> StartAsync(IEnumerable<KeyValuePair<string, string?>> settings)
    {
        var host = new WorkerHost();
        using var timeout = new CancellationTokenSource(StartTimeout);
        try
        {
            await host.StartAsync(settings, timeout.Token);
            return host;
        }
        catch (Exception error)
        {
            await host.DisposeAsync();
            throw new InvalidOperationException($"The worker did not start: {error.Message}\n{host.worker?.Output}\n{string.Join('\n', host.channel.Logs)}", error);
        }
    }

    /// <summary>Runs a function with a timer trigger, as at its time.</summary>
    /// <param name="function">Its name.</param>
    public Task<InvocationResponse> InvokeTimerAsync(string function)
    {
        var timer = Functions.Single(each => each.Name == function);
        const string schedule = """{"Schedule":{"AdjustForDST":true},"ScheduleStatus":null,"IsPastDue":false}""";
        return channel.InvokeAsync(WorkerFront.Invocation(timer, new TypedData { Json = schedule }, traceParent: null));
    }

    /// <summary>Takes no more requests, waits for the answers of those under way, and has the worker end by itself.</summary>
    /// <param name="grace">How long it may take before it is killed.</param>
    /// <returns>The worker's exit code.</returns>
    public async Task<int> StopAsync(TimeSpan grace)
    {
        await front.DisposeAsync();
        channel.Send(new() { WorkerTerminate = new() { GracePeriod = Duration.FromTimeSpan(grace) } });
        await worker.Ended.WaitAsync(grace);
        return worker.ExitCode;
    }

    public async ValueTask DisposeAsync()
    {
        while (parts.TryPop(out var part)) await part.DisposeAsync();
    }

    private async Task StartAsync(IEnumerable<KeyValuePair<string, string?>> settings, CancellationToken cancellation)
    {
        var folder = Path.GetDirectoryName(App)!;
        worker = Own(new WorkerProcess(App, await ListenAsync(cancellation), settings.Select(AsVariable)));
        _ = worker.Ended.ContinueWith(_ => channel.Fail(new InvalidOperationException("The worker has ended.")), TaskScheduler.Default);

        await channel.AskAsync(null, Content.StartStream, cancellation);
        var init = new WorkerInitRequest { HostVersion = "4.1037.0", WorkerDirectory = folder, FunctionAppDirectory = folder };
        var ready = (await channel.AskAsync(new() { WorkerInitRequest = init }, Content.WorkerInitResponse, cancellation)).WorkerInitResponse;
        EnsureSuccess(ready.Result);
        Functions = await LoadAsync(folder, cancellation);
        hostJson = new HostJson(Path.Combine(folder, "host.json"));
        var workerAddress = new Uri(ready.Capabilities["HttpUri"]);
        await UntilListeningAsync(workerAddress, cancellation);
        front = Own(await WorkerFront.StartAsync(channel, Functions, workerAddress, hostJson.RoutePrefix, cancellation));
    }

    private async Task<Uri> ListenAsync(CancellationToken cancellation)
    {
        var builder = LoopbackServer.CreateBuilder(LocalPort.Free, endpoint => endpoint.Protocols = HttpProtocols.Http2);
        builder.Services.AddGrpc(grpc => grpc.MaxReceiveMessageSize = null);
        builder.Services.AddSingleton(channel);
        var app = builder.Build();
        app.MapGrpcService<WorkerChannel>();
        parts.Push(app);
        return new UriBuilder(await LoopbackServer.StartAsync(app, LocalPort.Free, cancellation)) { Host = "127.0.0.1" }.Uri;
    }

    private async Task<IReadOnlyList<WorkerFunction>> LoadAsync(string folder, CancellationToken cancellation)
    {
        var request = new FunctionsMetadataRequest { FunctionAppDirectory = folder };
        var reported = (await channel.AskAsync(new() { FunctionsMetadataRequest = request }, Content.FunctionMetadataResponse, cancellation))
            .FunctionMetadataResponse;
        EnsureSuccess(reported.Result);
        foreach (var metadata in reported.FunctionMetadataResults)
        {
            var load = new FunctionLoadRequest { FunctionId = metadata.FunctionId, Metadata = metadata };
            EnsureSuccess((await channel.AskAsync(new() { FunctionLoadRequest = load }, Content.FunctionLoadResponse, cancellation)).FunctionLoadResponse.Result);
        }

        return [.. reported.FunctionMetadataResults.Select(WorkerFunction.From)];
    }

    /// <summary>The worker speaks to the host before its own server listens. The Functions host tries again, too.</summary>
    private static async Task UntilListeningAsync(Uri server, CancellationToken cancellation)
    {
        while (true)
        {
            using var client = new TcpClient();
            try
            {
                await client.ConnectAsync(server.Host, server.Port, cancellation);
                return;
            }
            catch (SocketException)
            {
                await Task.Delay(10, cancellation);
            }
        }
    }

    private static void EnsureSuccess(StatusResult result)
    {
        if (result.Status != StatusResult.Types.Status.Success) throw new InvalidOperationException($"The worker refused: {result}");
    }

    private static KeyValuePair<string, string?> AsVariable(KeyValuePair<string, string?> setting) =>
        KeyValuePair.Create(setting.Key.Replace(":", "__", StringComparison.Ordinal), setting.Value);

    private T Own<T>(T part) where T : IAsyncDisposable
    {
        parts.Push(part);
        return part;
    }
}
