using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Node;

namespace ChatFunctions.Tests.Client;

/// <summary>What the client package does in a room, each by the real API. Nobody looks meanwhile: what comes was heard.</summary>
public sealed class ClientRoomTests(TestCloud cloud, ClientPackage package)
{
    private const int Said = 60;

    [Fact]
    public async Task A_room_is_read_back_marked_as_read_and_changed()
    {
        await using var lab = await ClientLab.StartAsync(cloud, package);
        var (alice, owner) = (ChatApi.Unique("alice"), lab.Client(ChatApi.Unique("owner")));
        var room = await owner.PrivateRoomAsync("history");
        await owner.LetInAsync(room, lab.Client(alice));
        for (var number = 1; number <= Said; number++) await owner.SayAsync(room, $"said {number}");

        var opened = await lab.OpenAsync(alice, room, hasLooks: false);
        var shown = await opened.UntilAsync(each => each.Status == "live");
        Assert.Equal(Enumerable.Range(11, 50).Select(number => (long?)number), shown.Messages.Select(each => each.Number));
        Assert.False((await opened.CallAsync("older")).GetBoolean());
        Assert.Equal(Said, (await opened.ShownAsync()).Messages.Count);
        var around = await opened.CallAsync("around", null, 30);
        Assert.Contains(around.EnumerateArray(), each => each.Number() == 30);

        Assert.Equal(Said, await opened.UnreadAsync());
        await opened.CallAsync("markRead");
        Assert.Equal(0, await opened.UnreadAsync());
        await owner.SayAsync(room, "one more");
        await opened.UntilAsync(each => each.Messages.Count == Said + 1);
        Assert.Equal(1, await opened.UnreadAsync());

        await owner.PutAsync($"chats/{room}/messages/{(await opened.ShownAsync()).Messages[^1].Id}/reactions/2764", null);
        await opened.UntilAsync(each => each.Messages[^1].Reactions is [{ Emoji: "❤️", Count: 1, Mine: false }]);
        // Without what has it drawn as an emoji it is the same.
        await opened.CallAsync("react", Said + 1, "❤");
        await opened.UntilAsync(each => each.Messages[^1].Reactions is [{ Emoji: "❤️", Count: 2, Mine: true }]);
        await opened.CallAsync("react", Said + 1, "❤️", false);
        await opened.UntilAsync(each => each.Messages[^1].Reactions is [{ Emoji: "❤️", Count: 1, Mine: false }]);

        await opened.SendAsync("mine");
        await opened.UntilAsync(each => each.Messages[^1] is { Text: "mine", Status: "sent" });
        await opened.CallAsync("edit", Said + 2, "mine, edited");
        await opened.UntilAsync(each => each.Messages[^1] is { Text: "mine, edited", Version: 2 });
        await opened.CallAsync("remove", Said + 2);
        await opened.UntilAsync(each => each.Messages[^1] is { Text: null, Version: 3 });
        var refusal = await Assert.ThrowsAsync<NodeException>(() => opened.CallAsync("edit", 1, "not mine"));
        Assert.Equal("ApiProblem", refusal.Code);
    }

    [Fact]
    public async Task A_room_moves_with_those_who_stay_and_says_to_others_that_they_are_out()
    {
        await using var lab = await ClientLab.StartAsync(cloud, package);
        var (stays, leaves, owner) = (ChatApi.Unique("stays"), ChatApi.Unique("leaves"), lab.Client(ChatApi.Unique("owner")));
        var room = await owner.PrivateRoomAsync("moves");
        foreach (var user in new[] { stays, leaves }) await owner.LetInAsync(room, lab.Client(user));
        var (here, gone) = (await lab.OpenAsync(stays, room, hasLooks: false), await lab.OpenAsync(leaves, room, hasLooks: false));
        foreach (var each in new[] { here, gone }) await each.UntilAsync(shown => shown.Status == "live");

        var id = (await (await lab.Client(leaves).GetAsync("me")).JsonAsync()).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await owner.RemoveAsync(room, id)).StatusCode);
        await gone.UntilAsync(shown => shown.Status == "denied");
        await owner.SayAsync(room, "among us");
        await here.UntilAsync(shown => shown.Messages.Any(each => each.Text == "among us"));
        Assert.DoesNotContain((await gone.ShownAsync()).Messages, each => each.Text == "among us");
    }

    [Fact]
    public async Task A_room_that_is_deleted_says_so()
    {
        await using var lab = await ClientLab.StartAsync(cloud, package);
        var (member, owner) = (ChatApi.Unique("member"), lab.Client(ChatApi.Unique("owner")));
        var room = await owner.PrivateRoomAsync("ends");
        await owner.LetInAsync(room, lab.Client(member));
        var opened = await lab.OpenAsync(member, room, hasLooks: false);
        await opened.UntilAsync(shown => shown.Status == "live");
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"chats/{room}")).StatusCode);
        await opened.UntilAsync(shown => shown.Status == "deleted");
    }
}
