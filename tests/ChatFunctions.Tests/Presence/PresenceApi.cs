using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Presence;

/// <summary>The calls about who is in a room.</summary>
public static class PresenceApi
{
    public static Task<HttpResponseMessage> PutPresenceAsync(this HttpClient client, string room, Guid session, bool? typing = null) =>
        client.PutAsync($"chats/{room}/presence/{session}", typing is null ? null : JsonContent.Create(new { typing }));

    /// <returns>Who is here.</returns>
    public static async Task<JsonElement> RenewAsync(this HttpClient client, string room, Guid session) =>
        await (await client.PutPresenceAsync(room, session)).JsonAsync();

    public static async Task TypeAsync(this HttpClient client, string room, Guid session) =>
        await (await client.PutPresenceAsync(room, session, typing: true)).JsonAsync();

    public static async Task EndAsync(this HttpClient client, string room, Guid session) =>
        Assert.Equal(HttpStatusCode.NoContent, (await client.DeleteAsync($"chats/{room}/presence/{session}")).StatusCode);

    public static async Task<JsonElement> PresenceAsync(this HttpClient client, string room) =>
        await (await client.GetAsync($"chats/{room}/presence")).JsonAsync();

    /// <summary>The names of those who are here, but for what makes each unique.</summary>
    public static string Names(this JsonElement presence) =>
        string.Join(' ', presence.GetProperty("people").EnumerateArray().Select(person => person.Text("name").Split(' ')[0].ToLowerInvariant()));
}
