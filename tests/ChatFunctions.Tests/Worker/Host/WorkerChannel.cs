using System.Collections.Concurrent;
using System.Threading.Channels;
using ChatFunctions.Tests.Worker.Rpc;
using Grpc.Core;
using Content = ChatFunctions.Tests.Worker.Rpc.StreamingMessage.ContentOneofCase;

namespace ChatFunctions.Tests.Worker.Host;

/// <summary>The host's end of the one stream between the Functions host and its worker.</summary>
public sealed class WorkerChannel : FunctionRpc.FunctionRpcBase
{
    private readonly Channel<StreamingMessage> toWorker = Channel.CreateUnbounded<StreamingMessage>();
    private readonly ConcurrentDictionary<Content, TaskCompletionSource<StreamingMessage>> awaited = new();
    private readonly ConcurrentDictionary<string, TaskCompletionSource<InvocationResponse>> invocations = new();
    private readonly ConcurrentQueue<RpcLog> logs = new();
    private readonly ConcurrentQueue<InvocationResponse> responses = new();

    /// <summary>All that the worker has logged, before the host's own filter.</summary>
    public IReadOnlyCollection<RpcLog> Logs => logs;

    /// <summary>All that functions have answered over this stream, beside their HTTP answers.</summary>
    public IReadOnlyCollection<InvocationResponse> Responses => responses;

    /// <summary>Sends a message, and waits for the worker's next of a kind.</summary>
    /// <param name="question">Null only waits.</param>
    /// <param name="answer">The kind of the answer.</param>
    /// <param name="cancellation">Gives up.</param>
    public async Task<StreamingMessage> AskAsync(StreamingMessage? question, Content answer, CancellationToken cancellation)
    {
        var next = Awaited(answer);
        if (question is not null) Send(question);
        var message = await next.Task.WaitAsync(cancellation);
        awaited.TryRemove(answer, out _);
        return message;
    }

    /// <summary>Has the worker run a function.</summary>
    /// <returns>When it has ended, however it did.</returns>
    public Task<InvocationResponse> InvokeAsync(InvocationRequest request)
    {
        var ended = invocations[request.InvocationId] = NewSource<InvocationResponse>();
        Send(new() { InvocationRequest = request });
        return ended.Task;
    }

    public void Send(StreamingMessage message) => toWorker.Writer.TryWrite(message);

    /// <summary>The worker is gone: what waits for it fails.</summary>
    /// <param name="reason">Why.</param>
    public void Fail(Exception reason)
    {
        foreach (var each in awaited.Values) each.TrySetException(reason);
        foreach (var each in invocations.Values) each.TrySetException(reason);
    }

    public override async Task EventStream(
        IAsyncStreamReader<StreamingMessage> requestStream, IServerStreamWriter<StreamingMessage> responseStream, ServerCallContext context)
    {
        var sending = SendAllAsync(responseStream, context.CancellationToken);
        try
        {
            await foreach (var message in requestStream.ReadAllAsync(context.CancellationToken)) Receive(message);
        }
        catch (Exception error) when (error is IOException or OperationCanceledException)
        {
            // The process has ended.
        }

        toWorker.Writer.TryComplete();
        await sending;
    }

    private async Task SendAllAsync(IServerStreamWriter<StreamingMessage> worker, CancellationToken cancellation)
    {
        try
        {
            await foreach (var message in toWorker.Reader.ReadAllAsync(cancellation)) await worker.WriteAsync(message, cancellation);
        }
        catch (Exception error) when (error is InvalidOperationException or OperationCanceledException)
        {
            // The process has ended.
        }
    }

    private void Receive(StreamingMessage message)
    {
        switch (message.ContentCase)
        {
            case Content.RpcLog:
                logs.Enqueue(message.RpcLog);
                break;
            case Content.InvocationResponse:
                responses.Enqueue(message.InvocationResponse);
                if (invocations.TryRemove(message.InvocationResponse.InvocationId, out var ended)) ended.TrySetResult(message.InvocationResponse);
                break;
            default:
                Awaited(message.ContentCase).TrySetResult(message);
                break;
        }
    }

    private TaskCompletionSource<StreamingMessage> Awaited(Content kind) => awaited.GetOrAdd(kind, _ => NewSource<StreamingMessage>());

    private static TaskCompletionSource<T> NewSource<T>() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
