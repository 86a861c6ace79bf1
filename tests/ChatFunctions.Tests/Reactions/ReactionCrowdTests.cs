using System.Globalization;
using System.Net;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Reactions;

/// <summary>Many react to one message at once, through two instances.</summary>
public sealed class ReactionCrowdTests(TestCloud cloud) : IAsyncLifetime
{
    /// <summary>How many, where a large crowd is asked for.</summary>
    private static readonly int Crowd = int.Parse(Environment.GetEnvironmentVariable("CROWD_SIZE") ?? "60", CultureInfo.InvariantCulture);

    /// <summary>Azurite has one core for all of them.</summary>
    private static readonly Dictionary<string, string?> Patient = new()
    {
        ["Http:RequestTimeout"] = "00:01:00",
        ["Tables:Retry:NetworkTimeout"] = "00:01:00",
    };

    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));
    private readonly HttpClient[] people = [.. Enumerable.Range(0, Crowd).Select(number => cloud.Client(ChatApi.Unique($"p{number}")))];
    private string room = "";
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        room = (await alice.RoomAsync(ChatApi.Unique("crowd"))).Text("chatId");
        id = (await alice.SayAsync(room, "m1")).Text("id");
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Fact]
    public async Task All_hearts_are_counted_by_few_counts_and_an_edit_among_them_meets_none()
    {
        var wire = new TableWire(cloud);
        await using var first = await cloud.StartAppAsync(Patient);
        await using var other = await cloud.StartAppAsync(Patient, wire: wire);
        var counts = new ReadCounts(wire);
        var hearts = people.Select((person, number) => On((number % 2 == 0 ? first : other).Address, person).ReactAsync(room, id, "2764")).ToList();
        var editor = On(first.Address, alice);
        for (var version = 1; version <= 5; version++)
        {
            using var edit = new HttpRequestMessage(HttpMethod.Patch, $"chats/{room}/messages/{id}")
            {
                Content = System.Net.Http.Json.JsonContent.Create(new { text = $"e{version}" }),
            };
            edit.Headers.TryAddWithoutValidation("If-Match", $"\"{version}\"");
            Assert.Equal(HttpStatusCode.OK, (await editor.SendAsync(edit)).StatusCode);
        }

        foreach (var heart in hearts) await heart.AssertDoneAsync();
        Assert.Equal($"❤️{Crowd}", await alice.ReactionsAsync(room, id));
        // Each is one when nobody counts elsewhere; some lose to the other instance.
        Assert.InRange(counts.Count("to count range"), 1, Crowd / 2 - 1);
    }

    [Fact]
    public async Task Whoever_changes_their_mind_at_once_with_others_in_the_end_all_instances_count_what_each_was_answered_last()
    {
        await using var first = await cloud.StartAppAsync(Patient);
        await using var other = await cloud.StartAppAsync(Patient);
        string[] kinds = ["2764", "1F44D", "1F600"];
        await Task.WhenAll(people.Take(8).Select(async (person, number) =>
        {
            var random = new Random(number);
            for (var step = 0; step < 4; step++)
            {
                var (client, kind) = (On((random.Next(2) == 0 ? first : other).Address, person), kinds[random.Next(3)]);
                await (random.Next(3) > 0 ? client.ReactAsync(room, id, kind) : client.UnreactAsync(room, id, kind)).AssertDoneAsync();
            }

            // The last word.
            foreach (var (kind, index) in kinds.Select((kind, index) => (kind, index)))
            {
                await (number % (index + 2) == 0 ? On(first.Address, person).ReactAsync(room, id, kind) : On(other.Address, person).UnreactAsync(room, id, kind)).AssertDoneAsync();
            }
        }));
        Assert.Equal("❤️4 👍3 😀2", await alice.ReactionsAsync(room, id));
        Assert.Equal("❤️4* 👍3* 😀2*", await On(other.Address, people[0]).ReactionsAsync(room, id));
        Assert.Equal("❤️4 👍3* 😀2", await people[3].ReactionsAsync(room, id));
    }

    /// <summary>The same person, at another instance.</summary>
    private HttpClient On(Uri address, HttpClient person)
    {
        var client = cloud.Client(address);
        client.DefaultRequestHeaders.Authorization = person.DefaultRequestHeaders.Authorization;
        return client;
    }
}
