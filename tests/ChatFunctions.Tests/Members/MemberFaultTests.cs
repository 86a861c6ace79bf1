using System.Net;
using Azure.Core;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Members;

/// <summary>
/// Each request that a call about a private room sends to Table Storage fails once, before or after it was applied, or is applied when
/// the call is long over. The answer is the one of a day without faults, and so is what there is afterwards.
/// </summary>
public sealed class MemberFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;

    public static TheoryData<string> Faults => [.. TableFaults.ByName.Keys];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        (alice, bob) = (cloud.Client(app, ChatApi.Unique("alice")), cloud.Client(app, ChatApi.Unique("bob")));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_room_is_made_once(string fault)
    {
        var rooms = new List<string>();
        foreach (var call in CallsWith(fault))
        {
            var created = await call.MakeAsync(() => alice.CreatePrivateRoomAsync("fault"));
            rooms.Add((await created.JsonAsync(HttpStatusCode.Created)).Text("chatId"));
            Assert.Equal(rooms.Order(StringComparer.Ordinal), await alice.ListPrivateAsync());
            Assert.Single(await MembersAsync(rooms[^1]));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_invitation_is_made_and_good(string fault)
    {
        var room = await alice.PrivateRoomAsync("fault");
        foreach (var call in CallsWith(fault))
        {
            var invited = await call.MakeAsync(() => alice.PostAsync($"chats/{room}/invites", null));
            var code = (await invited.JsonAsync(HttpStatusCode.Created)).Text("inviteCode");
            Assert.Equal(HttpStatusCode.OK, (await bob.AcceptAsync(code)).StatusCode);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task An_invitation_is_accepted_once(string fault)
    {
        foreach (var call in CallsWith(fault))
        {
            var room = await alice.PrivateRoomAsync("fault");
            var code = await alice.InviteAsync(room);
            Assert.Equal(HttpStatusCode.OK, (await call.MakeAsync(() => bob.AcceptAsync(code))).StatusCode);
            Assert.Equal(2, (await MembersAsync(room)).Count);
            Assert.Contains(room, await bob.ListPrivateAsync());
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_member_is_removed_and_their_invitation_void(string fault) => await SeeOffAsync(fault, removed: true);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_member_leaves(string fault) => await SeeOffAsync(fault, removed: false);

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_room_is_deleted_with_all_that_belongs_to_it(string fault)
    {
        // The first batch ends all access. What follows changes no row on a condition, so that nothing can be in its way.
        foreach (var call in TableFaults.ByName[fault].Of is null ? CallsWith(fault) : CallsWith(fault).Take(1))
        {
            var room = await alice.PrivateRoomAsync("fault");
            await alice.LetInAsync(room, bob);
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => alice.DeleteAsync($"chats/{room}"))).StatusCode);
            foreach (var user in new[] { alice, bob })
            {
                Assert.False(await user.CanEnterAsync(room));
                Assert.DoesNotContain(room, await user.ListPrivateAsync());
            }
        }
    }

    [Fact]
    public async Task Short_and_empty_pages_of_Table_Storage_hide_no_room_and_no_member()
    {
        var rooms = new List<string>();
        for (var i = 0; i < 3; i++) rooms.Add(await alice.PrivateRoomAsync("pages"));
        await alice.LetInAsync(rooms[0], bob);
        wire.Follow(ShortPages.Script);
        Assert.Equal(rooms.Order(StringComparer.Ordinal), await alice.ListPrivateAsync(limit: 2));
        Assert.Equal(2, (await MembersAsync(rooms[0])).Count);
        var first = await alice.GetAsync($"chats/{rooms[0]}/members?limit=1");
        Assert.Single((await first.JsonAsync()).EnumerateArray());
        Assert.Single((await (await alice.GetAsync(first.NextPage())).JsonAsync()).EnumerateArray());
        Assert.True(await bob.CanEnterAsync(rooms[0]));
        await alice.LetInAsync(rooms[1], bob);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{rooms[0]}")).StatusCode);
        Assert.Equal([rooms[1]], await bob.ListPrivateAsync());
    }

    [Fact]
    public async Task Short_and_empty_pages_of_Table_Storage_hide_no_invitation()
    {
        var room = await alice.PrivateRoomAsync("pages");
        await alice.LetInAsync(room, bob);
        var bobs = new List<string>();
        for (var i = 0; i < 3; i++) bobs.Add(await bob.InviteAsync(room));
        wire.Follow(ShortPages.Script);
        for (var i = 4; i < 20; i++) await alice.InviteAsync(room);
        var refused = await alice.PostAsync($"chats/{room}/invites", null);
        Assert.Equal("too-many-invitations", (await refused.ProblemAsync(HttpStatusCode.Conflict)).ProblemType());

        // Who leaves takes all of their own with them.
        var bobsId = (await MembersAsync(room)).Single(member => !member.IsOwner).Id;
        Assert.Equal(HttpStatusCode.NoContent, (await bob.RemoveAsync(room, bobsId)).StatusCode);
        foreach (var code in bobs) Assert.Equal(HttpStatusCode.NotFound, (await bob.AcceptAsync(code)).StatusCode);
        for (var i = 0; i < 3; i++) await alice.InviteAsync(room);
    }

    private async Task SeeOffAsync(string fault, bool removed)
    {
        foreach (var call in CallsWith(fault))
        {
            var room = await alice.PrivateRoomAsync("fault");
            var code = await alice.InviteAsync(room);
            await bob.AcceptAsync(code);
            var bobsId = (await MembersAsync(room)).Single(member => !member.IsOwner).Id;
            var gone = await call.MakeAsync(() => (removed ? alice : bob).RemoveAsync(room, bobsId));
            Assert.Equal(HttpStatusCode.NoContent, gone.StatusCode);
            Assert.Single(await MembersAsync(room));
            Assert.DoesNotContain(room, await bob.ListPrivateAsync());
            Assert.Equal(removed ? HttpStatusCode.NotFound : HttpStatusCode.OK, (await bob.AcceptAsync(code)).StatusCode);
        }
    }

    private IEnumerable<FaultyCall> CallsWith(string fault) => FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]);

    private async Task<List<(string Id, bool IsOwner)>> MembersAsync(string room) =>
        [.. (await (await alice.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Select(member => (member.Text("id"), member.GetProperty("isOwner").GetBoolean()))];
}
