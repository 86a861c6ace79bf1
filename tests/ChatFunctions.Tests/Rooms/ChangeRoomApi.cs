using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Rooms;

/// <summary>The calls that change a room.</summary>
public static class ChangeRoomApi
{
    public static Task<HttpResponseMessage> ChangeAsync(this HttpClient client, string chatId, object change) =>
        client.PatchAsJsonAsync($"chats/{chatId}", change);

    public static Task<HttpResponseMessage> HandOverAsync(this HttpClient client, string chatId, string ownerId) =>
        client.ChangeAsync(chatId, new { ownerId });

    public static Task<HttpResponseMessage> SlowDownAsync(this HttpClient client, string chatId, int slowModeSeconds) =>
        client.ChangeAsync(chatId, new { slowModeSeconds });

    /// <summary>The room as it is now: whose, and how slow.</summary>
    public static async Task<(string OwnerId, int SlowModeSeconds)> SettingsAsync(this HttpClient client, string chatId) =>
        Settings(await (await client.GetAsync($"chats/{chatId}")).JsonAsync());

    public static (string OwnerId, int SlowModeSeconds) Settings(this JsonElement room) =>
        (room.Text("ownerId"), room.GetProperty("slowModeSeconds").GetInt32());
}
