using System.Net;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Rooms;

public sealed class DeleteRoomTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client("alice");
    private readonly HttpClient bob = cloud.Client("bob");

    [Fact]
    public async Task The_owner_deletes_a_room_and_its_name_is_free_again()
    {
        var name = ChatApi.Unique("mine");
        var room = await alice.RoomAsync(name);
        Assert.Equal(HttpStatusCode.NoContent, (await DeleteAsync(alice, room.Text("chatId"))).StatusCode);
        await (await alice.GetAsync($"chats/{room.Text("chatId")}")).ProblemAsync(HttpStatusCode.NotFound);
        Assert.Equal("Bob", (await bob.RoomAsync(name)).GetProperty("createdBy").Text("name"));
    }

    [Fact]
    public async Task Nobody_but_the_owner_deletes_a_room()
    {
        var room = await alice.RoomAsync(ChatApi.Unique("not yours"));
        Assert.Equal("not-owner", (await (await DeleteAsync(bob, room.Text("chatId"))).ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync($"chats/{room.Text("chatId")}")).StatusCode);
    }

    [Theory]
    [InlineData("never-seen")]
    [InlineData("...")]
    [InlineData("UPPER")]
    [InlineData("a%2Fb")]
    [InlineData("a'%20or%201%20eq%201")]
    [InlineData("%F0%9F%98%80")]
    public async Task An_id_never_seen_is_a_404(string chatId)
    {
        Assert.Equal("room-not-found", (await (await alice.GetAsync($"chats/{chatId}")).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
        Assert.Equal("room-not-found", (await (await DeleteAsync(alice, chatId)).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
    }

    [Fact]
    public async Task An_id_too_long_for_a_key_is_a_404() =>
        await (await alice.GetAsync($"chats/{new string('a', 2000)}")).ProblemAsync(HttpStatusCode.NotFound);

    [Fact]
    public async Task Simultaneous_deletes_and_creates_of_one_name_leave_it_whole()
    {
        var name = ChatApi.Unique("churn");
        var room = await alice.RoomAsync(name);
        var path = room.Text("chatId");
        for (var round = 0; round < 20; round++)
        {
            var calls = await Task.WhenAll(
                DeleteAsync(alice, path), DeleteAsync(bob, path), alice.CreateRoomAsync(name), bob.CreateRoomAsync(name));
            Assert.All(calls, call => Assert.True((int)call.StatusCode < 500));
        }

        var left = await alice.GetAsync($"chats/{path}");
        var taken = (await alice.CreateRoomAsync(name)).StatusCode;
        Assert.Equal(left.StatusCode == HttpStatusCode.OK ? HttpStatusCode.Conflict : HttpStatusCode.Created, taken);
    }

    private static Task<HttpResponseMessage> DeleteAsync(HttpClient client, string chatId) => client.DeleteAsync($"chats/{chatId}");
}
