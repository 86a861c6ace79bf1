using ChatFunctions.Local.Momento;
using Grpc.Core;
using static ChatFunctions.Tests.Local.MomentoLab;

namespace ChatFunctions.Tests.Local;

/// <summary>What a new account may do with topics: 10 operations a second and, here, 20 subscriptions at once.</summary>
public sealed class MomentoTopicLimitTests : IAsyncLifetime
{
    private const string TooManyOperations = "operations_rate_limit_exceeded";

    private MomentoLab momento = null!;

    public async ValueTask InitializeAsync() =>
        momento = await MomentoLab.StartAsync(topicLimits: TopicLimits.NewAccount with { Subscriptions = 20 });

    public ValueTask DisposeAsync() => momento.DisposeAsync();

    [Theory]
    [InlineData(0, 0, 10)]
    [InlineData(1024, 0, 10)]
    [InlineData(1025, 0, 5)]
    [InlineData(4096, 0, 2)]
    [InlineData(1, 1, 5)]
    [InlineData(1, 4, 2)]
    [InlineData(1025, 4, 1)]
    public async Task A_publish_and_each_delivery_is_an_operation_for_each_KB_begun(int bytes, int listeners, int messages)
    {
        var text = new string('x', bytes);
        var streams = await SubscribeAsync(listeners);
        for (var second = 0; second < 2; second++)
        {
            for (var message = 0; message < messages; message++) await TalkAsync(text, streams);

            Assert.Equal(TooManyOperations, await LimitAsync(() => momento.PublishAsync(momento.ApiKey, text)));
            momento.Time.Advance(TimeSpan.FromSeconds(1));
        }
    }

    [Fact]
    public async Task Operations_count_in_all_topics_and_caches_together_and_those_refused_do_not()
    {
        for (var message = 0; message < 5; message++)
        {
            await momento.PublishAsync(momento.ApiKey, "hello", "a");
            await momento.PublishAsync(momento.ApiKey, "hello", "b", OtherCache);
        }

        foreach (var topic in new[] { "a", "b", "c" })
            Assert.Equal(TooManyOperations, await LimitAsync(() => momento.PublishAsync(momento.ApiKey, "hello", topic)));
        momento.Time.Advance(TimeSpan.FromSeconds(0.1));
        await momento.PublishAsync(momento.ApiKey, "hello", "c");
        Assert.Equal(TooManyOperations, await LimitAsync(() => momento.PublishAsync(momento.ApiKey, "hello", "c")));
    }

    [Fact]
    public async Task Where_a_message_has_more_listeners_than_operations_they_all_get_it_and_the_next_waits_its_time()
    {
        var streams = await SubscribeAsync(19);
        await TalkAsync("first", streams);

        momento.Time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TooManyOperations, await LimitAsync(() => momento.PublishAsync(momento.ApiKey, "too early")));
        momento.Time.Advance(TimeSpan.FromSeconds(0.1));
        await TalkAsync("second", streams);
    }

    [Fact]
    public async Task A_delivery_to_a_subscriber_that_comes_back_is_an_operation_too()
    {
        for (var message = 0; message < 9; message++) await momento.PublishAsync(momento.ApiKey, "hello");
        using var stream = await momento.SubscribeAsync(momento.ApiKey, resumeAt: 9);
        await stream.NextItemAsync();

        Assert.Equal(TooManyOperations, await LimitAsync(() => momento.PublishAsync(momento.ApiKey, "one too many")));
    }

    [Fact]
    public async Task A_subscription_beyond_the_limit_is_refused_until_another_ends()
    {
        var token = await momento.TokenAsync(Permission("general"));
        await SubscribeAsync(19);
        using var ending = await momento.SubscribeAsync(token);

        Assert.Equal("topic_subscriptions_limit_exceeded", await LimitAsync(() => momento.SubscribeAsync(momento.ApiKey)));
        momento.Time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(StatusCode.Unauthenticated, await CodeAsync(async () =>
        {
            while (true) Assert.NotNull((await ending.NextAsync()).Heartbeat);
        }));
        using var another = await momento.SubscribeAsync(momento.ApiKey);
    }

    [Fact]
    public async Task An_account_whose_limits_were_raised_has_none_of_these()
    {
        await using var raised = await MomentoLab.StartAsync();
        using var stream = await raised.SubscribeAsync(raised.ApiKey);

        for (var message = 0; message < 50; message++) await raised.PublishAsync(raised.ApiKey, new string('x', 4096));
        for (var message = 0; message < 50; message++) await stream.NextItemAsync();
    }

    private Task<MomentoSubscription[]> SubscribeAsync(int count) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(_ => momento.SubscribeAsync(momento.ApiKey)));

    private async Task TalkAsync(string text, MomentoSubscription[] listeners)
    {
        await momento.PublishAsync(momento.ApiKey, text);
        foreach (var listener in listeners) Assert.Equal(text, (await listener.NextItemAsync()).Value.Text);
    }
}
