using System.Net;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;
using ChatFunctions.Tests.Tokens;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Reactions;

/// <summary>What listeners hear of reactions.</summary>
public sealed class ReactionEventTests(TestCloud cloud) : IAsyncLifetime
{
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(500);

    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private FaultLab lab = null!;
    private HttpClient alice = null!;
    private HttpClient bob = null!;
    private string room = "";
    private string id = "";

    public async ValueTask InitializeAsync()
    {
        lab = await FaultLab.StartAsync(cloud, time: time);
        (alice, bob) = (lab.Client(ChatApi.Unique("alice")), lab.Client(ChatApi.Unique("bob")));
        room = await alice.PrivateRoomAsync("heard");
        await alice.LetInAsync(room, bob);
        id = (await alice.SayAsync(room, "m1")).Text("id");
    }

    public ValueTask DisposeAsync() => lab.DisposeAsync();

    [Fact]
    public async Task Changes_of_half_a_second_are_one_event_of_all_of_them_and_those_that_end_as_they_began_tell_so_too()
    {
        using var channel = GrpcChannel.ForAddress(lab.Momento.Address);
        using var heard = await channel.ListenAsync(lab.Momento, await alice.EventsTopicAsync(room));
        await ReactAsync(alice, "2764");
        await ReactAsync(bob, "2764");
        await ReactAsync(bob, "1F44D");
        time.Advance(Gathering);
        var first = await heard.NextEventAsync();
        Assert.Equal(
            ("reactions", room, id, 3L, "❤️2 👍1"),
            (first.Text("type"), first.Text("chatId"), first.Text("id"), first.Number("version"), first.Reactions()));

        // A repeat changes nothing, and is not told.
        await ReactAsync(bob, "1F44D");
        time.Advance(Gathering);
        time.Advance(TimeSpan.FromMilliseconds(100));
        foreach (var (person, emoji) in new[] { (bob, "1F44D"), (bob, "2764"), (alice, "2764") })
        {
            time.Advance(TimeSpan.FromMilliseconds(100));
            await person.UnreactAsync(room, id, emoji).AssertDoneAsync();
        }

        time.Advance(Gathering);
        var last = await heard.NextEventAsync();
        Assert.Equal((6L, ""), (last.Number("version"), last.Reactions()));
    }

    [Fact]
    public async Task While_Momento_is_down_reactions_are_kept_and_nothing_is_repeated_and_the_next_event_says_all()
    {
        using var channel = GrpcChannel.ForAddress(lab.Momento.Address);
        using var heard = await channel.ListenAsync(lab.Momento, await alice.EventsTopicAsync(room));
        lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.Internal));
        var before = lab.MomentoWire.Requests;
        await ReactAsync(alice, "2764");
        time.Advance(Gathering);
        await TokenLab.UntilAsync(() => lab.MomentoWire.Requests == before + 1);
        lab.MomentoWire.Heal();
        Assert.Equal("❤️1*", await alice.ReactionsAsync(room, id));

        await ReactAsync(bob, "2764");
        time.Advance(Gathering);
        var told = await heard.NextEventAsync();
        Assert.Equal((2L, "❤️2"), (told.Number("version"), told.Reactions()));
        Assert.Equal(before + 2, lab.MomentoWire.Requests);
    }

    private async Task ReactAsync(HttpClient person, string emoji)
    {
        // From one count of a message to the next.
        time.Advance(TimeSpan.FromMilliseconds(100));
        Assert.Equal(HttpStatusCode.NoContent, (await person.ReactAsync(room, id, emoji)).StatusCode);
    }
}
