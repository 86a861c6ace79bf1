using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using ChatFunctions.Local;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Node;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>
/// People come into a private room, talk, leave, are removed and banned at random, through two instances. Each listens once with the token
/// that they got then, and never lets it go. A small model says what every one of these tokens hears: nothing of what was said when its
/// holder was out, but for a minute after they left by themselves. In slow mode it knows who has to wait.
/// </summary>
public sealed class EpochHistoryTests(TestCloud cloud, NodeClient node)
{
    private const int People = 5;
    private const int Acts = 40;
    private const string Marker = """{"v":1,"type":"marker"}""";

    private static readonly TimeSpan LeaveTime = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(30);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task What_each_token_hears_is_what_was_said_while_its_holder_was_in_whoever_came_and_went(int seed)
    {
        var random = new Random(seed);
        await using var momento = await OwnMomento.StartAsync(cloud, time);
        await using var one = await StartAsync(momento);
        await using var two = await StartAsync(momento);
        var room = await Room.MakeAsync(cloud, node, momento, [one, two], time);
        for (var act = 0; act < Acts; act++)
        {
            var person = random.Next(1, People);
            await (random.Next(11) switch
            {
                0 => room.RemoveAsync(person),
                1 => room.LeaveAsync(person),
                2 => room.BanAsync(person),
                3 => room.LiftAsync(person),
                4 or 5 => room.LetInAsync(person),
                6 => room.WaitAsync(TimeSpan.FromSeconds(random.Next(10, 70))),
                7 => room.ToggleSlowModeAsync(),
                _ => room.SayAsync(random.Next(People), $"{act}"),
            });
        }

        await room.CheckAsync();
    }

    private Task<FunctionHost> StartAsync(OwnMomento momento) => cloud.StartAppAsync(
        new() { ["KeyVault:VaultUri"] = momento.KeyVault.Address.ToString(), ["Momento:Endpoint"] = momento.Server.Address.ToString() },
        time, momento.KeyVault);

    /// <summary>A token in somebody's hand, and what it is to hear.</summary>
    private sealed record Held(int Person, NodeSubscription Heard, List<string> Expected);

    /// <summary>The room and its model: the person of number 0 is its owner.</summary>
    private sealed class Room(NodeClient node, OwnMomento momento, FakeTimeProvider time, string id, NodeTopics publisher)
    {
        private readonly List<HttpClient[]> clients = [];
        private readonly List<string> userIds = [];
        private readonly HashSet<int> members = [0];
        private readonly HashSet<int> banned = [];

        /// <summary>By topic: one for each epoch.</summary>
        private readonly Dictionary<string, List<Held>> held = [];
        private string topic = "";
        private DateTimeOffset? leftAt;
        private bool isSlow;

        /// <summary>When somebody said something last while the room was in slow mode.</summary>
        private readonly Dictionary<int, DateTimeOffset> slowedAt = [];

        private HttpClient Owner => clients[0][0];

        public static async Task<Room> MakeAsync(TestCloud cloud, NodeClient node, OwnMomento momento, FunctionHost[] apps, FakeTimeProvider time)
        {
            var people = Enumerable.Range(0, People).Select(_ => ChatApi.Unique("person"))
                .Select(name => Array.ConvertAll(apps, app => cloud.Client(app, name))).ToList();
            var publisher = await node.ConnectAsync(momento.Server.CreateApiKeyV1(), momento.Server.Address);
            var room = new Room(node, momento, time, await people[0][0].PrivateRoomAsync("history"), publisher);
            room.clients.AddRange(people);
            foreach (var person in people) room.userIds.Add(await person[0].IdAsync());
            await room.ListenAsync(0);
            return room;
        }

        public async Task SayAsync(int person, string text)
        {
            var answer = await clients[person][text.Length % 2].PostMessageAsync(id, text);
            Assert.Equal(StatusOfSaying(person), answer.StatusCode);
            if (answer.StatusCode != HttpStatusCode.Created) return;
            if (isSlow && person > 0) slowedAt[person] = time.GetUtcNow();
            if (time.GetUtcNow() - leftAt >= LeaveTime) await MoveAsync();
            foreach (var each in held[topic]) each.Expected.Add(text);
        }

