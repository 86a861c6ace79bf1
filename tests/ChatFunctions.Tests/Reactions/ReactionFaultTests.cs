using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Bans;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Messages;

namespace ChatFunctions.Tests.Reactions;

/// <summary>Table Storage fails while people react: what is answered is kept and counted, and what is not is once it is asked for again.</summary>
public sealed class ReactionFaultTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly TableWire wire = new(cloud);
    private readonly string aliceName = ChatApi.Unique("alice");
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private string room = "";
    private string id = "";

    /// <summary>Of those that only differ in what is logged, one each.</summary>
    public static TheoryData<string> Faults => ["busy", "lost answer", "late", "in the way", "changed"];

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], wire: wire);
        alice = cloud.Client(app, aliceName);
        room = await alice.PrivateRoomAsync("fault");
        id = (await alice.SayAsync(room, "m1")).Text("id");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Theory]
    [MemberData(nameof(Faults))]
    public async Task A_reaction_is_there_and_gone_as_was_answered_whichever_request_fails(string fault)
    {
        // A message each: the next count of the same one would wait for its turn.
        var ids = new Queue<string>();
        foreach (var call in CallsWith(fault))
        {
            ids.Enqueue((await alice.SayAsync(room, "m")).Text("id"));
            await call.MakeAsync(() => alice.ReactAsync(room, ids.Last(), "2764")).AssertDoneAsync();
            Assert.Equal("❤️1*", await alice.ReactionsAsync(room, ids.Last()));
        }

        foreach (var call in CallsWith(fault))
        {
            await call.MakeAsync(() => alice.UnreactAsync(room, ids.Peek(), "2764")).AssertDoneAsync();
            Assert.Equal("", await alice.ReactionsAsync(room, ids.Dequeue()));
        }
    }

    [Theory]
    [InlineData(1, "👍1*", "❤️1* 👍1*")] // The rows are kept, and not counted.
    [InlineData(0, "👍1*", "👍1*")]
    public async Task Where_an_instance_ends_before_the_count_nobody_was_answered_and_whoever_reacts_next_counts_all(int writes, string then, string atLast)
    {
        await using var dying = await cloud.StartAppAsync(new() { ["Tables:Retry:MaxRetries"] = "0" }, wire: wire);
        var left = writes;
        wire.Fail(TableFaults.Lost, request => request.Method != Azure.Core.RequestMethod.Get && Interlocked.Decrement(ref left) < 0);
        var answer = await cloud.Client(dying, aliceName).ReactAsync(room, id, "2764");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, answer.StatusCode);
        wire.Heal();
        Assert.Null(await alice.ReactionsAsync(room, id));

        await alice.ReactAsync(room, id, "1F44D").AssertDoneAsync();
        Assert.Equal(atLast, await alice.ReactionsAsync(room, id));
        await alice.UnreactAsync(room, id, "2764").AssertDoneAsync();
        Assert.Equal(then, await alice.ReactionsAsync(room, id));
    }

    /// <summary>Access has tests of its own.</summary>
    private IEnumerable<FaultyCall> CallsWith(string fault)
    {
        var (how, of) = TableFaults.ByName[fault];
        return FaultyCall.AtEveryRequest(wire, how, request =>
            request.Uri.Path.Contains("messages", StringComparison.Ordinal) && of?.Invoke(request) != false || TableBatch.Is(request));
    }
}
