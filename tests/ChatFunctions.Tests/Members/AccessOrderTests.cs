using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Tokens;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Tests.Members;

/// <summary>In which order access to a private room is read.</summary>
public sealed class AccessOrderTests(TestCloud cloud)
{
    private readonly string alice = ChatApi.Unique("alice");
    private readonly string bob = ChatApi.Unique("bob");

    [Fact]
    public async Task Access_is_a_point_read_of_the_room_and_after_its_answer_one_of_the_member()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var room = await cloud.Client(alice).PrivateRoomAsync("order");
        var held = new TaskCompletionSource();
        var reads = new List<string>();
        lab.TablesWire.Follow(request =>
        {
            lock (reads) reads.Add(Uri.UnescapeDataString(request.Path));
            return IsRoomRow(request) ? Hold(held.Task) : null;
        });

        var asked = lab.Client(alice).GetAsync($"chats/{room}");
        await TokenLab.UntilAsync(() => lab.TablesWire.Requests == 1);
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
        await using var lab = await FaultLab.StartAsync(cloud);
        var (owner, member) = (cloud.Client(alice), cloud.Client(bob));
        var room = await owner.PrivateRoomAsync("race");
        await owner.LetInAsync(room, member);
        var bobsId = (await (await owner.GetAsync($"chats/{room}/members")).JsonAsync()).EnumerateArray()
            .Single(each => !each.GetProperty("isOwner").GetBoolean()).Text("id");
        var held = new TaskCompletionSource();
        lab.TablesWire.Follow(request => IsRoomRow(request) ? Hold(held.Task) : null);

        var asked = lab.Client(bob).GetAsync($"chats/{room}");
        await TokenLab.UntilAsync(() => lab.TablesWire.Requests == 1);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.RemoveAsync(room, bobsId)).StatusCode);
        held.SetResult();
        await (await asked).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Who_comes_in_while_they_are_removed_is_out_all_the_same()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var (owner, guest) = (cloud.Client(alice), cloud.Client(bob));
        var room = await owner.PrivateRoomAsync("race");
        var code = await owner.InviteAsync(room);
        var bobsId = (await (await guest.CreatePrivateRoomAsync("own")).JsonAsync(HttpStatusCode.Created)).GetProperty("createdBy").Text("id");
        var (sent, held) = (new TaskCompletionSource(), new TaskCompletionSource());
        lab.TablesWire.Follow(request =>
        {
            if (!request.Path.Value!.EndsWith("$batch", StringComparison.Ordinal)) return null;
            sent.TrySetResult();
            return Hold(held.Task);
        });

        var removal = lab.Client(alice).RemoveAsync(room, bobsId);
        await sent.Task;
        Assert.Equal(HttpStatusCode.OK, (await guest.AcceptAsync(code)).StatusCode);
        held.SetResult();

        Assert.Equal(HttpStatusCode.NoContent, (await removal).StatusCode);
        Assert.False(await guest.CanEnterAsync(room));
        Assert.DoesNotContain(room, await guest.ListPrivateAsync());
    }

    private static bool IsRoomRow(HttpRequest request) =>
        Uri.UnescapeDataString(request.Path).EndsWith("RowKey='room')", StringComparison.Ordinal);

    /// <summary>Keeps the request back for a while, before the service sees it.</summary>
    private static HttpFault Hold(Task until) => async (http, pass) =>
    {
        await until;
        await HttpFaultProxy.ReturnAsync(http, await pass());
    };
}
