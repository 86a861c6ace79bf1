using System.Net;
using System.Text.Json;
using Azure.Data.Tables;
using ChatFunctions.Tables;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Rooms;

/// <summary>What a room's topics are called, in every answer that has a room.</summary>
public sealed class TopicNameTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient bob = cloud.Client(ChatApi.Unique("bob"));
    private readonly TableClient table = new(cloud.Local.Storage.ConnectionString, TableNames.Rooms);

    [Fact]
    public async Task A_public_rooms_topics_hold_a_random_id_and_are_the_same_in_all_answers()
    {
        var name = ChatApi.Unique("topics");
        var made = await alice.RoomAsync(name);
        Assert.Matches("^public/[0-9a-f]{32}$", made.Text("topicName"));
        Assert.Equal($"events/{made.Text("topicName")}", made.Text("eventsTopicName"));

        var read = await (await bob.GetAsync($"chats/{made.Text("chatId")}")).JsonAsync();
        var listed = Assert.Single((await (await bob.GetAsync($"chats?prefix={Uri.EscapeDataString(name)}")).JsonAsync()).EnumerateArray());
        var vended = (await (await bob.GetAsync($"token?chatId={made.Text("chatId")}")).JsonAsync()).GetProperty("rooms")[0];
        foreach (var room in new[] { read, listed, vended }) Assert.Equal(TopicsOf(made), TopicsOf(room));
    }

    [Fact]
    public async Task A_public_room_that_is_made_under_the_name_of_one_that_is_gone_has_other_topics()
    {
        var name = ChatApi.Unique("again");
        var first = await alice.RoomAsync(name);
        await alice.DeleteAsync($"chats/{first.Text("chatId")}");
        var second = await alice.RoomAsync(name);
        Assert.Equal(first.Text("chatId"), second.Text("chatId"));
        Assert.NotEqual(first.Text("topicName"), second.Text("topicName"));
        Assert.NotEqual(first.Text("eventsTopicName"), second.Text("eventsTopicName"));
    }

    [Fact]
    public async Task A_public_room_without_a_random_id_has_topics_by_its_key()
    {
        var room = await alice.RoomAsync(ChatApi.Unique("oldest"));
        var row = (await table.GetEntityAsync<TableEntity>("public", room.Text("chatId"))).Value;
        row.Remove("CreationId");
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);

        var read = await (await bob.GetAsync($"chats/{room.Text("chatId")}")).JsonAsync();
        Assert.Equal(($"public/{room.Text("chatId")}", $"events/public/{room.Text("chatId")}"), TopicsOf(read));
        Assert.Equal(HttpStatusCode.OK, (await bob.GetAsync($"token?chatId={room.Text("chatId")}")).StatusCode);
    }

    [Fact]
    public async Task A_private_rooms_topics_hold_its_id_and_its_epoch_and_are_told_to_who_enters_and_not_in_a_list()
    {
        var made = await (await alice.CreatePrivateRoomAsync("topics")).JsonAsync(HttpStatusCode.Created);
        var chatId = made.Text("chatId");
        Assert.Matches($"^private/{chatId}/[-_0-9A-Za-z]{{22}}$", made.Text("topicName"));
        Assert.Equal($"events/{made.Text("topicName")}", made.Text("eventsTopicName"));

        var accepted = await (await bob.AcceptAsync(await alice.InviteAsync(chatId))).JsonAsync();
        var read = await (await bob.GetAsync($"chats/{chatId}")).JsonAsync();
        var vended = (await (await bob.GetAsync($"token?chatId={chatId}")).JsonAsync()).GetProperty("rooms")[0];
        foreach (var room in new[] { accepted, read, vended }) Assert.Equal(TopicsOf(made), TopicsOf(room));

        var listed = (await (await bob.GetAsync("chats?limit=1")).JsonAsync())[0];
        Assert.Equal(chatId, listed.Text("chatId"));
        Assert.False(listed.TryGetProperty("topicName", out _));
        Assert.False(listed.TryGetProperty("eventsTopicName", out _));
    }

    [Fact]
    public async Task A_removal_gives_a_private_room_other_topics_and_letting_in_and_leaving_do_not()
    {
        var chatId = await alice.PrivateRoomAsync("epochs");
        var before = await TopicsAsync(alice, chatId);
        await alice.LetInAsync(chatId, bob);
        var carol = cloud.Client(ChatApi.Unique("carol"));
        await alice.LetInAsync(chatId, carol);
        await carol.RemoveAsync(chatId, await IdAsync(chatId, "Carol"));
        Assert.Equal(before, await TopicsAsync(alice, chatId));

        await alice.RemoveAsync(chatId, await IdAsync(chatId, "Bob"));
        var after = await TopicsAsync(alice, chatId);
        Assert.NotEqual(before.Direct, after.Direct);
        Assert.NotEqual(before.Events, after.Events);
        var vended = (await (await alice.GetAsync($"token?chatId={chatId}")).JsonAsync()).GetProperty("rooms")[0];
        Assert.Equal(after, TopicsOf(vended));
    }

    [Fact]
    public async Task A_private_room_of_before_there_were_epochs_is_in_epoch_0()
    {
        var chatId = await alice.PrivateRoomAsync("old");
        var row = (await table.GetEntityAsync<TableEntity>(chatId, "room")).Value;
        row.Remove("Epoch");
        await table.UpdateEntityAsync(row, row.ETag, TableUpdateMode.Replace);
        Assert.Equal(($"private/{chatId}/0", $"events/private/{chatId}/0"), await TopicsAsync(alice, chatId));
    }

    [Fact]
    public async Task A_prefix_comes_first_in_the_name_of_every_topic()
    {
        await using var app = await cloud.StartAppAsync(new() { ["Momento:TopicPrefix"] = "stage-pr-7/" });
        var dave = cloud.Client(app, ChatApi.Unique("dave"));
        var room = await dave.RoomAsync(ChatApi.Unique("prefixed"));
        Assert.Matches("^stage-pr-7/public/[0-9a-f]{32}$", room.Text("topicName"));
        Assert.StartsWith("stage-pr-7/events/public/", room.Text("eventsTopicName"), StringComparison.Ordinal);
        var (direct, events) = await TopicsAsync(dave, await dave.PrivateRoomAsync("prefixed"));
        Assert.StartsWith("stage-pr-7/private/", direct, StringComparison.Ordinal);
        Assert.StartsWith("stage-pr-7/events/private/", events, StringComparison.Ordinal);
    }

    private static (string Direct, string Events) TopicsOf(JsonElement room) => (room.Text("topicName"), room.Text("eventsTopicName"));

    private static async Task<(string Direct, string Events)> TopicsAsync(HttpClient user, string chatId) =>
        TopicsOf(await (await user.GetAsync($"chats/{chatId}")).JsonAsync());

    private async Task<string> IdAsync(string chatId, string name) => (await (await alice.GetAsync($"chats/{chatId}/members")).JsonAsync())
        .EnumerateArray().Single(member => member.Text("name").StartsWith(name, StringComparison.Ordinal)).Text("id");
}
