using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Reactions;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>What calls about messages cost in transactions with Table Storage, by kinds.</summary>
public sealed class MessageCostTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow.Date.AddHours(12));
    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private ReadCounts costs = null!;

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], time, wire: wire);
        alice = cloud.Client(app);
        alice.DefaultRequestHeaders.Authorization = new("Bearer", cloud.Local.Entra.CreateAccessToken(ChatApi.Unique("alice"), claims =>
        {
            claims["nbf"] = claims["iat"] = DateTimeOffset.UtcNow.AddDays(-2).ToUnixTimeSeconds();
            claims["exp"] = DateTimeOffset.UtcNow.AddDays(2).ToUnixTimeSeconds();
        }));
        costs = new ReadCounts(wire);
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task A_message_is_a_batch_and_its_access_and_a_days_first_one_a_write_more()
    {
        var (room, clientId) = (await alice.PrivateRoomAsync("cost"), Guid.NewGuid());
        _ = costs.Text;
        // Access is the room, the member, and the room again for the topic; the instance knows nothing of the log.
        await AssertCostAsync(() => alice.SayAsync(room, "first", clientId), 3, "batch, head, work write");
        await AssertCostAsync(() => alice.SayAsync(room, "second"), 2, "batch");
        await AssertCostAsync(() => alice.PostMessageAsync(room, "first", clientId), 1, "batch, clientId, message");
        time.Advance(TimeSpan.FromSeconds(2));
        await AssertCostAsync(() => alice.SayAsync(room, "later"), 3, "batch");
        time.Advance(TimeSpan.FromDays(1));
        await AssertCostAsync(() => alice.SayAsync(room, "next day"), 3, "batch, work write");
        await AssertCostAsync(() => alice.SayAsync(room, "and another"), 2, "batch");
    }

    [Fact]
    public async Task A_message_in_a_public_room_is_a_batch_and_the_first_in_half_a_minute_an_intent_more()
    {
        var (room, clientId) = (await PublicRoomAsync(), Guid.NewGuid());
        _ = costs.Text;
        // Access is two bans, and the room.
        await AssertCostAsync(() => alice.SayAsync(room, "first", clientId), 3, "batch, head, 2 work write");
        await AssertCostAsync(() => alice.SayAsync(room, "second"), 2, "batch");
        await AssertCostAsync(() => alice.PostMessageAsync(room, "first", clientId), 2, "batch, clientId, message");
        time.Advance(TimeSpan.FromSeconds(2));
        await AssertCostAsync(() => alice.SayAsync(room, "later"), 3, "batch");
    }

    [Fact]
    public async Task A_page_is_its_access_and_the_head_and_what_it_shows()
    {
        foreach (var (room, access) in new[] { (await PublicRoomAsync(), 1), (await alice.PrivateRoomAsync("cost"), 2) })
        {
            var ids = new List<string>();
            for (var number = 1; number <= 6; number++) ids.Add((await alice.SayAsync(room, $"m{number}")).Text("id"));
            foreach (var old in ids.Take(2)) await alice.EditAsync(room, old, "edited");
            var etag = $"{(await ReadAsync(room, "")).Headers.ETag}";
            _ = costs.Text;
            foreach (var query in new[] { "?limit=2", "?before=5&limit=2", "?around=3&limit=2" })
            {
                await AssertCostAsync(() => ReadAsync(room, query), access, "head, messages range");
            }

            await AssertCostAsync(() => ReadAsync(room, "?after=4"), access, "entries range, head, 2 message, messages range");
            await AssertCostAsync(() => ReadAsync(room, "?after=8"), access, "head");
            Assert.Equal(HttpStatusCode.NotModified, (await ReadAsync(room, "", etag)).StatusCode);
            Assert.Equal($"{Access(access)}, head", costs.Text);
            await AssertCostAsync(() => alice.GetAsync($"chats/{room}/messages/{ids[0]}"), access, "head, message, reactions");
        }
    }

    [Fact]
    public async Task A_reaction_is_a_batch_and_a_count_and_pages_with_reactions_are_two_ranges_more()
    {
        foreach (var (room, access) in new[] { (await PublicRoomAsync(), 1), (await alice.PrivateRoomAsync("cost"), 2) })
        {
            var ids = new List<string>();
            for (var number = 1; number <= 6; number++) ids.Add((await alice.SayAsync(room, $"m{number}")).Text("id"));
            _ = costs.Text;
            // In a public room two of the access are bans. The topic of a private room's event is read half a second later.
            await AssertCostAsync(() => alice.ReactAsync(room, ids[4], "2764"), access == 1 ? 3 : 2, "2 batch, head, message, reactions, to count range");
            time.Advance(TimeSpan.FromSeconds(1));
            if (access == 2) await Tokens.TokenLab.UntilAsync(() => costs.Access == 1);
            _ = costs.Text;
            await AssertCostAsync(() => alice.UnreactAsync(room, ids[3], "2764"), access, "2 batch, head, message, reactions, to count range");

            foreach (var query in new[] { "?limit=2", "?before=6&limit=2", "?around=5&limit=2" })
            {
                await AssertCostAsync(() => ReadAsync(room, query), access, "head, messages range, own range, reactions range");
            }

            // Of the summaries none says that there is anything of one's own.
            await AssertCostAsync(() => ReadAsync(room, "?before=5&limit=2"), access, "head, messages range, reactions range");
            await AssertCostAsync(() => ReadAsync(room, "?after=6"), access, "head");
            var etag = $"{(await ReadAsync(room, "")).Headers.ETag}";
            _ = costs.Text;
            Assert.Equal(HttpStatusCode.NotModified, (await ReadAsync(room, "", etag)).StatusCode);
            Assert.Equal($"{Access(access)}, head", costs.Text);
            await AssertCostAsync(() => alice.GetAsync($"chats/{room}/messages/{ids[4]}"), access, "head, message, own range, reactions");
            await AssertCostAsync(() => alice.DeleteAsync($"chats/{room}/messages/{ids[0]}"), access == 1 ? 1 : 3, "batch, head, message, reactions");
        }
    }

    private async Task<string> PublicRoomAsync() => (await alice.RoomAsync(ChatApi.Unique("cost"))).Text("chatId");

    private Task<HttpResponseMessage> ReadAsync(string room, string query, string? known = null)
    {
        time.Advance(TimeSpan.FromMilliseconds(100));
        var request = new HttpRequestMessage(HttpMethod.Get, $"chats/{room}/messages{query}");
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return alice.SendAsync(request);
    }

    private async Task AssertCostAsync(Func<Task> call, int access, string rest)
    {
        await call();
        Assert.Equal(access == 0 ? rest : $"{Access(access)}, {rest}", costs.Text);
    }

    private static string Access(int count) => count == 1 ? "access" : $"{count} access";
}
