using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Rooms;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>What slow mode lets people say, and when.</summary>
public sealed class SlowModeTests(TestCloud cloud)
{
    private readonly TableWire wire = new(cloud);
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly string aliceName = ChatApi.Unique("alice");
    private readonly string bobName = ChatApi.Unique("bob");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Each_person_waits_between_two_messages_but_not_to_mend_one_nor_does_who_sees_to_the_room(bool isPrivate)
    {
        await using var app = await cloud.StartAppAsync([], time);
        var (alice, bob, carol) = (cloud.Client(app, aliceName), cloud.Client(app, bobName), cloud.Client(app, ChatApi.Unique("carol")));
        var room = await RoomAsync(alice, isPrivate, bob, carol);
        await bob.SayAsync(room, "not slow yet");
        Assert.Equal(30, (await (await alice.SlowDownAsync(room, 30)).JsonAsync()).Settings().SlowModeSeconds);

        var clientId = Guid.NewGuid();
        var first = (await bob.SayAsync(room, "first", clientId)).Text("id");
        time.Advance(TimeSpan.FromSeconds(10.5));
        await AssertTooEarlyAsync(bob, room, wait: 20);
        Assert.Equal(HttpStatusCode.OK, (await bob.EditAsync(room, first, "mended")).StatusCode);
        Assert.Equal("mended", (await (await bob.PostMessageAsync(room, "first", clientId)).JsonAsync()).Text("text"));
        await bob.DeleteAsync($"chats/{room}/messages/{first}").AssertDoneAsync();
        await AssertTooEarlyAsync(bob, room, wait: 20);
        await carol.SayAsync(room, "at her own pace");
        var free = isPrivate ? alice : cloud.Moderator(ChatApi.Unique("mod"), app);
        foreach (var one in new[] { alice, alice, free, free }) await one.SayAsync(room, "seen to");

        time.Advance(TimeSpan.FromSeconds(19.5));
        Assert.Equal(HttpStatusCode.OK, (await bob.PostMessageAsync(room, "first", clientId)).StatusCode);
        await bob.SayAsync(room, "second");
        await AssertTooEarlyAsync(bob, room, wait: 30);
        await AssertTooEarlyAsync(carol, room, wait: 11);
        Assert.Equal(HttpStatusCode.OK, (await alice.SlowDownAsync(room, 0)).StatusCode);
        foreach (var text in new[] { "as fast", "as before" }) await bob.SayAsync(room, text);
    }

