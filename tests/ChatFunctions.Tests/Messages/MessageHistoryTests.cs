using System.Net;
using System.Text.Json;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>
/// Several people send, edit and delete at once, through two instances of the app, while Table Storage fails in every way that it has. Each
/// repeats a call until it is answered, as a client does.
/// </summary>
public sealed class MessageHistoryTests(TestCloud cloud)
{
    private const int People = 4;
    private const int ActsOfOne = 12;

    /// <summary>Of a hundred requests to Table Storage.</summary>
    private const int Faulty = 12;

    private static readonly TableFault[] Faults =
    [
        TableFaults.Error(503, "ServerBusy"), TableFaults.Error(500, "InternalError"), TableFaults.Lost, TableFaults.LostAnswer, TableFaults.Late,
    ];

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_answered_is_there_once_in_order_and_with_its_last_text_whatever_failed(int seed)
    {
        var random = new Random(seed);
        List<TableWire> wires = [new(cloud), new(cloud)];
        List<FunctionHost> apps = [];
        foreach (var wire in wires) apps.Add(await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:10" }, wire: wire));
        var names = Enumerable.Range(0, People).Select(_ => ChatApi.Unique("person")).ToList();
        var owner = cloud.Client(names[0]);
        var room = await owner.PrivateRoomAsync("history");
        foreach (var name in names.Skip(1)) await owner.LetInAsync(room, cloud.Client(name));
        foreach (var wire in wires) wire.Follow(_ => Next(random, 100) < Faulty ? Faults[Next(random, Faults.Length)] : null);

        var said = await Task.WhenAll(names.Select((name, number) => TalkAsync([.. apps.Select(app => cloud.Client(app, name))], room, number, random)));
        foreach (var wire in wires)
        {
            wire.Heal();
            await wire.LandAsync();
        }

        var expected = said.SelectMany(each => each).ToDictionary(each => each.Id, each => each.Text);
        var page = await owner.PageAsync(room);
        Assert.Equal(Enumerable.Range(1, expected.Count).Reverse().Select(number => (long)number), page.Messages().Select(message => message.Number()));
        Assert.Equal(expected, page.Messages().ToDictionary(message => message.Text("id"), TextOf));

        // Who listens from the first position on comes to the same, and finds no hole.
        var changes = await owner.PageAsync(room, "?after=1");
        Assert.Equal(page.Number("seq"), changes.Number("seq"));
        Assert.All(changes.Messages(), message => Assert.Equal(expected[message.Text("id")], TextOf(message)));
        foreach (var app in apps) await app.DisposeAsync();
    }

    /// <returns>The ids of the person's messages, and what each says in the end; null where it is deleted.</returns>
    private static async Task<List<(string Id, string? Text)>> TalkAsync(HttpClient[] clients, string room, int person, Random random)
    {
        var said = new List<(string Id, string? Text)>();
        for (var act = 0; act < ActsOfOne; act++)
        {
            var (kind, text) = (Next(random, 4), $"{person}.{act}");
            if (kind < 2 || said.Count == 0 || said[^1].Text is null)
            {
                var clientId = Guid.NewGuid();
                var answer = await UntilAnsweredAsync(() => Any(clients, random).PostMessageAsync(room, text, clientId));
                said.Add(((await answer.JsonAsync(answer.StatusCode)).Text("id"), text));
            }
            else if (kind == 2)
            {
                await UntilAnsweredAsync(() => Any(clients, random).EditAsync(room, said[^1].Id, text));
                said[^1] = (said[^1].Id, text);
            }
            else
            {
                await UntilAnsweredAsync(() => Any(clients, random).DeleteAsync($"chats/{room}/messages/{said[^1].Id}"));
                said[^1] = (said[^1].Id, null);
            }
        }

        return said;
    }

    private static async Task<HttpResponseMessage> UntilAnsweredAsync(Func<Task<HttpResponseMessage>> call)
    {
        while (true)
        {
            var answer = await call();
            if (answer.IsSuccessStatusCode) return answer;
            Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        }
    }

    private static HttpClient Any(HttpClient[] clients, Random random) => clients[Next(random, clients.Length)];

    private static string? TextOf(JsonElement message) => message.TryGetProperty("text", out var text) ? text.GetString() : null;

    private static int Next(Random random, int max)
    {
        lock (random) return random.Next(max);
    }
}
