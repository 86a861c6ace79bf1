using System.Net;
using System.Text;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Presence;

/// <summary>Who is in a room, as the routes tell it.</summary>
public sealed class PresenceTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromSeconds(90);
    private static readonly TimeSpan RosterAge = TimeSpan.FromSeconds(10);

    private readonly PresenceLab lab = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;

    public async ValueTask InitializeAsync()
    {
        app = await lab.StartAppAsync();
        (alice, bob) = (lab.Client(app, "alice"), lab.Client(app, "bob"));
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whoever_says_so_is_here_at_once_and_gone_at_once_and_nobody_else_is(bool isPrivate)
    {
        var room = await RoomAsync(isPrivate);
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        Assert.Equal("", (await bob.PresenceAsync(room)).Names());
        Assert.Equal("alice", (await alice.RenewAsync(room, one)).Names());
        Assert.Equal("alice", (await bob.PresenceAsync(room)).Names());
        Assert.Equal("alice bob", (await bob.RenewAsync(room, other)).Names());
        await alice.EndAsync(room, one);
        Assert.Equal("bob", (await alice.PresenceAsync(room)).Names());
        // A session is one person's, whatever it is called.
        await alice.EndAsync(room, other);
        lab.Time.Advance(RosterAge);
        Assert.Equal("bob", (await alice.PresenceAsync(room)).Names());
    }

    [Fact]
    public async Task A_lease_is_good_for_90_s_and_one_that_is_renewed_at_its_end_goes_on()
    {
        var room = await RoomAsync(isPrivate: false);
        var (aliceTab, bobTab) = (Guid.NewGuid(), Guid.NewGuid());
        await alice.RenewAsync(room, aliceTab);
        await bob.RenewAsync(room, bobTab);
        lab.Time.Advance(LeaseTime - TimeSpan.FromSeconds(1));
        await alice.RenewAsync(room, aliceTab);
        lab.Time.Advance(RosterAge);
        Assert.Equal("alice", (await bob.PresenceAsync(room)).Names());
        lab.Time.Advance(LeaseTime);
        Assert.Equal("", (await bob.PresenceAsync(room)).Names());
    }

    [Fact]
    public async Task Somebody_with_two_tabs_is_one_person_and_here_until_both_are_closed()
    {
        var room = await RoomAsync(isPrivate: true);
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        await alice.RenewAsync(room, one);
        var presence = await alice.RenewAsync(room, other);
        Assert.Equal(("alice", 1), (presence.Names(), presence.GetProperty("count").GetInt32()));
        await alice.EndAsync(room, one);
        lab.Time.Advance(RosterAge);
        Assert.Equal("alice", (await bob.PresenceAsync(room)).Names());
        await alice.EndAsync(room, other);
        Assert.Equal("", (await bob.PresenceAsync(room)).Names());
        await alice.EndAsync(room, other);
    }

    [Fact]
    public async Task An_answer_says_where_the_log_stands_where_events_are_heard_and_how_old_it_is()
    {
        var room = await RoomAsync(isPrivate: true);
        await alice.RenewAsync(room, Guid.NewGuid());
        lab.Time.Advance(TimeSpan.FromSeconds(4));
        var presence = await bob.PresenceAsync(room);
        Assert.Equal((0, 4), (presence.GetProperty("seq").GetInt64(), presence.GetProperty("age").GetDouble()));
        await alice.PostAsync($"chats/{room}/messages", new StringContent($$"""{"text":"m","clientId":"{{Guid.NewGuid()}}"}""", Encoding.UTF8, "application/json"));
        lab.Time.Advance(RosterAge);
        presence = await bob.PresenceAsync(room);
        Assert.Equal((1, 0), (presence.GetProperty("seq").GetInt64(), presence.GetProperty("age").GetDouble()));
        var topic = (await (await bob.GetAsync($"chats/{room}")).JsonAsync()).Text("eventsTopicName");
        Assert.Equal(topic, presence.Text("eventsTopicName"));
    }

    [Fact]
    public async Task A_hundred_people_are_shown_and_where_there_are_more_than_are_counted_only_that_there_are_more()
    {
        var small = await lab.StartAppAsync(new() { ["Presence:MaxPeople"] = "102", ["Tables:Retry:NetworkTimeout"] = "00:01:00" });
        var room = await RoomAsync(isPrivate: false);
        var people = Enumerable.Range(0, 103).Select(number => lab.Client(small, $"person{number:D3}")).ToList();
        await Task.WhenAll(people.Take(102).Select(person => person.RenewAsync(room, Guid.NewGuid())));
        lab.Time.Advance(RosterAge);
        var presence = await lab.Client(small, "reader").PresenceAsync(room);
        Assert.Equal((100, 102, false), Sizes());
        Assert.StartsWith("person000 person001 person002", presence.Names(), StringComparison.Ordinal);
        presence = await people[102].RenewAsync(room, Guid.NewGuid());
        Assert.Equal((100, 102, true), Sizes());

        (int, int, bool) Sizes() => (
            presence.GetProperty("people").GetArrayLength(), presence.GetProperty("count").GetInt32(), presence.GetProperty("isMore").GetBoolean());
    }

    [Fact]
    public async Task Who_is_removed_banned_or_leaves_is_not_here_any_more_and_cannot_come_back()
    {
        var (carol, room) = (lab.Client(app, "carol"), await RoomAsync(isPrivate: true));
        var dave = lab.Client(app, "dave");
        await alice.LetInAsync(room, carol);
        await alice.LetInAsync(room, dave);
        foreach (var client in new[] { alice, bob, carol, dave }) await client.RenewAsync(room, Guid.NewGuid());
        Assert.Equal("alice bob carol dave", (await alice.PresenceAsync(room)).Names());
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, await bob.IdAsync())).StatusCode);
        await alice.BanAsync($"chats/{room}", await carol.IdAsync()).AssertDoneAsync();
        Assert.Equal(HttpStatusCode.NoContent, (await dave.RemoveAsync(room, await dave.IdAsync())).StatusCode);
        Assert.Equal("alice", (await alice.PresenceAsync(room)).Names());
        foreach (var client in new[] { bob, carol, dave }) await client.PutPresenceAsync(room, Guid.NewGuid()).AssertProblemAsync(HttpStatusCode.NotFound, "room-not-found");
        lab.Time.Advance(RosterAge);
        Assert.Equal("alice", (await alice.PresenceAsync(room)).Names());
    }

    [Fact]
    public async Task Who_is_removed_while_Table_Storage_does_not_end_their_sessions_is_out_all_the_same_and_not_here_90_s_later()
    {
        var room = await RoomAsync(isPrivate: true);
        await bob.RenewAsync(room, Guid.NewGuid());
        lab.Wire.Fail(TableFaults.Error(503, "ServerBusy"), request => request.Uri.ToString().Contains("/presence", StringComparison.Ordinal));
        var removal = alice.RemoveAsync(room, await bob.IdAsync());
        while (!removal.IsCompleted)
        {
            lab.Time.Advance(TimeSpan.FromSeconds(0.1));
            await Task.WhenAny(removal, Task.Delay(20));
        }

        Assert.Equal(HttpStatusCode.NoContent, (await removal).StatusCode);
        lab.Wire.Heal();
        Assert.Equal("bob", (await alice.PresenceAsync(room)).Names());
        lab.Time.Advance(LeaseTime);
        Assert.Equal("", (await alice.PresenceAsync(room)).Names());
    }

    [Fact]
    public async Task A_session_is_a_UUID_and_what_stands_in_the_body_a_bool()
    {
        var room = await RoomAsync(isPrivate: true);
        foreach (var session in new[] { "tab", "{00000000-0000-4000-8000-000000000000}", "00000000000040008000000000000000" })
        {
            await alice.PutAsync($"chats/{room}/presence/{session}", null).AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");
            await alice.DeleteAsync($"chats/{room}/presence/{session}").AssertProblemAsync(HttpStatusCode.BadRequest, "invalid");
        }

        foreach (var (body, type) in new[] { ("""{"typing":1}""", "invalid"), ("[]", "malformed-body"), ("x", "malformed-body") })
        {
            using var content = new StringContent(body, Encoding.UTF8, "application/json");
            await alice.PutAsync($"chats/{room}/presence/{Guid.NewGuid()}", content).AssertProblemAsync(HttpStatusCode.BadRequest, type);
        }

        Assert.Equal("", (await alice.PresenceAsync(room)).Names());
        Assert.Equal(HttpStatusCode.OK, (await alice.PutPresenceAsync(room, Guid.NewGuid(), typing: false)).StatusCode);
    }

    [Fact]
    public async Task Where_it_is_switched_off_each_route_says_so_and_nothing_is_read()
    {
        var off = await lab.StartAppAsync(new() { ["Presence:Enabled"] = "false" });
        var (client, room) = (lab.Client(off, "alice"), await RoomAsync(isPrivate: false));
        var before = lab.Wire.Requests;
        await client.PutPresenceAsync(room, Guid.NewGuid()).AssertProblemAsync(HttpStatusCode.NotFound, "presence-off");
        await client.GetAsync($"chats/{room}/presence").AssertProblemAsync(HttpStatusCode.NotFound, "presence-off");
        await client.DeleteAsync($"chats/{room}/presence/{Guid.NewGuid()}").AssertProblemAsync(HttpStatusCode.NotFound, "presence-off");
        Assert.Equal(before, lab.Wire.Requests);
    }

    [Fact]
    public async Task A_renewal_is_a_range_and_a_write_beside_its_access_and_the_room_is_read_once_in_ten_seconds_for_all()
    {
        // In the middle of five minutes all leases that are good lie in one partition.
        lab.Time.Advance(TimeSpan.FromMinutes(5) - TimeSpan.FromTicks(lab.Time.GetUtcNow().Ticks % TimeSpan.FromMinutes(5).Ticks) + TimeSpan.FromMinutes(2));
        var room = await RoomAsync(isPrivate: false);
        var (aliceTab, bobTab) = (Guid.NewGuid(), Guid.NewGuid());
        await AssertCostAsync(() => alice.RenewAsync(room, aliceTab), 1 + 3 + 2);
        await AssertCostAsync(() => alice.RenewAsync(room, aliceTab), 2);
        await AssertCostAsync(() => bob.RenewAsync(room, bobTab), 3);
        await AssertCostAsync(() => bob.PresenceAsync(room), 0);
        await AssertCostAsync(() => bob.EndAsync(room, bobTab), 2);
        lab.Time.Advance(RosterAge);
        await AssertCostAsync(() => alice.RenewAsync(room, aliceTab), 1 + 2 + 2);
    }

    private async Task AssertCostAsync(Func<Task> call, int transactions)
    {
        var before = lab.Wire.Requests;
        await call();
        Assert.Equal(transactions, lab.Wire.Requests - before);
    }

    private async Task<string> RoomAsync(bool isPrivate)
    {
        if (!isPrivate) return (await alice.RoomAsync(ChatApi.Unique("here"))).Text("chatId");
        var room = await alice.PrivateRoomAsync("here");
        await alice.LetInAsync(room, bob);
        return room;
    }
}