    [Fact]
    public async Task Of_many_messages_of_one_person_at_once_through_four_instances_one_is_kept()
    {
        List<FunctionHost> apps = [];
        for (var i = 0; i < 4; i++) apps.Add(await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:30" }));
        var alice = cloud.Client(apps[0], aliceName);
        var room = await RoomAsync(alice, isPrivate: false);
        Assert.Equal(HttpStatusCode.OK, (await alice.SlowDownAsync(room, 600)).StatusCode);

        var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(number =>
            cloud.Client(apps[number % 4], bobName).PostMessageAsync(room, $"m{number}")));
        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.Created);
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.Created))
        {
            Assert.Equal("slow-mode", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        }

        var clientId = Guid.NewGuid();
        var repeats = await Task.WhenAll(Enumerable.Range(0, 8).Select(number =>
            cloud.Client(apps[number % 4], "carol").PostMessageAsync(room, "once", clientId)));
        Assert.Equal(7, repeats.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        Assert.Equal(2, (await alice.PageAsync(room)).Number("seq"));
        foreach (var app in apps) await app.DisposeAsync();
    }

    [Theory]
    [InlineData("busy")]
    [InlineData("lost answer")]
    [InlineData("late")]
    [InlineData("changed")]
    [InlineData("in the way")]
    public async Task A_message_is_kept_once_and_makes_its_sender_wait_whichever_request_fails(string fault)
    {
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var (alice, bob) = (cloud.Client(app, aliceName), cloud.Client(app, bobName));
        var room = await RoomAsync(alice, isPrivate: true, bob);
        await alice.SlowDownAsync(room, 600);
        var (bobsId, said) = (await bob.IdAsync(), 0);
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            var clientId = Guid.NewGuid();
            Assert.Equal(HttpStatusCode.Created, (await call.MakeAsync(() => bob.PostMessageAsync(room, "said", clientId))).StatusCode);
            Assert.Equal(++said, (await alice.PageAsync(room)).Number("seq"));
            await bob.PostMessageAsync(room, "too early").AssertProblemAsync(HttpStatusCode.TooManyRequests, "slow-mode");
            Assert.Equal(HttpStatusCode.OK, (await bob.PostMessageAsync(room, "said", clientId)).StatusCode);
            await WaitedAsync(room, bobsId);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_message_whose_outcome_was_never_clear_is_there_once_when_it_is_sent_again(bool isLandedFirst)
    {
        await using var app = await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:00.5" }, wire: wire);
        var (alice, bob) = (cloud.Client(app, aliceName), cloud.Client(app, bobName));
        var room = await RoomAsync(alice, isPrivate: true, bob);
        await alice.SlowDownAsync(room, 600);
        var clientId = Guid.NewGuid();
        wire.Fail(TableFaults.Late, TableBatch.Is);
        await (await bob.PostMessageAsync(room, "late", clientId)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        wire.Heal();
        if (isLandedFirst) await wire.LandAsync();
        Assert.True((await bob.PostMessageAsync(room, "late", clientId)).IsSuccessStatusCode);
        await wire.LandAsync();
        Assert.Equal(["late"], (await alice.PageAsync(room)).Texts());
        await bob.PostMessageAsync(room, "too early").AssertProblemAsync(HttpStatusCode.TooManyRequests, "slow-mode");
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Slow_mode_costs_a_transaction_more_and_nothing_where_it_binds_nobody(bool isPrivate)
    {
        await using var app = await cloud.StartAppAsync([], time, wire: wire);
        var (alice, bob) = (cloud.Client(app, aliceName), cloud.Client(app, bobName));
        var room = await RoomAsync(alice, isPrivate, bob);
        // From here on the room is known, and that something is said there.
        await alice.SayAsync(room, "before");
        Assert.Equal(3, await CostAsync(() => bob.PostMessageAsync(room, "fast")));
        await alice.SlowDownAsync(room, 60);
        await alice.SayAsync(room, "again");
        Assert.Equal(3, await CostAsync(() => alice.PostMessageAsync(room, "free")));
        Assert.Equal(4, await CostAsync(() => bob.PostMessageAsync(room, "slow")));
    }

    [Fact]
    public async Task Another_instance_holds_to_a_change_two_seconds_later()
    {
        await using var app = await cloud.StartAppAsync([], time);
        var (alice, bob) = (cloud.Client(aliceName), cloud.Client(app, bobName));
        var room = await RoomAsync(alice, isPrivate: false);
        await bob.SayAsync(room, "read");
        await alice.SlowDownAsync(room, 60);
        time.Advance(TimeSpan.FromSeconds(1.9));
        foreach (var text in new[] { "still", "fast" }) await bob.SayAsync(room, text);
        time.Advance(TimeSpan.FromSeconds(0.1));
        await bob.SayAsync(room, "slow");
        await AssertTooEarlyAsync(bob, room, wait: 60);
    }

    [Fact]
    public async Task An_instance_whose_clock_is_behind_has_nobody_wait_longer_than_slow_mode_at_once()
    {
        await using var app = await cloud.StartAppAsync([], time);
        var (alice, bob) = (cloud.Client(app, aliceName), cloud.Client(app, bobName));
        var room = await RoomAsync(alice, isPrivate: true, bob);
        await alice.SlowDownAsync(room, 10);
        await WaitedAsync(room, await bob.IdAsync(), lastAt: time.GetUtcNow() + TimeSpan.FromSeconds(5));
        await AssertTooEarlyAsync(bob, room, wait: 10);
    }

    private static async Task AssertTooEarlyAsync(HttpClient client, string room, int wait)
    {
        var refused = await client.PostMessageAsync(room, "too early");
        Assert.Equal("slow-mode", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        Assert.Equal(TimeSpan.FromSeconds(wait), refused.Headers.RetryAfter?.Delta);
    }

    /// <summary>The owner's; the others are in it.</summary>
    private static async Task<string> RoomAsync(HttpClient owner, bool isPrivate, params HttpClient[] others)
    {
        if (!isPrivate) return (await owner.RoomAsync(ChatApi.Unique("slow"))).Text("chatId");
        var room = await owner.PrivateRoomAsync("slow");
        foreach (var other in others) await owner.LetInAsync(room, other);
        return room;
    }

    /// <summary>As if the last message in a private room had been sent then; otherwise an hour ago.</summary>
    private async Task WaitedAsync(string room, string userId, DateTimeOffset? lastAt = null) =>
        await new TableClient(cloud.Local.Storage.ConnectionString, "messages").UpsertEntityAsync(
            new TableEntity(room, $"slow-{userId}") { ["LastAt"] = lastAt ?? DateTimeOffset.UtcNow.AddHours(-1) }, TableUpdateMode.Merge);

    private async Task<int> CostAsync(Func<Task<HttpResponseMessage>> call)
    {
        var before = wire.Requests;
        Assert.Equal(HttpStatusCode.Created, (await call()).StatusCode);
        return wire.Requests - before;
    }
}
