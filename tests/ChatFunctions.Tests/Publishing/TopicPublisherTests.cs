using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Momento;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Node;
using ChatFunctions.Tests.Tokens;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Publishing;

public sealed class TopicPublisherTests(TestCloud cloud, NodeClient node)
{
    private const string Marked = """{"text":"marked-message"}""";

    [Fact]
    public async Task What_was_to_be_heard_by_those_of_more_than_a_second_ago_is_not_published()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        using var heard = await lab.SubscribeAsync();
        var since = lab.Time.GetTimestamp();
        lab.Time.Advance(TopicPublisher.MaxTime);
        Assert.Equal(PublishResult.NotPublished, await lab.Publisher.PublishAsync(PublisherLab.Topic, "old", PublishPriority.Ordinary, since, default));
        Assert.Equal(PublishResult.Published, await lab.PublishAsync("new"));
        Assert.Equal("new", (await heard.NextItemAsync()).Value.Text);
    }

    [Fact]
    public async Task A_browsers_sdk_receives_messages_in_the_order_in_which_they_were_awaited_and_with_an_empty_publisher_id()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        var topics = await node.ConnectAsync(lab.Own.Server.CreateApiKeyV1(), lab.Own.Server.Address);
        await using var subscription = await topics.SubscribeAsync(LocalCloud.CacheName, PublisherLab.Topic);

        for (var i = 1; i <= 20; i++) Assert.Equal(PublishResult.Published, await lab.PublishAsync($"{i}"));

        for (var i = 1; i <= 20; i++)
        {
            var message = await subscription.NextAsync();
            Assert.Equal(($"{i}", "", (ulong)i), (message.Text, message.PublisherId ?? "", message.Sequence));
        }

        Assert.Equal(Enumerable.Repeat(("published", "ordinary"), 20), lab.Counted);
        Assert.Equal(1, lab.Own.KeyVault.SecretReads);
    }

    [Fact]
    public async Task While_the_key_is_rotated_no_message_is_lost_and_then_the_old_key_is_used_no_more()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        using var subscription = await lab.SubscribeAsync();
        using var done = new CancellationTokenSource();
        var publishing = Enumerable.Range(0, 8).Select(async sender =>
        {
            for (var i = 0; !done.IsCancellationRequested; i++)
            {
                Assert.Equal(PublishResult.Published, await lab.PublishAsync($"{sender} {i}"));
            }
        }).ToList();
        await TokenLab.UntilAsync(() => lab.Counted.Count >= 50 || publishing.Any(sender => sender.IsFaulted));
        lab.Own.ApiKey.Rotate();
        var goal = lab.Counted.Count + 50;
        await TokenLab.UntilAsync(() => lab.Counted.Count >= goal || publishing.Any(sender => sender.IsFaulted));
        await done.CancelAsync();
        await Task.WhenAll(publishing);

        var received = new HashSet<string>();
        while (received.Count < lab.Counted.Count) Assert.True(received.Add((await subscription.NextItemAsync()).Value.Text));
        Assert.Equal(2, lab.Own.KeyVault.SecretReads);
        var before = lab.Wire.Requests;
        Assert.Equal(PublishResult.Published, await lab.PublishAsync("afterwards"));
        Assert.Equal(before + 1, lab.Wire.Requests);
    }

    [Fact]
    public async Task A_key_that_is_refused_is_read_again_and_where_there_is_no_other_the_message_is_not_published()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        var key = lab.Own.Server.CreateApiKey();
        lab.Own.KeyVault.SetSecret("momento-api-key", key);
        await lab.PublishAsync("before");
        lab.Own.Server.RevokeApiKey(key);

        for (var i = 0; i < 5; i++) Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync("refused"));

        Assert.Equal(2, lab.Own.KeyVault.SecretReads);
        Assert.Equal(6, lab.Wire.Requests);
    }

    [Fact]
    public async Task Without_a_key_nothing_is_published_and_nothing_thrown()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        lab.Own.KeyVault.SetSecret("momento-api-key", "no key");

        Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync(Marked));

        Assert.Equal([("failed", "ordinary")], lab.Counted);
        Assert.Equal(0, lab.Wire.Requests);
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Refused)]
    public async Task While_Momento_is_down_nothing_is_published_and_the_first_message_after_its_return_is(Fault fault)
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        await lab.PublishAsync("before");
        lab.Wire.Connections.Fault = fault;
        for (var i = 0; i < 20; i++) Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync(Marked));

        lab.Wire.Connections.Fault = Fault.None;
        Assert.Equal(PublishResult.Published, await lab.PublishAsync("after"));
        // However many fail, it is a line in ten seconds.
        Assert.Single(lab.Logs.Entries(LogLevel.Warning, "ChatFunctions"));
        Assert.DoesNotContain(lab.Logs.Entries(), entry => entry.Contains("marked-message", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silent_Momento_is_waited_for_a_second_and_the_next_message_takes_another_connection()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        await lab.PublishAsync("before");
        lab.Wire.Connections.Vanish();
        var waiting = lab.PublishAsync("silence");
        lab.Time.Advance(TopicPublisher.MaxTime - TimeSpan.FromMilliseconds(1));
        Assert.False(waiting.IsCompleted);
        await TokenLab.UntilAsync(() => lab.Wire.Connections.Lost > 0);
        lab.Time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal(PublishResult.NotPublished, await waiting);

        lab.Wire.Connections.Reappear();
        Assert.Equal(PublishResult.Published, await lab.PublishAsync("after"));
    }

    [Fact]
    public async Task Whoever_gives_up_has_an_answer_at_once()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        lab.Wire.Fail(HttpFaults.NoAnswer);
        using var cancelling = new CancellationTokenSource();
        var waiting = lab.PublishAsync("x", cancellation: cancelling.Token);
        await cancelling.CancelAsync();

        Assert.Equal(PublishResult.NotPublished, await waiting);
    }

    [Theory]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.InvalidArgument)]
    [InlineData(StatusCode.Unavailable)]
    public async Task A_message_that_Momento_refuses_is_not_published_and_costs_one_call(StatusCode status)
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        lab.Wire.Fail(HttpFaults.GrpcError(status));

        Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync(Marked));

        Assert.Equal([("failed", "ordinary")], lab.Counted);
        Assert.Equal(1, lab.Wire.Requests);
    }

    [Fact]
    public async Task What_the_account_cannot_take_is_not_published_and_half_as_many_are_sent_for_a_while()
    {
        await using var lab = await PublisherLab.StartAsync(
            cloud, new() { ["Momento:PublishesPerSecond"] = "20" }, new TopicLimits(OperationsPerSecond: 10, Subscriptions: 100));
        for (var i = 0; i < 10; i++) Assert.Equal(PublishResult.Published, await lab.PublishAsync("x"));
        Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync("x"));
        Assert.Equal(("refused", "ordinary"), lab.Counted[^1]);
        lab.Time.Advance(TimeSpan.FromSeconds(1));

        var before = lab.Wire.Requests;
        var answers = Enumerable.Range(0, 30).Select(_ => lab.PublishAsync("x")).ToList();
        await TokenLab.UntilAsync(() => answers.Count(answer => answer.IsCompleted) == 25);
        lab.Time.Advance(PublishBudget.MaxWait);
        await Task.WhenAll(answers);

        // Of a second, and of half a second more.
        Assert.Equal(10 + 5, lab.Wire.Requests - before);
        Assert.Equal(15, lab.Counted.Count(publish => publish.Outcome == "limited"));
    }

    [Fact]
    public async Task Of_low_priority_are_dropped_first()
    {
        await using var lab = await PublisherLab.StartAsync(cloud, new() { ["Momento:PublishesPerSecond"] = "10" });
        var low = new List<PublishResult>();
        for (var i = 0; i < 10; i++) low.Add(await lab.PublishAsync("typing", PublishPriority.Low));
        for (var i = 0; i < 4; i++) Assert.Equal(PublishResult.Published, await lab.PublishAsync("message"));

        Assert.Equal(5, low.Count(result => result == PublishResult.Published));
        Assert.Equal(5, lab.Counted.Count(publish => publish == ("limited", "low")));
    }

    [Fact]
    public async Task A_message_of_4096_bytes_is_published_and_one_of_4097_is_not_sent_nor_shown_in_the_log()
    {
        await using var lab = await PublisherLab.StartAsync(cloud);
        using var subscription = await lab.SubscribeAsync();
        var longest = new string('ä', 2048);

        Assert.Equal(PublishResult.NotPublished, await lab.PublishAsync(longest + "x"));
        Assert.Equal(0, lab.Wire.Requests);
        Assert.Equal(PublishResult.Published, await lab.PublishAsync(longest));

        Assert.Equal(longest, (await subscription.NextItemAsync()).Value.Text);
        Assert.Equal([("too_long", "ordinary"), ("published", "ordinary")], lab.Counted);
        Assert.Contains(lab.Logs.Entries(LogLevel.Error), entry => entry.Contains("4097 bytes", StringComparison.Ordinal));
        Assert.DoesNotContain(lab.Logs.Entries(), entry => entry.Contains("ää", StringComparison.Ordinal));
    }
}