        /// <summary>Its owner need not wait.</summary>
        private HttpStatusCode StatusOfSaying(int person)
        {
            if (!members.Contains(person)) return HttpStatusCode.NotFound;
            var isEarly = isSlow && slowedAt.TryGetValue(person, out var last) && time.GetUtcNow() - last < Pause;
            return isEarly ? HttpStatusCode.TooManyRequests : HttpStatusCode.Created;
        }

        public async Task ToggleSlowModeAsync()
        {
            isSlow = !isSlow;
            await (await Owner.PatchAsJsonAsync($"chats/{id}", new { slowModeSeconds = isSlow ? Pause.TotalSeconds : 0 })).JsonAsync();
            // Until the other instance knows.
            time.Advance(TimeSpan.FromSeconds(2));
        }

        public async Task LetInAsync(int person)
        {
            var answer = await clients[person][0].AcceptAsync(await Owner.InviteAsync(id));
            Assert.Equal(banned.Contains(person) ? HttpStatusCode.NotFound : HttpStatusCode.OK, answer.StatusCode);
            if (!banned.Contains(person) && members.Add(person)) await ListenAsync(person);
        }

        public async Task LeaveAsync(int person)
        {
            var answer = await clients[person][1].RemoveAsync(id, userIds[person]);
            Assert.Equal(members.Contains(person) ? HttpStatusCode.NoContent : HttpStatusCode.NotFound, answer.StatusCode);
            if (members.Remove(person)) leftAt ??= time.GetUtcNow();
        }

        public async Task RemoveAsync(int person)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Owner.RemoveAsync(id, userIds[person])).StatusCode);
            members.Remove(person);
            await MoveAsync();
        }

        public async Task BanAsync(int person)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Owner.BanAsync($"chats/{id}", userIds[person])).StatusCode);
            members.Remove(person);
            banned.Add(person);
            await MoveAsync();
        }

        public async Task LiftAsync(int person)
        {
            Assert.Equal(HttpStatusCode.NoContent, (await Owner.LiftAsync($"chats/{id}", userIds[person])).StatusCode);
            banned.Remove(person);
        }

        public Task WaitAsync(TimeSpan duration)
        {
            time.Advance(duration);
            return Task.CompletedTask;
        }

        public async Task CheckAsync()
        {
            foreach (var each in held.Keys) await publisher.PublishAsync(LocalCloud.CacheName, each, Marker);
            foreach (var (person, heard, expected) in held.Values.SelectMany(each => each)) Assert.Equal(expected, await HeardAsync(heard));
            var inside = members.Order().ToList();
            for (var person = 0; person < People; person++) Assert.Equal(inside.Contains(person), await clients[person][0].CanEnterAsync(id));
        }

        /// <summary>Another epoch has begun: those who are in go over to its topic.</summary>
        private async Task MoveAsync()
        {
            leftAt = null;
            foreach (var person in members) await ListenAsync(person);
        }

        private async Task ListenAsync(int person)
        {
            var vended = await (await clients[person][0].GetAsync($"token?access=subscribe&chatId={id}")).JsonAsync();
            topic = vended.GetProperty("rooms")[0].Text("eventsTopicName");
            var client = await node.ConnectAsync(vended.Text("token"), momento.Server.Address);
            if (!held.TryGetValue(topic, out var listeners)) held[topic] = listeners = [];
            listeners.Add(new Held(person, await client.SubscribeAsync(LocalCloud.CacheName, topic), []));
        }

        private static async Task<List<string>> HeardAsync(NodeSubscription heard)
        {
            var texts = new List<string>();
            while (true)
            {
                var next = JsonElement.Parse((await heard.NextAsync()).Text!);
                if (next.Text("type") == "marker") return texts;
                if (next.Text("type") == "message") texts.Add(next.GetProperty("message").Text("text"));
            }
        }
    }
}
