using System.Net;
using Azure.Core;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Bans;

/// <summary>Bans of each kind while Table Storage fails, and what they cost.</summary>
public sealed class BanFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly string[] Faults = ["lost answer", "late", "changed"];

    private readonly TableWire wire = new(cloud);
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;
    private HttpClient mod = null!;
    private string room = "";
    private string bobsId = "";

    public enum Kind
    {
        Private,
        Public,
        Everywhere,
    }

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        (alice, bob) = (cloud.Client(app, ChatApi.Unique("alice")), cloud.Client(app, ChatApi.Unique("bob")));
        mod = cloud.Moderator(ChatApi.Unique("mod"), app);
        bobsId = await bob.IdAsync();
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    public static TheoryData<Kind, string> KindsAndFaults =>
        [.. from kind in Enum.GetValues<Kind>() from fault in Faults select new TheoryDataRow<Kind, string>(kind, fault)];

    [Theory]
    [MemberData(nameof(KindsAndFaults))]
    public async Task Whoever_is_banned_is_banned_and_whose_ban_is_lifted_is_not_whichever_request_fails(Kind kind, string fault)
    {
        var (by, place) = await PlaceAsync(kind);
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => by.BanAsync(place, bobsId))).StatusCode);
            Assert.True(await IsBannedAsync(kind));
        }

        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            await by.BanAsync(place, bobsId).AssertDoneAsync();
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => by.LiftAsync(place, bobsId))).StatusCode);
            Assert.False(await IsBannedAsync(kind));
        }
    }

    [Theory]
    [InlineData(Kind.Private, true)]
    [InlineData(Kind.Private, false)]
    [InlineData(Kind.Public, true)]
    [InlineData(Kind.Public, false)]
    [InlineData(Kind.Everywhere, true)]
    [InlineData(Kind.Everywhere, false)]
    public async Task A_ban_that_was_a_503_and_lands_when_it_was_lifted_binds_nobody(Kind kind, bool isFirst)
    {
        var (by, place) = await PlaceAsync(kind);
        if (!isFirst)
        {
            await by.BanAsync(place, bobsId).AssertDoneAsync();
            await by.LiftAsync(place, bobsId).AssertDoneAsync();
        }

        wire.Fail(TableFaults.Late, TableBatch.Is);
        await (await by.BanAsync(place, bobsId)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        wire.Heal();
        await by.LiftAsync(place, bobsId).AssertDoneAsync();
        Assert.True(await wire.LandAsync() > 0);
        Assert.False(await IsBannedAsync(kind));
    }

    [Fact]
    public async Task An_owner_who_has_read_before_a_moderator_bans_does_not_replace_the_moderators_ban()
    {
        var (_, place) = await PlaceAsync(Kind.Public);
        foreach (var call in new[] { () => alice.BanAsync(place, bobsId), () => alice.LiftAsync(place, bobsId) })
        {
            var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
            await alice.BanAsync(place, bobsId).AssertDoneAsync();
            wire.FailOnly(0, TableFaults.Hold(sent, held.Task), TableBatch.Is);
            var late = call();
            await sent.Task;
            await mod.BanAsync(place, bobsId).AssertDoneAsync();
            held.SetResult();
            await late.AssertProblemAsync(HttpStatusCode.Forbidden, "not-moderator");
            await mod.LiftAsync(place, bobsId).AssertDoneAsync();
        }
    }

    [Fact]
    public async Task Table_Storage_does_for_a_message_three_transactions_and_one_more_where_the_room_was_not_read_just_now()
    {
        await using var own = await cloud.StartAppAsync([], time, wire: wire);
        var (owner, member) = (cloud.Client(own, ChatApi.Unique("alice")), cloud.Client(own, ChatApi.Unique("bob")));
        var (publicRoom, privateRoom) = ((await owner.RoomAsync(ChatApi.Unique("counted"))).Text("chatId"), await owner.PrivateRoomAsync("counted"));
        var clientId = Guid.NewGuid();
        foreach (var chatId in new[] { publicRoom, privateRoom })
        {
            await owner.SayAsync(chatId, "the first reads the log's head", clientId);
            Assert.Equal(3, await CostAsync(() => owner.PostMessageAsync(chatId, "x")));
            time.Advance(TimeSpan.FromSeconds(2));
            Assert.Equal(4, await CostAsync(() => owner.PostMessageAsync(chatId, "x")));
        }

        await member.SayAsync(publicRoom, "before", clientId);
        await cloud.Moderator(ChatApi.Unique("mod"), own).BanAsync($"chats/{publicRoom}", await member.IdAsync()).AssertDoneAsync();
        Assert.Equal(3, await CostAsync(() => member.PostMessageAsync(publicRoom, "refused")));
        Assert.Equal(4, await CostAsync(() => member.PostMessageAsync(publicRoom, "before", clientId)));
        Assert.Equal(1, await CostAsync(() => member.GetAsync("token")));
        Assert.Equal(0, await CostAsync(() => member.GetAsync("token")));
    }

    [Fact]
    public async Task While_nobody_can_read_who_is_banned_everywhere_tokens_only_listen_to_public_rooms_and_then_they_publish_again()
    {
        using var logs = new LogRecorder(LogLevel.Warning);
        await using var own = await cloud.StartAppAsync(new() { ["Tables:Retry:MaxRetries"] = "0" }, time, wire: wire, logs: logs);
        using var topics = new MomentoTopics(cloud.Local.Momento);
        var member = cloud.Client(own, ChatApi.Unique("bob"));
        var publicId = (await member.RoomAsync(ChatApi.Unique("open"))).Text("chatId");
        var (publicTopic, privateId) = (await TopicAsync(publicId), await member.PrivateRoomAsync("closed"));
        var both = $"token?chatId={publicId}&chatId={privateId}";

        wire.Fail(TableFaults.Error(503, "ServerBusy"), IsOfBans);
        Assert.Equal((false, false), (await PublishesAsync("token", publicTopic), await PublishesAsync(both, publicTopic)));
        Assert.True(await PublishesAsync(both, await TopicAsync(privateId)));
        Assert.All(logs.Entries(), line => Assert.StartsWith("Table Storage does not answer, so nobody knows who is banned", line, StringComparison.Ordinal));
        Assert.Equal(3, logs.Entries().Count);

        var (sent, never) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.FailOnly(0, TableFaults.Hold(sent, never.Task), IsOfBans);
        var patient = PublishesAsync("token", publicTopic);
        await sent.Task;
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.False(await patient);
        never.SetResult();

        wire.Fail(TableFaults.Error(400, "InvalidInput"), IsOfBans);
        await member.GetAsync("token").AssertProblemAsync(HttpStatusCode.InternalServerError, "unexpected");

        wire.Heal();
        Assert.Equal((true, true), (await PublishesAsync("token", publicTopic), await PublishesAsync(both, publicTopic)));

        static bool IsOfBans(Request request) => request.Uri.ToString().Contains("banned-", StringComparison.Ordinal);

        async Task<string> TopicAsync(string chatId) => (await (await member.GetAsync($"chats/{chatId}")).JsonAsync()).Text("topicName");

        async Task<bool> PublishesAsync(string path, string topic) =>
            await topics.CanPublishAsync((await (await member.GetAsync(path)).JsonAsync()).Text("token"), topic);
    }

    private async Task<int> CostAsync(Func<Task<HttpResponseMessage>> call)
    {
        var before = wire.Requests;
        await call();
        return wire.Requests - before;
    }

    /// <returns>Who bans, and from where.</returns>
    private async Task<(HttpClient By, string Place)> PlaceAsync(Kind kind)
    {
        room = kind == Kind.Private ? await alice.PrivateRoomAsync("fault") : (await alice.RoomAsync(ChatApi.Unique("fault"))).Text("chatId");
        return kind == Kind.Everywhere ? (mod, "") : (alice, $"chats/{room}");
    }

    private async Task<bool> IsBannedAsync(Kind kind)
    {
        if (kind == Kind.Private)
        {
            var accepted = (await bob.AcceptAsync(await alice.InviteAsync(room))).IsSuccessStatusCode;
            if (accepted) await bob.RemoveAsync(room, bobsId).AssertDoneAsync();
            return !accepted;
        }

        var sent = await bob.PostMessageAsync(room, "x");
        Assert.True(sent.StatusCode is HttpStatusCode.Created or HttpStatusCode.Forbidden, $"{sent.StatusCode}");
        return sent.StatusCode == HttpStatusCode.Forbidden;
    }
}
