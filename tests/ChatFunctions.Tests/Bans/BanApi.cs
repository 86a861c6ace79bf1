using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Bans;

/// <summary>The calls about bans. A place is a room, as <c>chats/{chatId}</c>, or empty for all public rooms.</summary>
public static class BanApi
{
    public static Task<HttpResponseMessage> BanAsync(
        this HttpClient client, string place, string userId, string? reason = null, DateTimeOffset? until = null) =>
        client.PutAsJsonAsync(PathOf(place, userId), new { reason, until });

    public static Task<HttpResponseMessage> LiftAsync(this HttpClient client, string place, string userId) =>
        client.DeleteAsync(PathOf(place, userId));

    public static async Task<List<JsonElement>> BansAsync(this HttpClient client, string place) =>
        [.. (await (await client.GetAsync($"{place}/bans")).JsonAsync()).EnumerateArray()];

    /// <summary>The id of who is signed in.</summary>
    public static async Task<string> IdAsync(this HttpClient client) =>
        (await (await client.GetAsync("me")).JsonAsync()).Text("id");

    /// <summary>What somebody can do in a room, as its answer tells them.</summary>
    public static async Task<string> RightsAsync(this HttpClient client, string room) => string.Join(' ',
        (await (await client.GetAsync($"chats/{room}")).JsonAsync()).GetProperty("can").EnumerateObject()
            .Where(right => right.Value.GetBoolean()).Select(right => right.Name));

    public static async Task AssertProblemAsync(this Task<HttpResponseMessage> answer, HttpStatusCode status, string type) =>
        Assert.Equal(type, (await (await answer).ProblemAsync(status)).ProblemType());

    public static async Task AssertDoneAsync(this Task<HttpResponseMessage> answer) =>
        Assert.Equal(HttpStatusCode.NoContent, (await answer).StatusCode);

    private static string PathOf(string place, string userId) => $"{(place == "" ? "" : place + "/")}bans/{userId}";
}
