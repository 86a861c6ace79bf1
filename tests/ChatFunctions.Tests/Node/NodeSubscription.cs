using System.Text.Json;
using System.Threading.Channels;

namespace ChatFunctions.Tests.Node;

/// <summary>What the SDK calls back with.</summary>
/// <param name="Kind"><c>item</c>, <c>heartbeat</c>, <c>discontinuity</c>, <c>connectionLost</c> or <c>error</c>.</param>
/// <param name="Text">Of an item.</param>
/// <param name="PublisherId">Of an item: the token id of whoever published it.</param>
/// <param name="Sequence">Of an item.</param>
/// <param name="Code">Of an error, which ends the subscription: the SDK's <c>MomentoErrorCode</c>.</param>
public sealed record NodeEvent(string Kind, string? Text = null, string? PublisherId = null, ulong Sequence = 0, string? Code = null);

/// <summary>A subscription of the official SDK, which reconnects by itself.</summary>
public sealed class NodeSubscription(NodeProcess node) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    private readonly Channel<NodeEvent> events = Channel.CreateUnbounded<NodeEvent>();

    internal int Id { get; set; }

    /// <summary>The next event of a kind; those before it are dropped.</summary>
    /// <exception cref="OperationCanceledException">None comes within 20 s.</exception>
    public async Task<NodeEvent> NextAsync(string kind = "item")
    {
        using var timeout = new CancellationTokenSource(Patience);
        while (true)
        {
            var next = await events.Reader.ReadAsync(timeout.Token);
            if (next.Kind == kind) return next;
        }
    }

    /// <summary>Unsubscribes.</summary>
    public async ValueTask DisposeAsync()
    {
        await node.CallAsync("unsubscribe", new { subscription = Id });
        node.StopListening(Id);
    }

    internal void Take(JsonElement message) => events.Writer.TryWrite(message.Deserialize<NodeEvent>(JsonSerializerOptions.Web)!);
}
