using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Local;
using Grpc.Core;

namespace ChatFunctions.Tests.Messages;

/// <summary>
/// Listens to a room as a client has to, so that it misses nothing: its stream first, then the pages; events in the order of their positions;
/// a hole that does not fill by itself, a <c>sync</c> that is ahead and a stream that was lost have it read what has changed.
/// </summary>
/// <param name="api">Of somebody who may read the room.</param>
/// <param name="topics">Momento.</param>
/// <param name="token">The key of a token that opens the topic.</param>
public sealed class RoomListener(HttpClient api, string room, Pubsub.PubsubClient topics, string token, string topic) : IAsyncDisposable
{
    /// <summary>Instances publish side by side, so that events overtake each other.</summary>
    private static readonly TimeSpan HoleTime = TimeSpan.FromSeconds(2);

    private readonly Lock gate = new();
    private readonly SemaphoreSlim reading = new(1);
    private readonly CancellationTokenSource end = new();
    private readonly Dictionary<long, JsonElement> messages = [];
    private readonly List<long> shown = [];
    private readonly SortedDictionary<long, JsonElement> early = [];
    private AsyncServerStreamingCall<_SubscriptionItem>? stream;
    private Task looking = Task.CompletedTask;
    private long position;

    /// <summary>All that was kept up to this position is here.</summary>
    public long Position
    {
        get
        {
            lock (gate) return position;
        }
    }

    /// <summary>The newest version of each message, by its number.</summary>
    public IReadOnlyDictionary<long, JsonElement> Messages => messages;

    /// <summary>The numbers, in the order in which the messages came to light.</summary>
    public IReadOnlyList<long> Shown => shown;

    /// <summary>How often it had to ask what has changed.</summary>
    public int Looks { get; private set; }

    /// <summary>Once this returns it has all that was kept before, and what comes later will come.</summary>
    public async Task JoinAsync()
    {
        await OpenAsync();
        await ReadBackAsync();
    }

    /// <summary>The stream is lost, and another one opened.</summary>
    public async Task RejoinAsync()
    {
        stream!.Dispose();
        await OpenAsync();
        await LookAsync(TimeSpan.Zero);
    }

    public async ValueTask DisposeAsync()
    {
        await end.CancelAsync();
        stream?.Dispose();
        await looking.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        reading.Dispose();
        end.Dispose();
    }

    private async Task OpenAsync()
    {
        var opened = topics.Subscribe(new _SubscriptionRequest { CacheName = LocalCloud.CacheName, Topic = topic }, MomentoLab.Key(token));
        stream = opened;
        Assert.True(await opened.ResponseStream.MoveNext(end.Token));
        _ = Task.Run(() => HearAsync(opened.ResponseStream));
    }

    private async Task HearAsync(IAsyncStreamReader<_SubscriptionItem> items)
    {
        try
        {
            while (await items.MoveNext(CancellationToken.None))
            {
                if (items.Current.Item is { } item) Take(JsonElement.Parse(item.Value.Text));
            }
        }
        catch (Exception error) when (error is RpcException or ObjectDisposedException)
        {
            // It was lost, or is not needed any more.
        }
    }

    private void Take(JsonElement heard)
    {
        if (heard.Text("type") is not ("message" or "sync")) return;
        lock (gate)
        {
            var seq = heard.Number("seq");
            if (seq <= position) return;
            if (heard.Text("type") == "sync")
            {
                LookLater(TimeSpan.FromSeconds(heard.Number("spread") * Random.Shared.NextDouble()));
                return;
            }

            early[seq] = heard.GetProperty("message");
            TakeEarly();
            if (early.Count > 0) LookLater(HoleTime);
        }
    }

    /// <summary>What follows the position without a hole.</summary>
    private void TakeEarly()
    {
        while (early.Remove(position + 1, out var message))
        {
            Merge(message);
            position++;
        }
    }

    private void Merge(JsonElement message)
    {
        var number = message.Number();
        if (!messages.TryGetValue(number, out var known)) shown.Add(number);
        else if (known.Number("version") >= message.Number("version")) return;
        messages[number] = message;
    }

    private void LookLater(TimeSpan wait)
    {
        if (looking.IsCompleted) looking = Task.Run(() => LookAsync(wait));
    }

    private async Task LookAsync(TimeSpan wait)
    {
        var behind = Position;
        await Task.Delay(wait, end.Token);
        // It has filled by itself, and what is missing now is another one.
        lock (gate)
        {
            if (wait > TimeSpan.Zero && early.Count == 0 && position > behind) return;
        }

        await reading.WaitAsync(end.Token);
        try
        {
            Looks++;
            var page = await api.PageAsync(room, $"?after={Position}");
            if (page.TryGetProperty("reset", out _)) await ReadBackAsync();
            else MergeAll(page.Messages(), page.Number("seq"));
        }
        finally
        {
            reading.Release();
        }
    }

    /// <summary>From the newest page to what is known, or to the first message.</summary>
    private async Task ReadBackAsync()
    {
        var page = await api.PageAsync(room, "?limit=100");
        var (seq, all) = (page.Number("seq"), page.Messages().ToList());
        while (page.TryGetProperty("before", out var before))
        {
            page = await api.PageAsync(room, $"?limit=100&before={before}");
            all.AddRange(page.Messages());
        }

        MergeAll(all, seq);
    }

    private void MergeAll(IEnumerable<JsonElement> read, long seq)
    {
        lock (gate)
        {
            foreach (var message in read.OrderBy(message => message.Number())) Merge(message);
            position = Math.Max(position, seq);
            while (early.Count > 0 && early.First().Key <= position) early.Remove(early.First().Key);
            TakeEarly();
        }
    }
}
