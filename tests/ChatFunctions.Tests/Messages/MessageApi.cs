using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Messages;

/// <summary>The calls about messages.</summary>
public static class MessageApi
{
    public static Task<HttpResponseMessage> PostMessageAsync(this HttpClient client, string chatId, string text, Guid? clientId = null) =>
        client.PostAsJsonAsync($"chats/{chatId}/messages", new { text, clientId = clientId ?? Guid.NewGuid() });

    /// <returns>A message that is new.</returns>
    public static async Task<JsonElement> SayAsync(this HttpClient client, string chatId, string text, Guid? clientId = null) =>
        await (await client.PostMessageAsync(chatId, text, clientId)).JsonAsync(HttpStatusCode.Created);

    public static Task<HttpResponseMessage> EditAsync(this HttpClient client, string chatId, string id, string text) =>
        client.PatchAsJsonAsync($"chats/{chatId}/messages/{id}", new { text });

    /// <summary>Says that the caller has read so far.</summary>
    public static Task<HttpResponseMessage> MarkReadAsync(this HttpClient client, string chatId, long number) =>
        client.PutAsJsonAsync($"chats/{chatId}/read", new { number });

    /// <summary>What the list tells of a room.</summary>
    /// <param name="name">The room's, or its beginning.</param>
    public static async Task<JsonElement> ActivityAsync(this HttpClient client, string chatId, string name) =>
        (await (await client.GetAsync($"chats?activity=true&prefix={Uri.EscapeDataString(name)}")).JsonAsync())
            .EnumerateArray().Single(room => room.Text("chatId") == chatId).GetProperty("activity");

    public static async Task<JsonElement> PageAsync(this HttpClient client, string chatId, string query = "") =>
        await (await client.GetAsync($"chats/{chatId}/messages{query}")).JsonAsync();

    public static IEnumerable<JsonElement> Messages(this JsonElement page) => page.GetProperty("messages").EnumerateArray();

    /// <summary>The texts of a page, in its order.</summary>
    public static List<string> Texts(this JsonElement page) => [.. page.Messages().Select(message => message.Text("text"))];

    public static long Number(this JsonElement json, string property = "number") => json.GetProperty(property).GetInt64();
}
