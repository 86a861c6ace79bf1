using System.Net;
using System.Text.Json;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Client;

/// <summary>A room in which one person speaks by the API alone, and another listens and speaks with the client package.</summary>
public sealed class ClientTalk
{
    private readonly HttpClient speaker;
    private readonly HttpClient guest;
    private readonly string room;
    private readonly bool isPrivate;
    private readonly Lock gate = new();
    private readonly List<JsonElement> said = [];
    private readonly HashSet<string> deleted = [];
    private readonly List<string> sent = [];
    private int moving;

    private ClientTalk(HttpClient speaker, HttpClient guest, string room, bool isPrivate, ClientRoom listener) =>
        (this.speaker, this.guest, this.room, this.isPrivate, Listener) = (speaker, guest, room, isPrivate, listener);

    public ClientRoom Listener { get; }

    /// <param name="lab">Where they talk.</param>
    /// <param name="isPrivate">The room's topic can change.</param>
    public static async Task<ClientTalk> StartAsync(ClientLab lab, bool isPrivate)
    {
        var (speaker, guest, user) = (lab.Client(ChatApi.Unique("speaker")), lab.Client(ChatApi.Unique("guest")), ChatApi.Unique("listener"));
        var room = isPrivate
            ? await speaker.PrivateRoomAsync("talk")
            : (await (await speaker.CreateRoomAsync(ChatApi.Unique("talk"))).JsonAsync(HttpStatusCode.Created)).Text("chatId");
        if (isPrivate) await speaker.LetInAsync(room, lab.Client(user));
        return new ClientTalk(speaker, guest, room, isPrivate, await lab.OpenAsync(user, room));
    }

    public async Task SayAsync()
    {
        var message = await speaker.SayAsync(room, $"said {Guid.NewGuid()}");
        lock (gate) said.Add(message);
    }

    public Task SendAsync()
    {
        sent.Add($"sent {sent.Count}");
        return Listener.SendAsync(sent[^1]);
    }

    public async Task EditAsync(Random random)
    {
        if (Recent(random) is not { } message) return;
        var answer = await speaker.EditAsync(room, message.Text("id"), $"edited {Guid.NewGuid()}");
        // It may be deleted at the same time.
        Assert.True(answer.StatusCode is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{answer.StatusCode}");
    }

    public async Task DeleteAsync(Random random)
    {
        if (Recent(random) is not { } message) return;
        lock (gate) deleted.Add(message.Text("id"));
        Assert.Equal(HttpStatusCode.NoContent, (await speaker.DeleteAsync($"chats/{room}/messages/{message.Text("id")}")).StatusCode);
    }

    /// <summary>Has the room move to another topic, by a removal.</summary>
    public async Task MoveAsync()
    {
        if (!isPrivate || Interlocked.Exchange(ref moving, 1) == 1) return;
        await speaker.LetInAsync(room, guest);
        var id = (await (await guest.GetAsync("me")).JsonAsync()).Text("id");
        Assert.Equal(HttpStatusCode.NoContent, (await speaker.RemoveAsync(room, id)).StatusCode);
        Volatile.Write(ref moving, 0);
    }

    /// <summary>The listener comes to have what was said, and all that they have sent was kept once and in its order.</summary>
    public async Task CheckAsync()
    {
        await Listener.UntilAsync(shown => shown.Messages.All(each => each.Status == "sent"));
        // Nothing is said any more.
        var log = await LogAsync();
        var shown = await Listener.UntilAsync(shown => shown.Status == "live" && Of(shown).SequenceEqual(log));
        Assert.Equal(log.Select((_, index) => index + 1L), shown.Messages.Select(each => each.Number!.Value));
        Assert.Equal(sent, shown.Messages.Where(each => each.Text?.StartsWith("sent ", StringComparison.Ordinal) == true).Select(each => each.Text));
        Assert.Equal(shown.News.Order().Distinct(), shown.News);
        Assert.Subset(shown.News.ToHashSet(), said.Where(each => !deleted.Contains(each.Text("id"))).Select(each => each.Number()).ToHashSet());
        await Listener.CloseAsync();
    }

    private static List<(string Id, long Version, string? Text)> Of(ShownRoom shown) =>
        [.. shown.Messages.Select(each => (each.Id!, each.Version, each.Text))];

    private async Task<List<(string Id, long Version, string? Text)>> LogAsync()
    {
        var all = new List<JsonElement>();
        var page = await speaker.PageAsync(room, "?limit=100");
        all.AddRange(page.Messages());
        while (page.TryGetProperty("before", out var before))
        {
            page = await speaker.PageAsync(room, $"?limit=100&before={before}");
            all.AddRange(page.Messages());
        }

        all.Reverse();
        return [.. all.Select(each => (each.Text("id"), each.Number("version"), each.TryGetProperty("text", out var text) ? text.GetString() : null))];
    }

    /// <summary>One of the last messages: what changes at once changes the same ones.</summary>
    private JsonElement? Recent(Random random)
    {
        lock (gate)
        {
            var there = said.Where(each => !deleted.Contains(each.Text("id"))).TakeLast(3).ToList();
            if (there.Count == 0) return null;
            lock (random) return there[random.Next(there.Count)];
        }
    }
}
