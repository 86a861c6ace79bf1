using System.Net;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;

namespace ChatFunctions.Tests.Soak;

/// <summary>Some users who use every route at once, each waiting for the answers that a <see cref="SoakModel"/> expects.</summary>
public sealed class SoakLoad : IDisposable
{
    private const int Users = 16;

    private readonly string prefix = ChatApi.Unique("Soak");
    private readonly SoakModel model = new();
    private readonly List<HttpClient> clients;
    private readonly List<SoakUser> users;
    private readonly MomentoTopics topics;
    private int rooms;

    public SoakLoad(FaultLab lab)
    {
        var names = Enumerable.Range(0, Users).Select(number => $"{prefix} user {number}").ToList();
        clients = [.. names.Select(lab.Client)];
        users = [.. names.Zip(clients, (name, client) => new SoakUser(name, client, Latencies))];
        topics = new MomentoTopics(lab.Momento);
    }

    public Latencies Latencies { get; } = new();

    private string Search => $"chats?limit=40&prefix={Uri.EscapeDataString(prefix)}";

    /// <summary>Until it is ended, or an answer is wrong. What has been begun is brought to its end.</summary>
    public async Task RunAsync(CancellationToken end)
    {
        using var wrong = new CancellationTokenSource();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(end, wrong.Token);
        await Task.WhenAll(users.Select(async user =>
        {
            try
            {
                while (!stop.IsCancellationRequested) await DoSomethingAsync(user);
            }
            catch
            {
                await wrong.CancelAsync();
                throw;
            }
        }));
    }

    /// <summary>Everything that was promised is there once, and nothing else.</summary>
    public async Task AssertKeptAsync()
    {
        var listed = (await users[0].WalkAsync(Search)).Where(IsPublic).Select(room => room.Text("chatName"));
        Assert.Equal(model.PublicRooms.Order(StringComparer.Ordinal), listed.Order(StringComparer.Ordinal));

        await Task.WhenAll(users.Select(AssertKeptAsync));
    }

    public void Dispose()
    {
        topics.Dispose();
        foreach (var client in clients) client.Dispose();
    }

    private async Task AssertKeptAsync(SoakUser user)
    {
        var own = (await user.WalkAsync(Search)).Where(room => !IsPublic(room)).ToList();
        Assert.Equal(own.Count, own.Select(room => room.Text("chatId")).Distinct().Count());
        var sure = own.Where(room => !model.Unsure.ContainsKey(room.Text("chatName"))).Select(room => room.Text("chatId"));
        var kept = model.PrivateRooms.Where(room => room.Value.Contains(user.Name)).ToList();
        Assert.Equal(kept.Select(room => room.Key).Order(StringComparer.Ordinal), sure.Order(StringComparer.Ordinal));
        foreach (var (chatId, members) in kept) await AssertMembersAsync(user, chatId, members);
    }

    private static bool IsPublic(JsonElement room) => room.Text("visibility") == "public";

    private Task DoSomethingAsync(SoakUser user) => Random.Shared.Next(10) switch
    {
        < 3 => TalkInPublicAsync(user, Other(user)),
        < 6 => TalkInPrivateAsync(user, Other(user)),
        6 => ListAsync(user),
        7 => AskForHealthAsync(user),
        _ => GetTokenAsync(user),
    };

    /// <summary>The neighbour is somebody else, and so is theirs.</summary>
    private SoakUser Other(SoakUser user, int distance = 1) => users[(users.IndexOf(user) + distance) % Users];

    private string NextName() => $"{prefix} {Interlocked.Increment(ref rooms)}";

    private async Task TalkInPublicAsync(SoakUser maker, SoakUser guest)
    {
        var name = NextName();
        var created = await maker.InsistAsync(client => client.CreateRoomAsync(name), HttpStatusCode.Created, done: HttpStatusCode.Conflict);
        var isSure = created.StatusCode == HttpStatusCode.Created;
        var room = isSure
            ? await created.JsonAsync(HttpStatusCode.Created)
            : Assert.Single(await guest.WalkAsync($"chats?prefix={Uri.EscapeDataString(name)}"), found => found.Text("chatName") == name);
        var path = $"chats/{room.Text("chatId")}";
        var read = await (await guest.InsistAsync(client => client.GetAsync(path), HttpStatusCode.OK)).JsonAsync();
        Assert.All(room.EnumerateObject(), each => Assert.Equal(each.Value.GetRawText(), read.GetProperty(each.Name).GetRawText()));
        await guest.InsistAsync(client => client.PostAsync($"{path}/invites", null), HttpStatusCode.Conflict);
        await GetTokenAsync(guest, room, mayEnter: true);
        await guest.InsistAsync(client => client.DeleteAsync(path), HttpStatusCode.Forbidden);
        // A create that was refused and repeated may still be on its way: what it makes could come after a delete.
        if (!isSure || Random.Shared.Next(10) == 0)
        {
            model.KeepPublic(name);
            return;
        }

        await maker.InsistAsync(client => client.DeleteAsync(path), HttpStatusCode.NoContent, done: HttpStatusCode.NotFound);
        await guest.InsistAsync(client => client.GetAsync(path), HttpStatusCode.NotFound);
    }

