using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

/// <summary>How long the local Momento knows a topic, and what its page says of those before it.</summary>
public sealed class MomentoTopicLifeTests : IAsyncLifetime
{
    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() => momento = await MomentoLab.StartAsync(maxUnusedTopics: 2);

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Fact]
    public async Task A_topic_that_nobody_has_used_for_an_hour_is_forgotten_and_who_comes_back_is_told()
    {
        await momento.PublishAsync(momento.ApiKey, "1");
        var page = await PageAsync();
        await momento.PublishAsync(momento.ApiKey, "2");
        momento.Time.Advance(TimeSpan.FromHours(1));
        await momento.PublishAsync(momento.ApiKey, "new");

        using var stream = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 2, page: page);

        var gap = (await stream.NextAsync()).Discontinuity;
        Assert.Equal((1ul, 0ul), (gap.LastTopicSequence, gap.NewTopicSequence));
        Assert.True(gap.NewSequencePage > page);
        Assert.Equal("new", (await stream.NextItemAsync()).Value.Text);
    }

    [Theory]
    [InlineData(3599, true)]
    [InlineData(3600, false)]
    public async Task A_topic_is_kept_for_an_hour_after_its_last_message(int seconds, bool expected)
    {
        await momento.PublishAsync(momento.ApiKey, "1");
        momento.Time.Advance(TimeSpan.FromSeconds(3599));
        await momento.PublishAsync(momento.ApiKey, "2");
        momento.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, await IsKnownAsync("general"));
    }

    [Theory]
    [InlineData(3599, true)]
    [InlineData(3600, false)]
    public async Task A_topic_is_kept_for_an_hour_after_its_last_subscriber(int seconds, bool expected)
    {
        var request = momento.TokenRequest(Permission("general"));
        request.Expires.ValidForSeconds = 7200;
        var token = (await momento.VendAsync(request)).ApiKey;
        await momento.PublishAsync(momento.ApiKey, "1");
        await EndAsync(await momento.SubscribeAsync(token), after: TimeSpan.FromHours(2));
        momento.Time.Advance(TimeSpan.FromSeconds(seconds));

        Assert.Equal(expected, await IsKnownAsync("general"));
    }

    [Fact]
    public async Task A_topic_with_a_subscriber_is_kept_however_long_and_however_many_others_there_are()
    {
        await momento.PublishAsync(momento.ApiKey, "1");
        using var listening = await momento.SubscribeAsync(momento.ApiKey);
        using var also = await momento.SubscribeAsync(momento.ApiKey);

        foreach (var other in new[] { "a", "b", "c" }) await momento.PublishAsync(momento.ApiKey, "1", other);
        momento.Time.Advance(TimeSpan.FromDays(1));

        Assert.True(await IsKnownAsync("general"));
    }

    [Fact]
    public async Task Of_more_unused_topics_than_are_kept_that_is_forgotten_which_was_used_first()
    {
        foreach (var topic in new[] { "a", "b", "a", "c" }) await momento.PublishAsync(momento.ApiKey, "1", topic);

        Assert.True(await IsKnownAsync("a"));
        Assert.False(await IsKnownAsync("b"));
    }

    [Fact]
    public async Task A_topic_that_begins_anew_has_a_greater_page_than_all_before_it_on_a_new_server_too()
    {
        var last = 0ul;
        for (var round = 0; round < 3; round++)
        {
            await using var server = await MomentoLab.StartAsync();
            for (var life = 0; life < 3; life++)
            {
                await server.PublishAsync(server.ApiKey, "1");
                using var stream = await server.SubscribeAsync(server.ApiKey, resumeAt: 1);
                var page = (await stream.NextItemAsync()).SequencePage;
                Assert.True(page > last);
                last = page;
                await server.Caches.DeleteCacheAsync(new _DeleteCacheRequest { CacheName = Cache }, Key(server.ApiKey));
                await server.Caches.CreateCacheAsync(new _CreateCacheRequest { CacheName = Cache }, Key(server.ApiKey));
            }
        }
    }

    /// <summary>Of a topic whose first message was kept.</summary>
    private async Task<ulong> PageAsync()
    {
        var stream = await momento.SubscribeAsync(await momento.TokenAsync(Permission("general")), resumeAt: 1);
        var page = (await stream.NextItemAsync()).SequencePage;
        await EndAsync(stream, after: TimeSpan.FromMinutes(1));
        return page;
    }

    /// <summary>Lets the token expire, after which the server is done with the stream when the client hears of it.</summary>
    private async Task EndAsync(MomentoSubscription stream, TimeSpan after)
    {
        momento.Time.Advance(after);
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(async () =>
        {
            while (true) Assert.NotNull((await stream.NextAsync()).Heartbeat);
        }));
        stream.Dispose();
    }

    /// <summary>Whether who has missed the topic's first message still gets it.</summary>
    private async Task<bool> IsKnownAsync(string topic)
    {
        using var stream = await momento.SubscribeAsync(momento.ApiKey, topic, resumeAt: 1);
        await momento.PublishAsync(momento.ApiKey, "last", topic);
        return (await stream.NextItemAsync()).Value.Text != "last";
    }
}
