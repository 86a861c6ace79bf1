using System.Net;
using System.Net.Http.Headers;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Bans;

/// <summary>What the app role of moderators opens, and what it does not.</summary>
public sealed class ModeratorTests(TestCloud cloud)
{
    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly string modName = ChatApi.Unique("mod");

    private HttpClient Mod => cloud.Moderator(modName);

    [Fact]
    public async Task A_moderator_deletes_any_message_in_a_public_room_and_any_public_room()
    {
        var room = (await alice.RoomAsync(ChatApi.Unique("public"))).Text("chatId");
        var message = (await alice.SayAsync(room, "to go")).Text("id");
        await (await cloud.Client(modName).DeleteAsync($"chats/{room}/messages/{message}")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal("not-author", (await (await Mod.EditAsync(room, message, "x")).ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        Assert.Equal(HttpStatusCode.NoContent, (await Mod.DeleteAsync($"chats/{room}/messages/{message}")).StatusCode);
        Assert.False((await alice.PageAsync(room)).Messages().Single().TryGetProperty("text", out _));

        Assert.Equal("write moderate delete", await Mod.RightsAsync(room));
        Assert.Equal("write", await cloud.Client(modName).RightsAsync(room));
        await (await cloud.Client(modName).DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.Forbidden);
        Assert.Equal(HttpStatusCode.NoContent, (await Mod.DeleteAsync($"chats/{room}")).StatusCode);
        await (await alice.GetAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task In_a_private_room_a_moderator_is_as_anybody_a_member_or_nobody()
    {
        var room = await alice.PrivateRoomAsync("private");
        var message = (await alice.SayAsync(room, "ours")).Text("id");
        foreach (var path in new[] { $"chats/{room}", $"chats/{room}/messages/{message}" })
        {
            foreach (var call in new[] { Mod.GetAsync(path), Mod.DeleteAsync(path) })
            {
                Assert.Equal("room-not-found", (await (await call).ProblemAsync(HttpStatusCode.NotFound)).ProblemType());
            }
        }

        await alice.LetInAsync(room, Mod);
        Assert.Equal("write invite", await Mod.RightsAsync(room));
        await (await Mod.DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.Forbidden);
        await (await Mod.DeleteAsync($"chats/{room}/messages/{message}")).ProblemAsync(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task The_role_is_that_of_the_token_that_is_sent_and_is_nothing_without_the_scope()
    {
        var room = (await alice.RoomAsync(ChatApi.Unique("public"))).Text("chatId");
        foreach (var (roles, scope, problem) in new[]
        {
            (new[] { "Chat.Moderate" }, "Other", "missing-scope"), (["chat.moderate", "Chat.Moderator"], "Chat.Access", "not-owner"), ([], "Chat.Access", "not-owner"),
        })
        {
            using var client = cloud.Client();
            var token = cloud.Local.Entra.CreateAccessToken(modName, claims => (claims["roles"], claims["scp"]) = (roles, scope));
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
            Assert.Equal(problem, (await (await client.DeleteAsync($"chats/{room}")).ProblemAsync(HttpStatusCode.Forbidden)).ProblemType());
        }

        foreach (var isModerator in new[] { true, false })
        {
            var me = await (await (isModerator ? Mod : cloud.Client(modName)).GetAsync("me")).JsonAsync();
            Assert.Equal(isModerator, me.GetProperty("isModerator").GetBoolean());
        }

        Assert.Equal(HttpStatusCode.NoContent, (await Mod.DeleteAsync($"chats/{room}")).StatusCode);
    }

    [Fact]
    public async Task The_role_is_no_part_of_the_key_under_which_tokens_are_kept()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var callers = new[] { cloud.Client(lab.App, modName), cloud.Moderator(modName, lab.App) };
        foreach (var path in new[] { "token", "token?access=subscribe" })
        {
            var before = lab.Momento.TokenCalls;
            var tokens = new HashSet<string>();
            foreach (var caller in callers) tokens.Add((await (await caller.GetAsync(path)).JsonAsync()).Text("token"));
            Assert.Single(tokens);
            Assert.Equal(before + 1, lab.Momento.TokenCalls);
        }
    }
}
