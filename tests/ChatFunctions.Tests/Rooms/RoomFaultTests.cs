using System.Diagnostics;
using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Rooms;

public sealed class RoomFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly FaultProxy tables = new(cloud.Local.Tables.TableEndpoint);
    private FunctionHost app = null!;
    private HttpClient alice = null!;

    public async ValueTask InitializeAsync()
    {
        var connection = cloud.Local.Tables.ConnectionString
            .Replace(cloud.Local.Tables.TableEndpoint.Authority, tables.Address.Authority, StringComparison.Ordinal);
        app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = connection, ["Http:RequestTimeout"] = "00:00:02" });
        alice = cloud.Client(app, "alice");
    }

    public async ValueTask DisposeAsync()
    {
        await app.DisposeAsync();
        await tables.DisposeAsync();
    }

    [Fact]
    public async Task A_create_whose_answer_is_lost_after_it_was_applied_is_a_201()
    {
        await alice.GetAsync("chats?limit=1");
        var name = ChatApi.Unique("lost");
        tables.LoseAnswerAfter(0);
        var room = await alice.RoomAsync(name);
        Assert.Equal(Fault.None, tables.Fault);
        Assert.Equal(room.GetRawText(), (await (await alice.GetAsync($"chats/{room.Text("chatId")}")).JsonAsync()).GetRawText());
        await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task A_create_of_a_taken_name_is_a_409_also_when_its_answer_is_lost()
    {
        var name = ChatApi.Unique("lost and taken");
        await cloud.Client("bob").RoomAsync(name);
        await alice.GetAsync("chats?limit=1");
        tables.LoseAnswerAfter(0);
        await (await alice.CreateRoomAsync(name)).ProblemAsync(HttpStatusCode.Conflict);
        Assert.Equal(Fault.None, tables.Fault);
    }

    [Fact]
    public async Task A_delete_whose_answer_is_lost_is_a_204()
    {
        var room = await alice.RoomAsync(ChatApi.Unique("lost delete"));
        // The read before the delete passes; the proxy loses the answer of the request after it.
        tables.LoseAnswerAfter(1);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room.Text("chatId")}")).StatusCode);
        Assert.Equal(Fault.None, tables.Fault);
        await (await alice.GetAsync($"chats/{room.Text("chatId")}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Silent)]
    public async Task While_Table_Storage_does_not_answer_every_room_call_is_a_503_in_time_and_works_again_afterwards(Fault fault)
    {
        var room = await alice.RoomAsync(ChatApi.Unique("outage"));
        tables.Fault = fault;
        var watch = Stopwatch.StartNew();
        var answers = await Task.WhenAll(
            alice.GetAsync("chats"),
            alice.GetAsync($"chats/{room.Text("chatId")}"),
            alice.DeleteAsync($"chats/{room.Text("chatId")}"),
            alice.CreateRoomAsync(ChatApi.Unique("never")));
        Assert.True(watch.Elapsed < TimeSpan.FromSeconds(4), $"took {watch.Elapsed}");
        foreach (var answer in answers)
        {
            Assert.Equal("unavailable", (await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
            Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        }

        tables.Fault = Fault.None;
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats/{room.Text("chatId")}")).StatusCode);
    }
}
