using System.Text.Json;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Reactions;

/// <summary>The calls about reactions.</summary>
public static class ReactionApi
{
    public static Task<HttpResponseMessage> ReactAsync(this HttpClient client, string chatId, string id, string codePoints) =>
        client.PutAsync(PathOf(chatId, id, codePoints), null);

    public static Task<HttpResponseMessage> UnreactAsync(this HttpClient client, string chatId, string id, string codePoints) =>
        client.DeleteAsync(PathOf(chatId, id, codePoints));

    /// <summary>What one message shows, such as <c>❤️2* 👍1</c>, where a star is at one's own; null where it has nothing to show.</summary>
    public static async Task<string?> ReactionsAsync(this HttpClient client, string chatId, string id) =>
        (await (await client.GetAsync($"chats/{chatId}/messages/{id}")).JsonAsync()).Reactions();

    /// <summary>The same of each message of a page, in its order.</summary>
    public static async Task<List<string?>> PageReactionsAsync(this HttpClient client, string chatId, string query = "") =>
        [.. (await client.PageAsync(chatId, query)).Messages().Select(Reactions)];

    /// <summary>The same of a message, or of an event.</summary>
    public static string? Reactions(this JsonElement json)
    {
        if (!json.TryGetProperty("items", out var items))
        {
            return json.TryGetProperty("reactions", out var reactions) ? reactions.Reactions() : null;
        }

        return string.Join(' ', items.EnumerateArray().Select(item =>
            $"{item.Text("emoji")}{item.Number("count")}{(item.TryGetProperty("mine", out _) ? "*" : "")}"));
    }

    private static string PathOf(string chatId, string id, string codePoints) => $"chats/{chatId}/messages/{id}/reactions/{codePoints}";
}
