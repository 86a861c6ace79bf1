using System.Net;
using System.Text.Json;
using Azure.Core;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Rooms;

/// <summary>What a list tells of the messages in its rooms, where it is asked for.</summary>
public sealed class ActivityTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly TableWire wire = new(cloud);
    private readonly string name = ChatApi.Unique("activity");
    private readonly TableClient rooms = new(cloud.Local.Storage.ConnectionString, "rooms");
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;

    public static TheoryData<string> Faults => [.. TableFaults.ByName.Where(fault => fault.Value.Of is null).Select(fault => fault.Key)];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], time, wire: wire);
        (alice, bob) = (cloud.Client(app, ChatApi.Unique("alice")), cloud.Client(app, ChatApi.Unique("bob")));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Of_a_private_room_it_is_exact_at_once_and_whoever_is_out_sees_none()
    {
        var room = await alice.PrivateRoomAsync(name);
        await alice.LetInAsync(room, bob);
        Assert.Equal("""{"number":0,"readNumber":0}""", (await bob.ActivityAsync(room, name)).GetRawText());
        for (var number = 1; number <= 3; number++) await alice.SayAsync(room, $"m{number}");
        await bob.MarkReadAsync(room, 2);
        var now = await bob.ActivityAsync(room, name);
        Assert.Equal((3, 2), (now.Number(), now.Number("readNumber")));
        Assert.Equal(time.GetUtcNow(), now.GetProperty("lastMessageAt").GetDateTimeOffset());

        // As after a removal whose last step, the list, is still to come.
        var bobsId = (await (await bob.GetAsync("me")).JsonAsync()).Text("id");
        await rooms.DeleteEntityAsync(room, $"member-{bobsId}");
        var entry = Assert.Single((await ListAsync(bob)).EnumerateArray());
        Assert.False(entry.TryGetProperty("activity", out _));
        Assert.Equal(0, (await ListAsync(bob)).GetArrayLength());
        Assert.Equal(3, (await alice.ActivityAsync(room, name)).Number());
    }

    [Fact]
    public async Task Whether_somebody_is_a_member_is_read_before_what_goes_on_in_the_room()
    {
        var room = await alice.PrivateRoomAsync(name);
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reads = new List<string>();
        wire.Follow(request =>
        {
            if (!PathOf(request).Contains($"'{room}'", StringComparison.Ordinal)) return null;
            lock (reads) reads.Add(PathOf(request).Split("RowKey='")[1][..5]);
            return reads.Count == 1 ? TableFaults.Hold(sent, held.Task) : null;
        });
        var listed = ListAsync(alice);
        await sent.Task;
        Assert.Equal(["membe"], reads);
        held.SetResult();
        await listed;
        Assert.Equal(["membe", "head'", "read-"], reads);
    }

    [Fact]
    public async Task Of_a_public_room_it_is_told_within_half_a_minute_once_however_much_is_said_and_once_more_when_it_falls_silent()
    {
        var writes = 0;
        wire.Follow(request =>
        {
            if (request.Method != RequestMethod.Get && IsActivity(request)) Interlocked.Increment(ref writes);
            return null;
        });
        var made = await alice.RoomAsync(name);
        var (room, row) = (made.Text("chatId"), await RowAsync(made));
        writes = 0;
        await Task.WhenAll(Enumerable.Range(0, 20).Select(number => alice.SayAsync(room, $"m{number}")));
        var said = time.GetUtcNow();
        time.Advance(TimeSpan.FromSeconds(29));
        Assert.Equal("""{"number":0,"readNumber":0}""", (await bob.ActivityAsync(room, name)).GetRawText());
        time.Advance(TimeSpan.FromSeconds(1));
        await UntilAsync(room, 20);
        Assert.Equal(said, (await bob.ActivityAsync(room, name)).GetProperty("lastMessageAt").GetDateTimeOffset());

        for (var number = 21; number <= 23; number++)
        {
            await alice.SayAsync(room, $"m{number}");
            time.Advance(TimeSpan.FromSeconds(9));
        }

        await bob.MarkReadAsync(room, 22);
        // The mark is there at once, and not beyond the last message.
        Assert.Equal("22 22", await NumbersAsync(bob, room));
        time.Advance(TimeSpan.FromSeconds(3));
        await UntilAsync(room, 23);
        Assert.Equal("23 22", await NumbersAsync(bob, room));
        Assert.Equal("23 0", await NumbersAsync(alice, room));

        time.Advance(TimeSpan.FromMinutes(5));
        Assert.Equal(2, writes);
        Assert.Equal(row, await RowAsync(made));
    }

    [Fact]
    public async Task A_room_that_is_made_under_the_name_of_one_that_is_gone_begins_at_nothing()
    {
        var room = (await alice.RoomAsync(name)).Text("chatId");
        for (var number = 1; number <= 3; number++) await alice.SayAsync(room, $"m{number}");
        await alice.MarkReadAsync(room, 3);
        time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(room, 3);
        await alice.SayAsync(room, "to be told of when the room is gone");
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room}")).StatusCode);
        Assert.Empty(await ActivityRowsAsync(room));

        // As a call that was under way has left it.
        await rooms.AddEntityAsync(new TableEntity("activity", room) { ["LogId"] = "of-the-first", ["Number"] = 9L, ["LastAt"] = time.GetUtcNow() });
        await alice.RoomAsync(name);
        Assert.Equal("0 0", await NumbersAsync(alice, room));
        time.Advance(TimeSpan.FromSeconds(5));
        await alice.SayAsync(room, "of the second");
        time.Advance(TimeSpan.FromSeconds(25));
        Assert.Equal("0 0", await NumbersAsync(alice, room));
        time.Advance(TimeSpan.FromSeconds(5));
        await UntilAsync(room, 1);
        Assert.Equal("1 0", await NumbersAsync(alice, room));
    }

    [Fact]
    public async Task A_page_has_25_rooms_and_costs_three_reads_for_each_private_one_and_one_for_each_public_one_beside_three_ranges()
    {
        for (var number = 0; number < 24; number++) await alice.PrivateRoomAsync($"{name} {number}");
        for (var number = 0; number < 3; number++) await bob.RoomAsync($"{name} {number}");
        var path = $"chats?activity=true&prefix={Uri.EscapeDataString(name)}";
        foreach (var ofPublic in new[] { 2, 0 })
        {
            var before = wire.Requests;
            var answer = await alice.GetAsync(path);
            Assert.Equal(25, (await answer.JsonAsync()).EnumerateArray().Count(room => room.TryGetProperty("activity", out _)));
            Assert.Equal(1 + (24 * 3) + 1 + ofPublic, wire.Requests - before);
            // What is shared by all callers is not read again at the same time.
            var rest = await alice.GetAsync(answer.NextPage());
            Assert.Equal(2, (await rest.JsonAsync()).EnumerateArray().Count(room => room.TryGetProperty("activity", out _)));
        }

        var others = wire.Requests;
        Assert.Equal(3, (await ListAsync(bob)).GetArrayLength());
        Assert.Equal(1 + 3, wire.Requests - others);
    }

    [Fact]
    public async Task The_messages_of_half_a_minute_cost_five_transactions_more_however_many_they_are()
    {
        var room = (await alice.RoomAsync(name)).Text("chatId");
        var before = wire.Requests;
        for (var number = 0; number < 3; number++) await alice.SayAsync(room, $"m{number}");
        // The room and the head of its log, two bans and a batch for each, the day, and the intent.
        Assert.Equal(before + 2 + (3 * 3) + 2, wire.Requests);
        time.Advance(TimeSpan.FromSeconds(30));
        // The row, the head, the row's write, the end of the intent.
        await TokenLab.UntilAsync(() => wire.Requests == before + 13 + 4);
        await UntilAsync(room, 3);
    }

    [Fact]
    public async Task More_than_25_rooms_and_what_is_no_boolean_are_refused_by_name()
    {
        var problem = await (await alice.GetAsync("chats?activity=true&limit=26")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("must be a whole number from 1 to 25 with their activity", problem.GetProperty("errors").GetProperty("limit")[0].GetString());
        problem = await (await alice.GetAsync("chats?activity=yes&limit=100")).ProblemAsync(HttpStatusCode.BadRequest);
        Assert.Equal("activity", Assert.Single(problem.GetProperty("errors").EnumerateObject()).Name);
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_fault_that_passes_is_not_seen_by_who_lists_and_no_message_is_lost_to_it(string fault)
    {
        var secret = await alice.PrivateRoomAsync(name);
        var room = (await alice.RoomAsync(name)).Text("chatId");
        await alice.SayAsync(secret, "hello");
        foreach (var call in FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]))
        {
            var listed = await (await call.MakeAsync(() => alice.GetAsync($"chats?activity=true&prefix={Uri.EscapeDataString(name)}"))).JsonAsync();
            Assert.Equal([1L, 0L], listed.EnumerateArray().Select(each => each.GetProperty("activity").Number()));
            time.Advance(TimeSpan.FromSeconds(2));
        }

        // The intent, the read of the row, its write and the end of the intent.
        for (var request = 0; request < 4; request++)
        {
            wire.FailOnly(request, TableFaults.ByName[fault].Fault, of: IsOfWindow);
            await alice.SayAsync(room, $"m{request}");
            time.Advance(TimeSpan.FromSeconds(30));
            await UntilAsync(room, request + 1);
            wire.Heal();
            await wire.LandAsync();
        }

        Assert.Equal("4 0", await NumbersAsync(bob, room));
    }

    [Fact]
    public async Task While_nothing_of_it_can_be_written_messages_are_kept_as_ever_and_afterwards_it_is_told()
    {
        var room = (await alice.RoomAsync(name)).Text("chatId");
        wire.Fail(TableFaults.Error(403, "AuthorizationFailure"), of: IsOfWindow);
        foreach (var text in new[] { "during", "still" })
        {
            await alice.SayAsync(room, text);
            time.Advance(TimeSpan.FromSeconds(30));
        }

        var silence = new TaskCompletionSource();
        wire.Follow(request => IsOfWindow(request) ? TableFaults.Hold(new TaskCompletionSource(), silence.Task) : null);
        var said = alice.SayAsync(room, "in silence");
        await TokenLab.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(50));
            return said.IsCompleted;
        });
        await said;
        silence.SetResult();

        wire.Heal();
        await alice.SayAsync(room, "after");
        time.Advance(TimeSpan.FromSeconds(30));
        await UntilAsync(room, 4);
    }

    /// <summary>A write of an intent, or of what was said last in a room, or a read of that.</summary>
    private static bool IsOfWindow(Request request) => PathOf(request).Contains("/work(", StringComparison.Ordinal) || IsActivity(request);

    private static bool IsActivity(Request request) =>
        PathOf(request).Contains("'activity'", StringComparison.Ordinal)
        || (request.Method == RequestMethod.Post && PathOf(request).EndsWith("/rooms", StringComparison.Ordinal));

    private static string PathOf(Request request) => Uri.UnescapeDataString(request.Uri.Path);

    private async Task<JsonElement> ListAsync(HttpClient client) =>
        await (await client.GetAsync($"chats?activity=true&prefix={Uri.EscapeDataString(name)}")).JsonAsync();

    private async Task<string> NumbersAsync(HttpClient client, string room)
    {
        var now = await client.ActivityAsync(room, name);
        return $"{now.Number()} {now.Number("readNumber")}";
    }

    /// <summary>Waits in real time for what a timer has begun.</summary>
    private async Task UntilAsync(string room, long number)
    {
        using var timeout = new CancellationTokenSource(TimeSpan.FromSeconds(10));
        while ((await bob.ActivityAsync(room, name)).Number() != number) await Task.Delay(5, timeout.Token);
    }

    private async Task<List<TableEntity>> ActivityRowsAsync(string room) =>
        await rooms.QueryAsync<TableEntity>($"PartitionKey eq 'activity' and RowKey eq '{room}'").ToListAsync();

    private async Task<string> RowAsync(JsonElement room) =>
        $"{(await rooms.GetEntityAsync<TableEntity>("public", room.Text("chatId"))).Value.ETag}";
}
