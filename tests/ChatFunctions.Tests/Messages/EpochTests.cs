using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Chores;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Node;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>Who is out of a private room hears nothing more of it, whatever token they hold, and the others find where it goes on.</summary>
public sealed class EpochTests(TestCloud cloud, NodeClient node, ChoresLab lab) : IClassFixture<ChoresLab>, IAsyncLifetime
{
    private const string Marker = """{"v":1,"type":"marker"}""";

    private readonly string alice = ChatApi.Unique("alice");
    private readonly string bob = ChatApi.Unique("bob");
    private readonly List<IAsyncDisposable> parts = [];
    private OwnMomento momento = null!;
    private NodeTopics publisher = null!;

    /// <summary>No test leaves work to the next one.</summary>
    public async ValueTask InitializeAsync()
    {
        await foreach (var left in lab.Work.QueryAsync<TableEntity>()) await lab.Work.DeleteEntityAsync(left);
        lab.Time = new FakeTimeProvider(DateTimeOffset.UtcNow);
        momento = await OwnMomento.StartAsync(cloud, lab.Time);
        publisher = await node.ConnectAsync(momento.Server.CreateApiKeyV1(), momento.Server.Address);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var part in Enumerable.Reverse(parts)) await part.DisposeAsync();
        await momento.DisposeAsync();
    }

    [Fact]
    public async Task After_a_removal_both_old_topics_tell_at_once_and_2_and_10_seconds_later_that_the_room_has_moved_and_then_nobody_has_to()
    {
        var app = await StartAsync();
        var (room, bobsId) = await RoomAsync(app);
        await lab.CrowdAsync(room, 250);
        var old = await TopicsAsync(app, room);
        var (events, direct) = (await ListenAsync(old.Events), await ListenAsync(old.Direct));

        await RemovedAsync(app, room, bobsId);
        var start = lab.Time.GetTimestamp();
        foreach (var after in new[] { 0, 2, 10 })
        {
            var moved = await TestClockAsync(events.NextAsync());
            Assert.InRange(lab.Time.GetElapsedTime(start).TotalSeconds, after, after + 1.9);
            // 252 members come back in two seconds.
            Assert.Equal("""{"v":1,"type":"moved","spread":2}""", moved.Text);
            Assert.Equal(moved.Text, (await direct.NextAsync()).Text);
            await OpenApiDocument.Current.CheckEventAsync(moved.Text!);
        }

        await WithoutIntentsAsync();
        Assert.NotEqual(old, await TopicsAsync(app, room));
    }

    [Fact]
    public async Task A_removal_that_nobody_could_be_told_of_is_told_by_the_chores_and_one_that_failed_is_not()
    {
        var app = await StartAsync();
        for (var (writes, removed) = (0, false); !removed; writes++)
        {
            var (room, bobsId) = await RoomAsync(app);
            var old = await TopicsAsync(app, room);
            var heard = await ListenAsync(old.Events);
            // Killed after so many writes, and what it says of the room reaches nobody.
            await using (var dying = await lab.StartDyingAppAsync(writes, new() { ["Momento:Endpoint"] = "http://127.0.0.1:1" }))
            {
                var status = (await lab.Client(dying.App, alice).RemoveAsync(room, bobsId)).StatusCode;
                removed = status == HttpStatusCode.NoContent;
            }

            await lab.FinishAsync(app);
            Assert.Equal(0, await lab.IntentsAsync());
            await publisher.PublishAsync(LocalCloud.CacheName, old.Events, Marker);
            var hasMoved = old != await TopicsAsync(app, room);
            Assert.Equal(hasMoved, !await lab.Client(app, bob).CanEnterAsync(room));
            Assert.Equal(hasMoved ? """{"v":1,"type":"moved","spread":1}""" : Marker, (await heard.NextAsync()).Text);
        }
    }

    [Fact]
    public async Task Who_is_removed_while_a_message_is_at_any_of_its_steps_hears_nothing_of_it_from_3_seconds_after_the_answer()
    {
        var app = await StartAsync();
        var wire = new TableWire(cloud, lab.TableEndpoint, momento.KeyVault);
        var slow = await StartAsync(wire: wire);
        foreach (var hold in new Func<TaskCompletionSource, Task, TableFault>[] { TableFaults.Hold, TableFaults.HoldAnswer })
        {
            for (var (number, isHeld) = (0, true); isHeld; number++)
            {
                var (room, bobsId) = await RoomAsync(app);
                var old = await TopicsAsync(app, room);
                var heard = await ListenAsync(old.Events);
                var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
                wire.FailOnly(number, hold(sent, held.Task));
                var said = lab.Client(slow, alice).SayAsync(room, "on its way");
                isHeld = await Task.WhenAny(sent.Task, said) == sent.Task;
                await RemovedAsync(app, room, bobsId);
                lab.Time.Advance(TimeSpan.FromSeconds(3));
                await publisher.PublishAsync(LocalCloud.CacheName, old.Events, Marker);
                held.SetResult();
                await said;
                await publisher.PublishAsync(LocalCloud.CacheName, old.Events, Marker);

                Assert.Equal(isHeld ? ["marker", "marker"] : ["message", "marker", "marker"], await HeardAsync(heard, marks: 2));
                Assert.Equal(["on its way"], (await lab.Client(app, alice).PageAsync(room)).Texts());
            }
        }
    }

    [Fact]
    public async Task Who_is_removed_hears_nothing_for_as_long_as_their_token_lives()
    {
        var app = await StartAsync();
        var (room, bobsId) = await RoomAsync(app);
        var old = await TopicsAsync(app, room);
        var token = await (await lab.Client(app, bob).GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync();
        var mine = await node.ConnectAsync(token.Text("token"), momento.Server.Address);
        await using var heard = await mine.SubscribeAsync(LocalCloud.CacheName, old.Events);
        await RemovedAsync(app, room, bobsId);
        await Assert.ThrowsAsync<NodeException>(async () =>
            await mine.SubscribeAsync(LocalCloud.CacheName, (await TopicsAsync(app, room)).Events));

        // An hour, less what is lost while nothing happens.
        var owner = lab.Client(app, alice);
        for (var minute = 0; minute < 58; minute++)
        {
            await owner.SayAsync(room, $"minute {minute}");
            lab.Time.Advance(TimeSpan.FromMinutes(1));
        }

        await publisher.PublishAsync(LocalCloud.CacheName, old.Events, Marker);
        Assert.Equal(["marker"], await HeardAsync(heard, marks: 1));
    }

    [Fact]
    public async Task Who_leaves_hears_on_for_a_minute_at_most_and_the_room_moves_once_for_all_who_have_left_meanwhile()
    {
        var app = await StartAsync();
        var (room, _) = await RoomAsync(app);
        var (owner, carol) = (lab.Client(app, alice), lab.Client(app, ChatApi.Unique("carol")));
        await owner.LetInAsync(room, carol);
        var old = await TopicsAsync(app, room);
        var heard = await ListenAsync(old.Events);

        await LeaveAsync(lab.Client(app, bob), room);
        lab.Time.Advance(TimeSpan.FromSeconds(30));
        await LeaveAsync(carol, room);
        lab.Time.Advance(TimeSpan.FromSeconds(29.9));
        await owner.SayAsync(room, "within the minute");
        Assert.Equal(old, await TopicsAsync(app, room));

        lab.Time.Advance(TimeSpan.FromSeconds(0.1));
        await owner.SayAsync(room, "after it");
        var now = await TopicsAsync(app, room);
        Assert.NotEqual(old, now);
        await TestClockAsync(HearsAsync(heard, "message", "moved", "moved", "moved"));

        var still = await ListenAsync(now.Events);
        lab.Time.Advance(TimeSpan.FromHours(1));
        await owner.SayAsync(room, "nobody has left since");
        await HearsAsync(still, "message");
        Assert.Equal(now, await TopicsAsync(app, room));
    }

    [Fact]
    public async Task A_removal_does_for_those_who_have_left_what_would_have_been_due()
    {
        var app = await StartAsync();
        var (room, bobsId) = await RoomAsync(app);
        var owner = lab.Client(app, alice);
        await LeaveAsync(lab.Client(app, bob), room);
        await RemovedAsync(app, room, bobsId);
        var now = await TopicsAsync(app, room);
        lab.Time.Advance(TimeSpan.FromMinutes(2));
        await owner.SayAsync(room, "on the same topic");
        Assert.Equal(now, await TopicsAsync(app, room));

        // Another one who leaves counts from then on.
        await owner.LetInAsync(room, lab.Client(app, bob));
        await LeaveAsync(lab.Client(app, bob), room);
        lab.Time.Advance(TimeSpan.FromMinutes(1));
        await owner.SayAsync(room, "on the next");
        Assert.NotEqual(now, await TopicsAsync(app, room));
    }

    [Fact]
    public async Task A_change_of_epoch_that_meets_a_fault_at_any_request_loses_no_message_and_moves_the_room_all_the_same()
    {
        var app = await StartAsync();
        var wire = new TableWire(cloud, lab.TableEndpoint, momento.KeyVault);
        var faulty = await StartAsync(wire: wire);
        var (room, _) = await RoomAsync(app);
        await LeaveAsync(lab.Client(app, bob), room);
        foreach (var name in new[] { "lost answer", "changed" })
        {
            foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[name]))
            {
                await lab.Client(app, alice).LetInAsync(room, lab.Client(app, bob));
                await LeaveAsync(lab.Client(app, bob), room);
                var old = await TopicsAsync(app, room);
                lab.Time.Advance(TimeSpan.FromMinutes(1));
                var said = call.MakeAsync(() => lab.Client(faulty, alice).PostMessageAsync(room, "said"));
                Assert.Equal(HttpStatusCode.Created, (await TestClockAsync(said)).StatusCode);
                await lab.Client(app, alice).SayAsync(room, "next");
                Assert.NotEqual(old, await TopicsAsync(app, room));
            }
        }
    }

    [Fact]
    public async Task Two_removals_at_once_tell_all_who_listen_and_both_are_out()
    {
        var app = await StartAsync();
        var (room, bobsId) = await RoomAsync(app);
        var (owner, carol) = (lab.Client(app, alice), lab.Client(app, ChatApi.Unique("carol")));
        await owner.LetInAsync(room, carol);
        var carolsId = (await carol.SayAsync(room, "here")).GetProperty("sender").Text("id");
        var old = await TopicsAsync(app, room);
        var heard = await ListenAsync(old.Events);
        var removals = Task.WhenAll(owner.RemoveAsync(room, bobsId), owner.RemoveAsync(room, carolsId));
        Assert.All(await TestClockAsync(removals), answer => Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode));
        foreach (var user in new[] { lab.Client(app, bob), carol }) Assert.False(await user.CanEnterAsync(room));
        await owner.SayAsync(room, "without them");
        await publisher.PublishAsync(LocalCloud.CacheName, old.Events, Marker);
        await HearsAsync(heard, "moved");
        Assert.Equal(["marker"], await HeardAsync(heard, marks: 1));
    }

    [Fact]
    public async Task All_who_return_after_a_removal_cost_one_token_call()
    {
        var app = await StartAsync();
        var (room, bobsId) = await RoomAsync(app);
        var members = Enumerable.Range(0, 20).Select(number => lab.Client(app, $"member-{number}")).ToList();
        var code = await lab.Client(app, alice).InviteAsync(room);
        foreach (var member in members) await member.AcceptAsync(code);
        await RemovedAsync(app, room, bobsId);
        var before = momento.Server.TokenCalls;
        var tokens = await Task.WhenAll(members.Concat(members).Select(async member =>
            (await (await member.GetAsync($"token?access=subscribe&chatId={room}")).JsonAsync()).Text("token")));
        Assert.Single(tokens.Distinct());
        Assert.Equal(before + 1, momento.Server.TokenCalls);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_listeners_of_a_room_that_is_deleted_are_told_on_both_topics(bool isPrivate)
    {
        var app = await StartAsync();
        var owner = lab.Client(app, alice);
        var room = isPrivate ? await owner.PrivateRoomAsync("gone") : (await owner.RoomAsync(ChatApi.Unique("gone"))).Text("chatId");
        var topics = await TopicsAsync(app, room);
        var (events, direct) = (await ListenAsync(topics.Events), await ListenAsync(topics.Direct));
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"chats/{room}")).StatusCode);
        foreach (var heard in new[] { events, direct })
        {
            var deleted = (await heard.NextAsync()).Text!;
            await OpenApiDocument.Current.CheckEventAsync(deleted);
            Assert.Equal("""{"v":1,"type":"deleted","spread":1}""", deleted);
        }
    }

    private async Task<FunctionHost> StartAsync(TableWire? wire = null)
    {
        var app = await lab.StartAppAsync(momento: momento, wire: wire);
        parts.Add(app);
        return app;
    }

    /// <summary>A room of alice's with bob, who have both said something.</summary>
    private async Task<(string Room, string BobsId)> RoomAsync(FunctionHost app)
    {
        var room = await lab.Client(app, alice).PrivateRoomAsync("epochs");
        await lab.Client(app, alice).LetInAsync(room, lab.Client(app, bob));
        var members = await (await lab.Client(app, alice).GetAsync($"chats/{room}/members")).JsonAsync();
        return (room, members.EnumerateArray().Single(member => !member.GetProperty("isOwner").GetBoolean()).Text("id"));
    }

    private async Task<(string Direct, string Events)> TopicsAsync(FunctionHost app, string room)
    {
        var shown = await (await lab.Client(app, alice).GetAsync($"chats/{room}")).JsonAsync();
        return (shown.Text("topicName"), shown.Text("eventsTopicName"));
    }

    private async Task<NodeSubscription> ListenAsync(string topic)
    {
        var subscription = await publisher.SubscribeAsync(LocalCloud.CacheName, topic);
        parts.Add(subscription);
        return subscription;
    }

    private async Task RemovedAsync(FunctionHost app, string room, string userId) =>
        Assert.Equal(HttpStatusCode.NoContent, (await lab.Client(app, alice).RemoveAsync(room, userId)).StatusCode);

    private static async Task LeaveAsync(HttpClient member, string room)
    {
        var id = await member.IdAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await member.RemoveAsync(room, id)).StatusCode);
    }

    /// <summary>What is heard before each of two marks, but for what tells that the room has moved.</summary>
    private static async Task<List<string>> HeardAsync(NodeSubscription heard, int marks)
    {
        var types = new List<string>();
        while (marks > 0)
        {
            var type = JsonElement.Parse((await heard.NextAsync()).Text!).Text("type");
            if (type == "marker") marks--;
            if (type != "moved") types.Add(type);
        }

        return types;
    }

    private async Task WithoutIntentsAsync()
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while (await lab.IntentsAsync() > 0) await Task.Delay(5, timeout.Token);
    }

    private static async Task<bool> HearsAsync(NodeSubscription heard, params string[] types)
    {
        foreach (var type in types) Assert.Equal(type, JsonElement.Parse((await heard.NextAsync()).Text!).Text("type"));
        return true;
    }

    /// <summary>Lets the clock run, a little at a time, until it is done.</summary>
    private async Task<T> TestClockAsync<T>(Task<T> work)
    {
        await TokenLab.UntilAsync(() =>
        {
            if (!work.IsCompleted) lab.Time.Advance(TimeSpan.FromMilliseconds(50));
            return work.IsCompleted;
        });
        return await work;
    }
}
