using System.Net;
using System.Text;
using System.Text.Json;
using ChatFunctions.Identity;
using ChatFunctions.Local.Functions;
using ChatFunctions.Presence;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Presence;

/// <summary>What those hear who listen to a room's events while people come, type and go.</summary>
public sealed class PresenceEventTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

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
    public async Task The_first_session_of_a_person_and_the_end_of_the_last_are_told_and_nothing_between(bool isPrivate)
    {
        var room = await RoomAsync(isPrivate);
        using var heard = await lab.ListenAsync(bob, room);
        var (one, other) = (Guid.NewGuid(), Guid.NewGuid());
        await alice.RenewAsync(room, one);
        Assert.Equal("came alice", Show(await lab.NextAsync(heard)));
        lab.Time.Advance(Second);
        await alice.RenewAsync(room, other);
        await alice.RenewAsync(room, one);
        lab.Time.Advance(TimeSpan.FromMinutes(1));
        await alice.RenewAsync(room, one);
        await alice.EndAsync(room, one);
        lab.Time.Advance(Second);
        await alice.EndAsync(room, other);
        Assert.Equal($"left {await alice.IdAsync()}", Show(await lab.NextAsync(heard)));
    }

    [Fact]
    public async Task What_happens_within_a_second_is_one_event_and_of_each_person_what_is_true_last()
    {
        var room = await RoomAsync(isPrivate: false);
        using var heard = await lab.ListenAsync(bob, room);
        await alice.RenewAsync(room, Guid.NewGuid());
        Assert.Equal("came alice", Show(await lab.NextAsync(heard)));
        var (bobTab, carol, carolTab) = (Guid.NewGuid(), lab.Client(app, "carol"), Guid.NewGuid());
        await carol.RenewAsync(room, carolTab);
        await bob.RenewAsync(room, bobTab);
        await bob.EndAsync(room, bobTab);
        await carol.TypeAsync(room, carolTab);
        Assert.Equal($"came carol, left {await bob.IdAsync()}, typing carol", Show(await lab.NextAsync(heard)));
    }

    [Fact]
    public async Task That_somebody_types_is_told_once_in_three_seconds()
    {
        var (room, tab) = (await RoomAsync(isPrivate: true), Guid.NewGuid());
        using var heard = await lab.ListenAsync(bob, room);
        await alice.TypeAsync(room, tab);
        Assert.Equal("came alice, typing alice", Show(await lab.NextAsync(heard)));
        for (var i = 0; i < 2; i++)
        {
            lab.Time.Advance(Second);
            await alice.TypeAsync(room, tab);
        }

        lab.Time.Advance(Second);
        await alice.TypeAsync(room, tab);
        Assert.Equal("typing alice", Show(await lab.NextAsync(heard)));
        await alice.SayAsync(room, "the rest was dropped");
        Assert.Equal("message", (await lab.NextAsync(heard)).Text("type"));
    }

    [Fact]
    public async Task Who_is_banned_from_a_public_room_is_here_and_does_not_type()
    {
        var (room, tab) = (await RoomAsync(isPrivate: false), Guid.NewGuid());
        await alice.BanAsync($"chats/{room}", await bob.IdAsync()).AssertDoneAsync();
        using var heard = await lab.ListenAsync(alice, room);
        await bob.PutPresenceAsync(room, tab, typing: true).AssertProblemAsync(HttpStatusCode.Forbidden, "banned");
        Assert.Equal("bob", (await bob.RenewAsync(room, tab)).Names());
        Assert.Equal("came bob", Show(await lab.NextAsync(heard)));
    }

    [Fact]
    public async Task Who_is_removed_is_told_to_be_gone_where_they_do_not_hear_it()
    {
        var room = await RoomAsync(isPrivate: true);
        await bob.RenewAsync(room, Guid.NewGuid());
        lab.Time.Advance(Second);
        using var old = await lab.ListenAsync(bob, room);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, await bob.IdAsync())).StatusCode);
        using var now = await lab.ListenAsync(alice, room);
        Assert.Equal("moved", (await lab.NextAsync(old)).Text("type"));
        await alice.RenewAsync(room, Guid.NewGuid());
        var told = Show(await lab.NextAsync(now));
        if (told.StartsWith("left", StringComparison.Ordinal)) told = Show(await lab.NextAsync(now));
        Assert.Equal("came alice", told);
    }

    [Fact]
    public async Task In_a_room_with_more_people_than_are_counted_nothing_is_told()
    {
        var small = await lab.StartAppAsync(new() { ["Presence:MaxPeople"] = "1" });
        var room = await RoomAsync(isPrivate: false);
        using var heard = await lab.ListenAsync(alice, room);
        await lab.Client(small, "first").RenewAsync(room, Guid.NewGuid());
        Assert.Equal("came first", Show(await lab.NextAsync(heard)));
        lab.Time.Advance(Second);
        var (second, tab) = (lab.Client(small, "second"), Guid.NewGuid());
        Assert.True((await second.RenewAsync(room, tab)).GetProperty("isMore").GetBoolean());
        await second.TypeAsync(room, tab);
        lab.Time.Advance(Second);
        await alice.SayAsync(room, "nothing came before this");
        Assert.Equal("message", (await lab.NextAsync(heard)).Text("type"));
    }

    [Fact]
    public void An_event_of_a_thousand_people_with_the_longest_names_fits_into_a_message_and_tells_of_some()
    {
        var people = Enumerable.Range(0, 1000).Select(number => new User($"{number:D22}", new string('\u754c', 256))).ToList();
        var json = PresenceEvent.Of("room", people, people.Select(person => person.Id), people);
        Assert.InRange(Encoding.UTF8.GetByteCount(json), 1500, 4096);
        Assert.NotEqual(0, JsonElement.Parse(json).GetProperty("came").GetArrayLength());
    }

    [Fact]
    public async Task Momento_being_down_is_nobodys_fault_and_what_it_missed_is_in_the_next_answer()
    {
        await using var faults = await FaultLab.StartAsync(cloud);
        var client = faults.Client(ChatApi.Unique("alice"));
        var room = await client.PrivateRoomAsync("no Momento");
        faults.MomentoWire.Connections.Fault = Fault.Refused;
        Assert.Equal("alice", (await client.RenewAsync(room, Guid.NewGuid())).Names());
        Assert.Equal("alice", (await client.PresenceAsync(room)).Names());
    }

    private async Task<string> RoomAsync(bool isPrivate)
    {
        if (!isPrivate) return (await alice.RoomAsync(ChatApi.Unique("told"))).Text("chatId");
        var room = await alice.PrivateRoomAsync("told");
        await alice.LetInAsync(room, bob);
        return room;
    }

    private static string Show(JsonElement told)
    {
        Assert.Equal("presence", told.Text("type"));
        return string.Join(", ", from field in told.EnumerateObject()
                                 where field.Value.ValueKind == JsonValueKind.Array
                                 select $"{field.Name} {string.Join(' ', field.Value.EnumerateArray().Select(Name))}");

        static string Name(JsonElement person) => person.ValueKind == JsonValueKind.String ? person.GetString()! : person.Text("name").Split(' ')[0].ToLowerInvariant();
    }
}
