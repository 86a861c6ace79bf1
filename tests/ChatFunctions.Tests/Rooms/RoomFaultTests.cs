using System.Diagnostics;
using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Rooms;

public sealed class RoomFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly TimeSpan Budget = TimeSpan.FromSeconds(2);

    private static readonly Dictionary<string, HttpFault> Faults = new()
    {
        ["server busy"] = HttpFaults.TableError(503, "ServerBusy"),
        ["internal error"] = HttpFaults.TableError(500, "InternalError"),
        ["timeout of its own"] = HttpFaults.TableError(500, "OperationTimedOut"),
        ["throttled"] = HttpFaults.TableError(429, "TooManyRequests"),
        ["throttled for a minute"] = HttpFaults.TableError(429, "TooManyRequests", retryAfter: 60),
        ["refused"] = HttpFaults.TableError(403, "AuthorizationFailure"),
        ["reset"] = HttpFaults.Reset,
        ["lost answer"] = HttpFaults.LostAnswer,
        ["half an answer"] = HttpFaults.HalfAnswer,
        ["no answer"] = HttpFaults.NoAnswer,
    };

    private FaultLab lab = null!;
    private HttpClient alice = null!;

    private HttpFaultProxy Tables => lab.TablesWire;

    public async ValueTask InitializeAsync()
    {
        lab = await FaultLab.StartAsync(cloud, new() { ["Http:RequestTimeout"] = $"{Budget}" });
        alice = lab.Client("alice");
        // The connections and the code are warm: what is measured is the fault.
        await alice.GetAsync("chats?limit=1");
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Theory]
    [InlineData("server busy")]
    [InlineData("internal error")]
    [InlineData("timeout of its own")]
    [InlineData("throttled")]
    [InlineData("reset")]
    [InlineData("lost answer")]
    [InlineData("half an answer")]
    public async Task A_fault_that_passes_is_not_seen_and_nothing_is_lost_or_doubled(string fault)
    {
        var name = ChatApi.Unique("passing fault");
        Tables.Fail(Faults[fault], count: 1);
        var room = await alice.RoomAsync(name);
        var path = $"chats/{room.Text("chatId")}";
        Tables.Fail(Faults[fault], count: 1);
        Assert.Equal(room.GetRawText(), await alice.ReadRoomAsync(room.Text("chatId")));
        Tables.Fail(Faults[fault], count: 1);
        Assert.Equal(room.GetRawText(), Assert.Single(await ListAsync(name)));
        Tables.Fail(Faults[fault], count: 1);
        await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);

        // The second request is the delete itself, after the read of the room.
        Tables.FailOnly(1, Faults[fault]);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync(path)).StatusCode);
        await (await alice.GetAsync(path)).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_create_of_a_taken_name_is_a_409_also_when_its_answer_is_lost()
    {
        var name = ChatApi.Unique("lost and taken");
        await lab.Client("bob").RoomAsync(name);
        Tables.Fail(HttpFaults.LostAnswer, count: 1);
        await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Theory]
    [InlineData("server busy")]
    [InlineData("throttled")]
    [InlineData("throttled for a minute")]
    [InlineData("refused")]
    [InlineData("reset")]
    [InlineData("lost answer")]
    [InlineData("no answer")]
    public async Task While_Table_Storage_fails_every_room_call_is_a_503_in_time_and_works_again_afterwards(string fault)
    {
        var room = await alice.RoomAsync(ChatApi.Unique("outage"));
        Tables.Fail(Faults[fault]);
        await AssertUnavailableAsync(room.Text("chatId"));
        Tables.Heal();
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats/{room.Text("chatId")}")).StatusCode);
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Silent)]
    public async Task While_Table_Storage_cannot_be_reached_it_is_the_same(Fault fault)
    {
        var room = await alice.RoomAsync(ChatApi.Unique("outage"));
        Tables.Connections.Fault = fault;
        await AssertUnavailableAsync(room.Text("chatId"));
        Tables.Connections.Fault = Fault.None;
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats/{room.Text("chatId")}")).StatusCode);
    }

    [Fact]
    public async Task A_listing_of_which_only_halves_come_is_a_503()
    {
        await alice.RoomAsync(ChatApi.Unique("half"));
        Tables.Fail(HttpFaults.HalfAnswer);
        await (await alice.GetAsync("chats")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
    }

    [Fact]
    public async Task A_create_whose_every_answer_is_lost_is_an_honest_503_and_one_room()
    {
        var name = ChatApi.Unique("all answers lost");
        Tables.Fail(HttpFaults.LostAnswer);
        await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Tables.Heal();
        Assert.Single(await ListAsync(name));
    }

    private async Task<List<string>> ListAsync(string prefix)
    {
        var listed = await (await alice.GetAsync($"chats?prefix={Uri.EscapeDataString(prefix)}")).JsonAsync();
        return [.. listed.EnumerateArray().Select(room => room.GetRawText())];
    }

    private async Task AssertUnavailableAsync(string chatId)
    {
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            alice.GetAsync("chats"),
            alice.GetAsync($"chats/{chatId}"),
            alice.DeleteAsync($"chats/{chatId}"),
            alice.GetAsync($"token?chatId={chatId}"),
            alice.CreateRoomAsync(ChatApi.Unique("never")));
        Assert.True(watch.Elapsed < 2 * Budget, $"took {watch.Elapsed}");
        foreach (var answer in answers)
        {
            Assert.Equal("unavailable", (await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
            Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        }
    }
}
