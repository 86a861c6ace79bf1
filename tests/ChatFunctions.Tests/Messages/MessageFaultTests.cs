using System.Net;
using Azure.Core;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>
/// Each request that a call about a message sends to Table Storage fails once, before or after it was applied, or is applied when the call is
/// long over. What was answered is kept, once and in order.
/// </summary>
public sealed class MessageFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private string room = "";

    public static TheoryData<string> Faults => [.. TableFaults.ByName.Keys];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        alice = cloud.Client(app, ChatApi.Unique("alice"));
        room = await alice.PrivateRoomAsync("fault");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_message_is_kept_once(string fault)
    {
        var said = new List<string>();
        foreach (var call in CallsWith(fault))
        {
            said.Add($"m{said.Count + 1}");
            var message = await (await call.MakeAsync(() => alice.PostMessageAsync(room, said[^1]))).JsonAsync(HttpStatusCode.Created);
            Assert.Equal(said.Count, message.Number());
            await AssertLogAsync(said);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_repeat_finds_its_message(string fault)
    {
        var clientId = Guid.NewGuid();
        await alice.SayAsync(room, "once", clientId);
        foreach (var call in CallsWith(fault))
        {
            Assert.Equal(HttpStatusCode.OK, (await call.MakeAsync(() => alice.PostMessageAsync(room, "once", clientId))).StatusCode);
            await AssertLogAsync(["once"]);
        }
    }

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_message_is_edited_once_and_deleted(string fault)
    {
        var edits = 0;
        var id = (await alice.SayAsync(room, "e0")).Text("id");
        foreach (var call in CallsWith(fault))
        {
            var edited = await (await call.MakeAsync(() => alice.EditAsync(room, id, $"e{++edits}"))).JsonAsync();
            Assert.Equal(edits + 1, edited.Number("version"));
            Assert.Equal(edits + 1, (await alice.PageAsync(room)).Number("seq"));
        }

        foreach (var call in CallsWith(fault))
        {
            var other = (await alice.SayAsync(room, "to go")).Text("id");
            Assert.Equal(HttpStatusCode.NoContent, (await call.MakeAsync(() => alice.DeleteAsync($"chats/{room}/messages/{other}"))).StatusCode);
            Assert.False((await alice.PageAsync(room, "?limit=1")).Messages().Single().TryGetProperty("text", out _));
        }
    }

    [Fact]
    public async Task A_message_whose_outcome_was_never_clear_is_a_503_and_its_repeat_makes_no_second_one()
    {
        await using var hasty = await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:00.5" }, wire: wire);
        var client = cloud.Client(hasty, ChatApi.Unique("hasty"));
        var own = await client.PrivateRoomAsync("unclear");
        var clientId = Guid.NewGuid();
        wire.Fail(TableFaults.Late, TableBatch.Is);
        await (await client.PostMessageAsync(own, "late", clientId)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        wire.Heal();
        await wire.LandAsync();
        var repeat = await client.PostMessageAsync(own, "late", clientId);
        Assert.True(repeat.IsSuccessStatusCode);
        Assert.Equal(["late"], (await client.PageAsync(own)).Texts());
    }

    [Fact]
    public async Task While_Table_Storage_is_down_a_message_is_a_503_and_afterwards_it_goes_on()
    {
        await using var hasty = await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:01" }, wire: wire);
        var client = cloud.Client(hasty, ChatApi.Unique("down"));
        var own = await client.PrivateRoomAsync("down");
        await client.SayAsync(own, "before");
        wire.Fail(TableFaults.Error(503, "ServerBusy"));
        await (await client.PostMessageAsync(own, "during")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        wire.Heal();
        await client.SayAsync(own, "after");
        Assert.Equal("after", (await client.PageAsync(own)).Texts()[0]);
    }

    private async Task AssertLogAsync(List<string> said)
    {
        var page = await alice.PageAsync(room);
        Assert.Equal(said, page.Texts().AsEnumerable().Reverse());
        Assert.Equal(said.Count, page.Number("seq"));
        Assert.Equal(said.Skip(1), (await alice.PageAsync(room, "?after=1")).Texts());
    }

    private IEnumerable<FaultyCall> CallsWith(string fault) => FaultyCall.AtEveryRequest(wire, TableFaults.ByName[fault]);
}
