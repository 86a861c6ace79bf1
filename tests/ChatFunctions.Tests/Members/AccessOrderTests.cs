using System.Net;
using Azure.Core;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Members;

/// <summary>In which order access to a private room is read.</summary>
public sealed class AccessOrderTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");
    private readonly string bob = ChatApi.Unique("bob");

    [Fact]
    public async Task Access_is_a_point_read_of_the_room_and_after_its_answer_one_of_the_member()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var room = await cloud.Client(alice).PrivateRoomAsync("order");
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        var reads = new List<string>();
        wire.Follow(request =>
        {
            lock (reads) reads.Add(Uri.UnescapeDataString(request.Uri.Path));
            return IsRoomRow(request) ? TableFaults.Hold(sent, held.Task) : null;
        });

        var asked = cloud.Client(app, alice).GetAsync($"chats/{room}");
        await sent.Task;
        Assert.Equal(1, wire.Requests);
        held.SetResult();
        Assert.Equal(HttpStatusCode.OK, (await asked).StatusCode);
        Assert.Collection(
            reads,
            read => Assert.EndsWith($"(PartitionKey='{room}',RowKey='room')", read, StringComparison.Ordinal),
            read => Assert.Contains($"(PartitionKey='{room}',RowKey='member-", read, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Who_is_removed_while_the_room_is_read_does_not_get_what_it_became_by_the_removal()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var (owner, member) = (cloud.Client(alice), cloud.Client(bob));
        var room = await owner.PrivateRoomAsync("race");
        await owner.LetInAsync(room, member);
        var bobsId = (await (await owner.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Single(each => !each.GetProperty("isOwner").GetBoolean()).Text("id");
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        wire.Follow(request => IsRoomRow(request) ? TableFaults.Hold(sent, held.Task) : null);

        var asked = cloud.Client(app, bob).GetAsync($"chats/{room}");
        await sent.Task;
        Assert.Equal(HttpStatusCode.NoContent, (await owner.RemoveAsync(room, bobsId)).StatusCode);
        held.SetResult();
        await (await asked).ProblemAsync(HttpStatusCode.NotFound);
    }

    private static bool IsRoomRow(Request request) =>
        Uri.UnescapeDataString(request.Uri.Path).EndsWith("RowKey='room')", StringComparison.Ordinal);
}
