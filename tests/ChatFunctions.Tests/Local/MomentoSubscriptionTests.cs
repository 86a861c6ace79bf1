using System.Diagnostics;
using ChatFunctions.Local.Momento.Wire;
using Google.Protobuf;
using Grpc.Core;
using Grpc.Net.Client;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

public sealed class MomentoSubscriptionTests : IAsyncLifetime
{
    private const int History = 20;

    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync(historyPerTopic: History);

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task Every_subscriber_of_a_topic_gets_each_message_in_order_with_who_sent_it()
    {
        var token = await momento.TokenAsync(Permission("general"));
        using var one = await momento.SubscribeAsync(token);
        using var two = await momento.SubscribeAsync(momento.ApiKey);
        using var elsewhere = await momento.SubscribeAsync(momento.ApiKey, "elsewhere");

        await momento.PublishAsync(token, "first");
        await momento.PublishAsync(momento.ApiKey, new _TopicValue { Binary = ByteString.CopyFromUtf8("second") });
        await momento.PublishAsync(token, "only here", "general");
        await momento.PublishAsync(momento.ApiKey, "only there", "elsewhere");

        foreach (var stream in new[] { one, two })
        {
            var first = await stream.NextItemAsync();
            var second = await stream.NextItemAsync();
            Assert.Equal(("first", "alice", 1ul), (first.Value.Text, first.PublisherId, first.TopicSequenceNumber));
            Assert.Equal("second", second.Value.Binary.ToStringUtf8());
            Assert.Equal(("", 2ul), (second.PublisherId, second.TopicSequenceNumber));
            Assert.Equal((3ul, first.SequencePage), ((await stream.NextItemAsync()).TopicSequenceNumber, second.SequencePage));
            Assert.NotEqual(0ul, first.SequencePage);
        }

        var there = await elsewhere.NextItemAsync();
        Assert.Equal(("only there", 1ul), (there.Value.Text, there.TopicSequenceNumber));
    }

