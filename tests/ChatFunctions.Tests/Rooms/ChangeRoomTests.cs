using System.Net;
using System.Text;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Rooms;

/// <summary>Rooms that are handed over, and their settings. What slow mode does, SlowModeTests tells.</summary>
public sealed class ChangeRoomTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly bool[] Kinds = [true, false];
    private static readonly string[] FaultNames = ["busy", "lost answer", "late", "changed"];

    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;
    private HttpClient carol = null!;
    private string alicesId = "";
    private string bobsId = "";
    private string carolsId = "";

    public static TheoryData<bool, string> KindsAndFaults =>
        [.. from isPrivate in Kinds from fault in FaultNames select new TheoryDataRow<bool, string>(isPrivate, fault)];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        (alice, bob, carol) = (Client("alice"), Client("bob"), Client("carol"));
        (alicesId, bobsId, carolsId) = (await alice.IdAsync(), await bob.IdAsync(), await carol.IdAsync());
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_private_room_is_handed_to_a_member_who_has_all_of_the_owners_rights_then_and_the_maker_stays_its_maker()
    {
        var room = await RoomAsync(isPrivate: true);
        await alice.RemoveAsync(room, alicesId).AssertProblemAsync(HttpStatusCode.Conflict, "owner-cannot-leave");
        await alice.HandOverAsync(room, await Client("stranger").IdAsync()).AssertProblemAsync(HttpStatusCode.NotFound, "member-not-found");
        await alice.HandOverAsync(room, "nobody").AssertProblemAsync(HttpStatusCode.NotFound, "user-not-found");
        await bob.HandOverAsync(room, bobsId).AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");

        var handed = await (await alice.HandOverAsync(room, bobsId)).JsonAsync();
        Assert.Equal((bobsId, alicesId), (handed.Text("ownerId"), handed.GetProperty("createdBy").Text("id")));
        Assert.False(handed.GetProperty("can").GetProperty("delete").GetBoolean());
        Assert.Equal((bobsId, 0), await carol.SettingsAsync(room));
        Assert.Equal(("write invite", "write invite moderate delete"), (await alice.RightsAsync(room), await bob.RightsAsync(room)));
        var owners = (await (await carol.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Where(member => member.GetProperty("isOwner").GetBoolean());
        Assert.Equal(bobsId, owners.Single().Text("id"));

        foreach (var refused in new[]
        {
            alice.DeleteAsync($"chats/{room}"), alice.RemoveAsync(room, carolsId), alice.BanAsync($"chats/{room}", carolsId),
            alice.LiftAsync($"chats/{room}", carolsId), alice.HandOverAsync(room, alicesId), alice.SlowDownAsync(room, 1),
            alice.GetAsync($"chats/{room}/reports"),
        })
        {
            await refused.AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        }

        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync($"chats/{room}/reports")).StatusCode);
        await bob.RemoveAsync(room, bobsId).AssertProblemAsync(HttpStatusCode.Conflict, "owner-cannot-leave");
        await bob.BanAsync($"chats/{room}", carolsId).AssertDoneAsync();
        await alice.RemoveAsync(room, alicesId).AssertDoneAsync();
        await bob.DeleteAsync($"chats/{room}").AssertDoneAsync();
    }

    [Fact]
    public async Task A_public_room_is_handed_to_anybody_by_its_owner_alone()
    {
        var room = await RoomAsync(isPrivate: false);
        var said = (await carol.SayAsync(room, "said")).Text("id");
        var mod = cloud.Moderator(ChatApi.Unique("mod"), app);
        await mod.HandOverAsync(room, bobsId).AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        await mod.ChangeAsync(room, new { ownerId = bobsId, slowModeSeconds = 1 }).AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        Assert.Equal((alicesId, 0), await alice.SettingsAsync(room));

        var handed = await (await alice.ChangeAsync(room, new { ownerId = bobsId, slowModeSeconds = 5 })).JsonAsync();
        Assert.Equal((bobsId, 5), handed.Settings());
        var listed = (await (await carol.GetAsync($"chats?prefix={Uri.EscapeDataString(handed.Text("chatName"))}")).JsonAsync()).EnumerateArray().Single();
        Assert.Equal((bobsId, 5, alicesId), (listed.Text("ownerId"), listed.Settings().SlowModeSeconds, listed.GetProperty("createdBy").Text("id")));
        Assert.Equal(5, (await (await mod.SlowDownAsync(room, 5)).JsonAsync()).Settings().SlowModeSeconds);
        Assert.Equal(("write", "write moderate delete"), (await alice.RightsAsync(room), await bob.RightsAsync(room)));
        await alice.DeleteAsync($"chats/{room}/messages/{said}").AssertProblemAsync(HttpStatusCode.Forbidden, "not-author");
        await bob.DeleteAsync($"chats/{room}/messages/{said}").AssertDoneAsync();
        await alice.DeleteAsync($"chats/{room}").AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        await bob.DeleteAsync($"chats/{room}").AssertDoneAsync();
    }

    [Fact]
    public async Task A_change_that_is_none_or_out_of_range_is_a_400()
    {
        var room = await RoomAsync(isPrivate: true);
        foreach (var body in new[]
        {
            "{}", """{"slowModeSeconds":null,"ownerId":null}""", """{"slowModeSeconds":-1}""", """{"slowModeSeconds":21601}""",
            """{"slowModeSeconds":1.5}""", """{"slowModeSeconds":"5"}""", """{"ownerId":5}""", """{"chatName":"other"}""",
        })
        {
            var answer = alice.PatchAsync($"chats/{room}", new StringContent(body, Encoding.UTF8, "application/json"));
            await answer.AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");
        }

        Assert.Equal((alicesId, 0), await alice.SettingsAsync(room));
        Assert.Equal(21_600, (await (await alice.SlowDownAsync(room, 21_600)).JsonAsync()).Settings().SlowModeSeconds);
    }

    [Theory]
    [MemberData(nameof(KindsAndFaults))]
    public async Task A_change_is_made_whichever_request_fails(bool isPrivate, string fault)
    {
        var (room, seconds) = (await RoomAsync(isPrivate), 0);
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            var change = new { ownerId = bobsId, slowModeSeconds = ++seconds };
            var changed = await (await call.MakeAsync(() => alice.ChangeAsync(room, change))).JsonAsync();
            Assert.Equal((bobsId, seconds), changed.Settings());
            Assert.Equal((bobsId, seconds), await bob.SettingsAsync(room));
            Assert.Equal(HttpStatusCode.OK, (await bob.HandOverAsync(room, alicesId)).StatusCode);
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_change_whose_write_lands_late_undoes_no_later_one(bool isPrivate)
    {
        var room = await RoomAsync(isPrivate);
        wire.Fail(TableFaults.Late, TableBatch.Is);
        await (await alice.SlowDownAsync(room, 60)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        wire.Heal();
        Assert.Equal(HttpStatusCode.OK, (await alice.SlowDownAsync(room, 0)).StatusCode);
        Assert.True(await wire.LandAsync() > 0);
        Assert.Equal((alicesId, 0), await alice.SettingsAsync(room));
    }

    [Fact]
    public async Task Nobody_is_owner_of_a_private_room_without_being_its_member_whoever_is_faster()
    {
        // Bob leaves, or is removed, while the room is being handed to him.
        foreach (var goes in new[] { bob, alice })
        {
            var left = await RoomAsync(isPrivate: true);
            await (await RaceAsync(() => alice.HandOverAsync(left, bobsId), () => goes.RemoveAsync(left, bobsId)))
                .AssertProblemAsync(HttpStatusCode.NotFound, "member-not-found");
            Assert.Equal((alicesId, 0), await alice.SettingsAsync(left));
        }

        // The room becomes bob's while he leaves, or is removed or banned.
        var room = await RoomAsync(isPrivate: true);
        await (await RaceAsync(() => bob.RemoveAsync(room, bobsId), () => alice.HandOverAsync(room, bobsId)))
            .AssertProblemAsync(HttpStatusCode.Conflict, "owner-cannot-leave");
        foreach (var goes in new Func<Task<HttpResponseMessage>>[] { () => alice.RemoveAsync(room, bobsId), () => alice.BanAsync($"chats/{room}", bobsId) })
        {
            Assert.Equal(HttpStatusCode.OK, (await bob.HandOverAsync(room, alicesId)).StatusCode);
            await (await RaceAsync(goes, () => alice.HandOverAsync(room, bobsId))).AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
            Assert.Equal((bobsId, 0), await bob.SettingsAsync(room));
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Of_changes_at_once_the_first_decides_who_may_make_the_others(bool isPrivate)
    {
        var room = await RoomAsync(isPrivate);
        await (await RaceAsync(() => alice.HandOverAsync(room, bobsId), () => alice.HandOverAsync(room, carolsId)))
            .AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        await (await RaceAsync(() => carol.SlowDownAsync(room, 1), () => carol.HandOverAsync(room, bobsId)))
            .AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        await (await RaceAsync(() => bob.DeleteAsync($"chats/{room}"), () => bob.HandOverAsync(room, alicesId), isPrivate))
            .AssertProblemAsync(HttpStatusCode.Forbidden, "not-owner");
        Assert.Equal((alicesId, 0), await alice.SettingsAsync(room));

        await (await RaceAsync(() => alice.DeleteAsync($"chats/{room}"), () => alice.SlowDownAsync(room, 2), isPrivate)).AssertDoneAsync();
        await (await alice.GetAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.NotFound);
        var other = await RoomAsync(isPrivate);
        await (await RaceAsync(() => alice.HandOverAsync(other, bobsId), () => alice.DeleteAsync($"chats/{other}")))
            .AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
    }

    [Fact]
    public async Task A_change_leaves_a_room_alone_that_was_made_under_the_name_meanwhile()
    {
        var name = ChatApi.Unique("successor");
        var room = (await alice.RoomAsync(name)).Text("chatId");
        await (await RaceAsync(() => alice.SlowDownAsync(room, 60), async () =>
        {
            await alice.DeleteAsync($"chats/{room}").AssertDoneAsync();
            return await alice.CreateRoomAsync(name);
        })).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        Assert.Equal((alicesId, 0), await alice.SettingsAsync(room));
    }

    private HttpClient Client(string name) => cloud.Client(app, ChatApi.Unique(name));

    /// <summary>Alice's; bob and carol are in it.</summary>
    private async Task<string> RoomAsync(bool isPrivate)
    {
        if (!isPrivate) return (await alice.RoomAsync(ChatApi.Unique("changed"))).Text("chatId");
        var room = await alice.PrivateRoomAsync("changed");
        var code = await alice.InviteAsync(room);
        foreach (var guest in new[] { bob, carol }) Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(code)).StatusCode);
        return room;
    }

    /// <summary>What decides one call is read, and its write is on its way, while the other one is made.</summary>
    /// <param name="isBatch">The held write is one; otherwise it is the deletion of a row.</param>
    private async Task<Task<HttpResponseMessage>> RaceAsync(
        Func<Task<HttpResponseMessage>> slower, Func<Task<HttpResponseMessage>> faster, bool isBatch = true)
    {
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.FailOnly(0, TableFaults.Hold(sent, held.Task), request => isBatch ? TableBatch.Is(request) : request.Method == Azure.Core.RequestMethod.Delete);
        var slow = slower();
        await sent.Task;
        Assert.True((await faster()).IsSuccessStatusCode);
        held.SetResult();
        await slow;
        return slow;
    }
}
