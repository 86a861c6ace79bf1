using System.Net;
using Azure.Data.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>A message that is on its way while its room is deleted.</summary>
public sealed class DeletedRoomTests(TestCloud cloud)
{
    private readonly string aliceName = ChatApi.Unique("alice");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task It_is_not_kept_and_leaves_no_row(bool isPrivate)
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var alice = cloud.Client(app, aliceName);
        var room = isPrivate ? await alice.PrivateRoomAsync("gone") : (await alice.RoomAsync(ChatApi.Unique("gone"))).Text("chatId");
        await alice.SayAsync(room, "before");
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.Follow(request => TableBatch.Is(request) ? TableFaults.Hold(sent, held.Task) : null);

        var text = ChatApi.Unique("late");
        var late = alice.PostMessageAsync(room, text);
        await sent.Task;
        wire.Heal();
        Assert.Equal(HttpStatusCode.NoContent, (await cloud.Client(aliceName).DeleteAsync($"chats/{room}")).StatusCode);
        held.SetResult();

        await (await late).ProblemAsync(HttpStatusCode.NotFound);
        var messages = new TableClient(cloud.Local.Storage.ConnectionString, "messages");
        Assert.Empty(await messages.QueryAsync<TableEntity>("RowKey ne 'head'").Where(row => row.GetString("Text") == text).ToListAsync());
    }

    [Fact]
    public async Task A_room_that_is_made_under_its_name_has_none_of_its_messages()
    {
        var (alice, name) = (cloud.Client(aliceName), ChatApi.Unique("again"));
        var room = (await alice.RoomAsync(name)).Text("chatId");
        await alice.SayAsync(room, "of the first");
        await alice.DeleteAsync($"chats/{room}");
        await alice.RoomAsync(name);
        Assert.Empty((await alice.PageAsync(room)).Messages());
        Assert.Equal(1, (await alice.SayAsync(room, "of the second")).Number());
    }
}