    [Fact]
    public async Task A_subscription_begins_with_what_is_published_from_then_on()
    {
        await momento.PublishAsync(momento.ApiKey, "before");
        using var stream = await momento.SubscribeAsync(momento.ApiKey);
        await momento.PublishAsync(momento.ApiKey, "after");

        Assert.Equal("after", (await stream.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_quiet_stream_carries_heartbeats()
    {
        using var stream = await momento.SubscribeAsync(momento.ApiKey);
        for (var beat = 0; beat < 3; beat++)
        {
            var next = stream.NextAsync();
            Assert.False(next.IsCompleted);
            momento.Time.Advance(TimeSpan.FromSeconds(10));
            Assert.NotNull((await next).Heartbeat);
        }

        await momento.PublishAsync(momento.ApiKey, "hello");
        Assert.Equal("hello", (await stream.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_expires()
    {
        using var stream = await momento.SubscribeAsync(await momento.TokenAsync(Permission("general")));
        using var forever = await momento.SubscribeAsync(momento.ApiKey);
        await momento.PublishAsync(momento.ApiKey, "in time");
        Assert.Equal("in time", (await stream.NextItemAsync()).Value.Text);
        Assert.Equal("in time", (await forever.NextItemAsync()).Value.Text);

        momento.Time.Advance(TimeSpan.FromSeconds(60));

        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(async () =>
        {
            // The heartbeat that was due may come first.
            while (true) Assert.NotNull((await stream.NextAsync()).Heartbeat);
        }));
        Assert.NotNull((await forever.NextAsync()).Heartbeat);
    }

    [Fact]
    public async Task A_subscriber_that_comes_back_gets_what_it_missed()
    {
        for (var number = 1; number <= 5; number++) await momento.PublishAsync(momento.ApiKey, $"{number}");
        using var all = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 1);
        var page = (await all.NextItemAsync()).SequencePage;

        using var resumed = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 4, page: page);
        Assert.Equal("4", (await resumed.NextItemAsync()).Value.Text);
        Assert.Equal("5", (await resumed.NextItemAsync()).Value.Text);

        using var missedNothing = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 6, page: page);
        await momento.PublishAsync(momento.ApiKey, "6");
        Assert.Equal("6", (await missedNothing.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_subscriber_that_comes_back_too_late_is_told_of_the_gap_and_gets_the_rest()
    {
        for (var number = 1; number <= History + 5; number++) await momento.PublishAsync(momento.ApiKey, $"{number}");

        using var stream = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 3);

        var gap = (await stream.NextAsync()).Discontinuity;
        Assert.Equal((2ul, 5ul), (gap.LastTopicSequence, gap.NewTopicSequence));
        for (var number = 6ul; number <= History + 5; number++)
        {
            var item = await stream.NextItemAsync();
            Assert.Equal((number, gap.NewSequencePage), (item.TopicSequenceNumber, item.SequencePage));
        }
    }

    [Fact]
    public async Task A_topic_that_was_made_anew_has_another_page_and_its_subscribers_are_told()
    {
        for (var number = 1; number <= 3; number++) await momento.PublishAsync(momento.ApiKey, $"{number}");
        using var old = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 1);
        var oldPage = (await old.NextItemAsync()).SequencePage;
        await momento.Caches.DeleteCacheAsync(new _DeleteCacheRequest { CacheName = Cache }, Key(momento.ApiKey));
        await momento.Caches.CreateCacheAsync(new _CreateCacheRequest { CacheName = Cache }, Key(momento.ApiKey));
        await momento.PublishAsync(momento.ApiKey, "new");

        using var stream = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 2, page: oldPage);

        var gap = (await stream.NextAsync()).Discontinuity;
        Assert.Equal((1ul, 0ul), (gap.LastTopicSequence, gap.NewTopicSequence));
        Assert.True(gap.NewSequencePage > oldPage);
        var item = await stream.NextItemAsync();
        Assert.Equal(("new", 1ul, gap.NewSequencePage), (item.Value.Text, item.TopicSequenceNumber, item.SequencePage));
    }

    [Fact]
    public async Task A_subscriber_from_the_future_is_told_where_the_topic_is()
    {
        await momento.PublishAsync(momento.ApiKey, "1");
        using var stream = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 9);

        var gap = (await stream.NextAsync()).Discontinuity;
        Assert.Equal((8ul, 1ul), (gap.LastTopicSequence, gap.NewTopicSequence));
        await momento.PublishAsync(momento.ApiKey, "2");
        Assert.Equal("2", (await stream.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_subscriber_that_does_not_read_holds_up_nobody_and_is_told_of_the_gap()
    {
        // More than what a stream buffers on its way.
        const int count = 300;
        using var small = SmallWindow();
        using var slow = await momento.SubscribeAsync(momento.ApiKey, client: new Pubsub.PubsubClient(small));
        using var quick = await momento.SubscribeAsync(momento.ApiKey);
        var text = new string('x', 4096);

        for (var number = 1ul; number <= count; number++)
        {
            await momento.PublishAsync(momento.ApiKey, text);
            Assert.Equal(number, (await quick.NextItemAsync()).TopicSequenceNumber);
        }

        var (last, gaps) = (0ul, 0);
        while (last < count)
        {
            var next = await slow.NextAsync();
            if (next.Discontinuity is { } gap)
            {
                Assert.Equal(last, gap.LastTopicSequence);
                Assert.True(gap.NewTopicSequence > last);
                last = gap.NewTopicSequence;
                gaps++;
            }
            else
            {
                Assert.Equal(++last, next.Item.TopicSequenceNumber);
            }
        }

        Assert.Equal(1, gaps);
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_ends_when_its_token_expires_too()
    {
        using var small = SmallWindow();
        var token = await momento.TokenAsync(Permission("general"));
        using var slow = await momento.SubscribeAsync(token, client: new Pubsub.PubsubClient(small));
        for (var number = 0; number < 100; number++) await momento.PublishAsync(momento.ApiKey, new string('x', 4096));

        momento.Time.Advance(TimeSpan.FromSeconds(60));

        var received = 0;
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(async () =>
        {
            for (; ; received++) await slow.NextAsync();
        }));
        Assert.InRange(received, 1, 99);
    }

    [Fact]
    public async Task All_of_ninety_subscribers_get_what_fifty_publish_at_once_in_the_same_order()
    {
        await using var crowd = await MomentoLab.StartAsync();
        var streams = await Task.WhenAll(Enumerable.Range(0, 90).Select(_ => crowd.SubscribeAsync(crowd.ApiKey)));

        await Task.WhenAll(Enumerable.Range(0, 50).Select(number => crowd.PublishAsync(crowd.ApiKey, $"{number}")));

        var received = await Task.WhenAll(streams.Select(async stream =>
        {
            var texts = new List<string>();
            while (texts.Count < 50) texts.Add((await stream.NextItemAsync()).Value.Text);
            stream.Dispose();
            return texts;
        }));
        Assert.Equal(50, received[0].Distinct().Count());
        Assert.All(received, texts => Assert.Equal(received[0], texts));
    }

    [Fact]
    public async Task Stopping_the_server_ends_the_streams_at_once_also_those_that_nobody_reads()
    {
        using var small = SmallWindow();
        using var slow = await momento.SubscribeAsync(momento.ApiKey, client: new Pubsub.PubsubClient(small));
        using var stream = await momento.SubscribeAsync(momento.ApiKey, "quiet");
        for (var number = 0; number < 100; number++) await momento.PublishAsync(momento.ApiKey, new string('x', 4096));

        var clock = Stopwatch.StartNew();
        await momento.Server.DisposeAsync();

        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(1));
        Assert.Equal(StatusCode.Unavailable, await CodeAsync(stream.NextAsync));
    }

    /// <summary>A connection that takes 64 KB of a stream before its reader has to read.</summary>
    private GrpcChannel SmallWindow() => GrpcChannel.ForAddress(momento.Server.Address, new GrpcChannelOptions
    {
        HttpHandler = new SocketsHttpHandler { InitialHttp2StreamWindowSize = 65_535 },
    });
}
