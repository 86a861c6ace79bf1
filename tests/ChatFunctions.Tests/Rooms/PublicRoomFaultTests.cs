using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Rooms;

/// <summary>
/// Each request that a call about a public room sends to Table Storage fails once, before or after it was applied, or is applied when
/// the call is long over. How it is when connections fail, RoomFaultTests tells.
/// </summary>
public sealed class PublicRoomFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly Dictionary<string, TableFault> FaultsByName = new()
    {
        ["busy"] = TableFaults.Error(503, "ServerBusy"),
        ["internal error"] = TableFaults.Error(500, "InternalError"),
        ["lost"] = TableFaults.Lost,
        ["lost answer"] = TableFaults.LostAnswer,
        ["late"] = TableFaults.Late,
    };

    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;

    public static TheoryData<string> Faults => [.. FaultsByName.Keys];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        alice = cloud.Client(app, ChatApi.Unique("alice"));
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_room_is_made_once_and_its_name_taken(string fault)
    {
        foreach (var call in FaultyCall.AtEveryRequest(wire, FaultsByName[fault]))
        {
            var name = ChatApi.Unique("fault");
            var made = await (await call.MakeAsync(() => alice.CreateRoomAsync(name))).JsonAsync(HttpStatusCode.Created);
            Assert.Equal(made.GetRawText(), await alice.ReadRoomAsync(made.Text("chatId")));
            await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_taken_name_stays_with_its_room(string fault)
    {
        var name = ChatApi.Unique("taken");
        var room = await alice.RoomAsync(name);
        foreach (var call in FaultyCall.AtEveryRequest(wire, FaultsByName[fault]))
        {
            await (await call.MakeAsync(() => alice.CreateRoomAsync(name))).ProblemAsync(HttpStatusCode.Conflict);
            Assert.Equal(room.GetRawText(), await alice.ReadRoomAsync(room.Text("chatId")));
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_room_is_deleted(string fault)
    {
        foreach (var call in FaultyCall.AtEveryRequest(wire, FaultsByName[fault]))
        {
            var path = $"chats/{(await alice.RoomAsync(ChatApi.Unique("fault"))).Text("chatId")}";
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => alice.DeleteAsync(path))).StatusCode);
            await (await alice.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound);
        }
    }

    [Fact]
    public async Task A_deletion_that_lands_late_leaves_a_new_room_of_that_name_alone()
    {
        var name = ChatApi.Unique("late");
        var path = $"chats/{(await alice.RoomAsync(name)).Text("chatId")}";
        wire.FailOnly(1, TableFaults.Late);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync(path)).StatusCode);
        await cloud.Client(app, "bob").RoomAsync(name);
        Assert.Equal(1, await wire.LandAsync());
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task A_failing_service_is_tried_four_times_and_one_that_refuses_or_asks_for_a_minutes_pause_once()
    {
        await AssertTriesAsync(TableFaults.Lost, 4);
        await AssertTriesAsync(TableFaults.Late, 4);
        await AssertTriesAsync(TableFaults.Error(503, "ServerBusy"), 4);
        await AssertTriesAsync(TableFaults.Error(429, "TooManyRequests", retryAfter: "60"), 1);
        await AssertTriesAsync(TableFaults.Error(403, "AuthorizationFailure"), 1);
    }

    private async Task AssertTriesAsync(TableFault fault, int tries)
    {
        wire.Fail(fault);
        var before = wire.Requests;
        await (await alice.GetAsync("chats/some-room")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(tries, wire.Requests - before);
    }
}
