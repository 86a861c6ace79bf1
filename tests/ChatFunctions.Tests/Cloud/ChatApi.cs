using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace ChatFunctions.Tests.Cloud;

/// <summary>The calls that most tests make.</summary>
public static class ChatApi
{
    /// <summary>A name that no other test uses.</summary>
    public static string Unique(string name) => $"{name} {Guid.NewGuid().ToString("N")[..12]}";

    public static Task<HttpResponseMessage> CreateRoomAsync(this HttpClient client, string name, CancellationToken cancellation = default) =>
        client.PostAsJsonAsync("chats", new { chatName = name }, cancellation);

    /// <summary>The body of an answer that must have this status.</summary>
    public static async Task<JsonElement> JsonAsync(this HttpResponseMessage answer, HttpStatusCode expected = HttpStatusCode.OK)
    {
        Assert.Equal(expected, answer.StatusCode);
        return await answer.Content.ReadFromJsonAsync<JsonElement>();
    }

    /// <summary>The problem of an answer that must have this status.</summary>
    public static async Task<JsonElement> ProblemAsync(this HttpResponseMessage answer, HttpStatusCode expected)
    {
        var problem = await answer.JsonAsync(expected);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        Assert.Equal((int)expected, problem.GetProperty("status").GetInt32());
        return problem;
    }

    /// <summary>Where the list goes on, by the header <c>Link</c>; null on the last page.</summary>
    public static string? NextPage(this HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Link", out var links) ? links.Single().Split('<', '>')[1] : null;

    public static string Text(this JsonElement json, string property) => json.GetProperty(property).GetString()!;

    public static string ProblemType(this JsonElement problem) => problem.Text("type").Replace("urn:chatfunctions:", "", StringComparison.Ordinal);

    public static async Task<JsonElement> RoomAsync(this HttpClient client, string name) =>
        await (await client.CreateRoomAsync(name)).JsonAsync(HttpStatusCode.Created);

    /// <summary>A room as it was when it was made: without what only its reader is told.</summary>
    public static async Task<string> ReadRoomAsync(this HttpClient client, string chatId)
    {
        var room = await (await client.GetAsync($"chats/{chatId}")).JsonAsync();
        Assert.True(room.TryGetProperty("can", out _));
        return $"{{{string.Join(',', room.EnumerateObject().Where(field => field.Name != "can").Select(field => $"\"{field.Name}\":{field.Value.GetRawText()}"))}}}";
    }

    public static async Task<JsonElement> TokenAsync(this HttpClient client) => await (await client.GetAsync("token")).JsonAsync();
}