    private async Task TalkInPrivateAsync(SoakUser owner, SoakUser guest)
    {
        var name = NextName();
        if (await owner.TryAsync(client => client.CreatePrivateRoomAsync(name), HttpStatusCode.Created) is not { } created)
        {
            model.Unsure[name] = true;
            return;
        }

        var room = await created.JsonAsync(HttpStatusCode.Created);
        var (chatId, path) = (room.Text("chatId"), $"chats/{room.Text("chatId")}");
        var invited = await owner.InsistAsync(client => client.PostAsync($"{path}/invites", null), HttpStatusCode.Created);
        var code = (await invited.JsonAsync(HttpStatusCode.Created)).Text("inviteCode");
        await guest.InsistAsync(client => client.AcceptAsync(code), HttpStatusCode.OK);
        await GetTokenAsync(guest, room, mayEnter: true);
        var stranger = Other(guest);
        await stranger.InsistAsync(client => client.GetAsync(path), HttpStatusCode.NotFound);
        await GetTokenAsync(stranger, room, mayEnter: false);
        var members = await AssertMembersAsync(owner, chatId, [owner.Name, guest.Name]);
        await EndTalkAsync(owner, guest, chatId, code, members[guest.Name]);
    }

    private async Task EndTalkAsync(SoakUser owner, SoakUser guest, string chatId, string code, string guestId)
    {
        IReadOnlyList<string> members = [owner.Name, guest.Name];
        if (Random.Shared.Next(4) == 0)
        {
            var who = Random.Shared.Next(2) == 0 ? owner : guest;
            await who.InsistAsync(client => client.RemoveAsync(chatId, guestId), HttpStatusCode.NoContent, done: HttpStatusCode.NotFound);
            await guest.InsistAsync(client => client.GetAsync($"chats/{chatId}"), HttpStatusCode.NotFound);
            // Who leaves may come back.
            if (who == owner) await guest.InsistAsync(client => client.AcceptAsync(code), HttpStatusCode.NotFound);
            members = [owner.Name];
        }

        if (Random.Shared.Next(10) > 0)
        {
            await owner.InsistAsync(client => client.DeleteAsync($"chats/{chatId}"), HttpStatusCode.NoContent, done: HttpStatusCode.NotFound);
            await owner.InsistAsync(client => client.GetAsync($"chats/{chatId}"), HttpStatusCode.NotFound);
            members = [];
        }

        model.KeepPrivate(chatId, members);
    }

    /// <summary>A room that is there all the while appears exactly once.</summary>
    private async Task ListAsync(SoakUser user)
    {
        var before = model.PublicRooms;
        var listed = (await user.WalkAsync(Search)).Where(IsPublic).Select(room => room.Text("chatName")).ToList();
        Assert.Equal(listed.Count, listed.Distinct().Count());
        Assert.Empty(before.Except(listed));
    }

    private static async Task AskForHealthAsync(SoakUser user)
    {
        await user.InsistAsync(client => client.GetAsync("openapi.json"), HttpStatusCode.OK);
        // These two say 503 without when to come back, or never.
        Assert.NotNull(await user.TryAsync(client => client.GetAsync("health/live"), HttpStatusCode.OK));
        await user.TryAsync(client => client.GetAsync("health/ready"), HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable);
    }

    private static async Task GetTokenAsync(SoakUser user)
    {
        if (await user.TryAsync(client => client.GetAsync("token"), HttpStatusCode.OK) is not { } answer) return;
        Assert.True((await answer.JsonAsync()).GetProperty("expiresAt").GetDateTimeOffset() > DateTimeOffset.UtcNow);
    }

    /// <summary>Momento lets in whom the token names, and to this room alone: one in some is tried.</summary>
    private async Task GetTokenAsync(SoakUser user, JsonElement room, bool mayEnter)
    {
        var right = mayEnter ? HttpStatusCode.OK : HttpStatusCode.NotFound;
        var answer = await user.TryAsync(client => client.GetAsync($"token?chatId={room.Text("chatId")}"), right);
        if (!mayEnter || answer is null || Random.Shared.Next(8) > 0) return;
        var token = (await answer.JsonAsync()).Text("token");
        Assert.True(await topics.CanPublishAsync(token, room.Text("topicName")));
        Assert.False(await topics.CanPublishAsync(token, "public/another"));
    }

    /// <returns>The members' ids by their names.</returns>
    private static async Task<Dictionary<string, string>> AssertMembersAsync(SoakUser member, string chatId, IReadOnlyList<string> names)
    {
        var answer = await member.InsistAsync(client => client.GetAsync($"chats/{chatId}/members"), HttpStatusCode.OK);
        var members = (await answer.JsonAsync()).EnumerateArray().ToDictionary(each => each.Text("name"), each => each.Text("id"));
        Assert.Equal(names.Order(StringComparer.Ordinal), members.Keys.Order(StringComparer.Ordinal));
        return members;
    }
}
