using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Members;

/// <summary>The calls of private rooms.</summary>
public static class PrivateRoomApi
{
    public static Task<HttpResponseMessage> CreatePrivateRoomAsync(this HttpClient client, string name) =>
        client.PostAsJsonAsync("chats", new { chatName = name, visibility = "private" });

    /// <returns>The id of a new private room.</returns>
    public static async Task<string> PrivateRoomAsync(this HttpClient client, string name) =>
        (await (await client.CreatePrivateRoomAsync(name)).JsonAsync(HttpStatusCode.Created)).Text("chatId");

    public static async Task<string> InviteAsync(this HttpClient client, string chatId) =>
        (await (await client.PostAsync($"chats/{chatId}/invites", null)).JsonAsync(HttpStatusCode.Created)).Text("inviteCode");

    public static Task<HttpResponseMessage> AcceptAsync(this HttpClient client, string inviteCode) =>
        client.PostAsJsonAsync("invites", new { inviteCode });

    /// <summary>Lets somebody in, by an invitation.</summary>
    public static async Task LetInAsync(this HttpClient client, string chatId, HttpClient other) =>
        Assert.Equal(HttpStatusCode.OK, (await other.AcceptAsync(await client.InviteAsync(chatId))).StatusCode);

    public static Task<HttpResponseMessage> RemoveAsync(this HttpClient client, string chatId, string userId) =>
        client.DeleteAsync($"chats/{chatId}/members/{userId}");

    public static async Task<bool> CanEnterAsync(this HttpClient client, string chatId)
    {
        var status = (await client.GetAsync($"chats/{chatId}")).StatusCode;
        Assert.True(status is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{status}");
        return status == HttpStatusCode.OK;
    }

    /// <summary>The ids of all private rooms that the list shows, over all its pages.</summary>
    public static async Task<List<string>> ListPrivateAsync(this HttpClient client, int limit = 100) =>
        [.. (await client.WalkAsync($"chats?limit={limit}")).Where(room => room.Text("visibility") == "private").Select(room => room.Text("chatId"))];

    /// <summary>Follows the links to the end, or until public rooms begin, which others make by the hundred.</summary>
    private static async Task<List<JsonElement>> WalkAsync(this HttpClient client, string? next)
    {
        var rooms = new List<JsonElement>();
        while (next is not null && (rooms.Count == 0 || rooms[^1].Text("visibility") == "private"))
        {
            var answer = await client.GetAsync(next);
            rooms.AddRange((await answer.JsonAsync()).EnumerateArray());
            next = answer.NextPage();
        }

        return rooms;
    }
}
