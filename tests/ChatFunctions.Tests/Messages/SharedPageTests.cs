using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Messages;

/// <summary>Many ask for a room's messages at once: an instance reads its log for all who asked before the read began, and access for each.</summary>
public sealed class SharedPageTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly TableWire wire = new(cloud);
    private readonly string aliceName = ChatApi.Unique("alice");
    private FunctionHost app = null!;
    private HttpClient alice = null!;
    private string room = "";

    public async ValueTask InitializeAsync()
    {
        // A read that is held would be tried again.
        app = await cloud.StartAppAsync(new() { ["Tables:Retry:NetworkTimeout"] = "00:01:00" }, time, wire: wire);
        alice = cloud.Client(app, aliceName);
        room = await alice.PrivateRoomAsync("shared");
        await alice.SayAsync(room, "m1");
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task Two_hundred_cost_two_reads_of_the_head_and_of_the_messages_and_access_for_each()
    {
        var counts = new ReadCounts(wire);
        var first = new TaskCompletionSource();
        counts.HoldHead(first.Task);
        var asked = Enumerable.Range(0, 200).Select(_ => alice.GetAsync($"chats/{room}/messages")).ToList();
        await TokenLab.UntilAsync(() => counts.Access == 400);
        // Behind them all.
        for (var turn = 0; turn < 20; turn++) await alice.GetAsync($"chats/{room}");
        first.SetResult();
        await TokenLab.UntilAsync(() => asked.Any(each => each.IsCompleted));
        time.Advance(TimeSpan.FromMilliseconds(100));

        foreach (var answer in await Task.WhenAll(asked)) Assert.Equal(["m1"], (await answer.JsonAsync()).Texts());
        Assert.InRange(counts.Heads, 1, 2);
        Assert.InRange(counts.Ranges, 1, 2);
        Assert.Equal(0, counts.Others);
    }

    [Fact]
    public async Task Who_may_not_enter_shares_nothing_and_what_was_kept_before_a_question_is_in_its_answer()
    {
        var late = new TaskCompletionSource();
        var counts = new ReadCounts(wire);
        counts.HoldHead(late.Task);
        var before = alice.PageAsync(room);
        await TokenLab.UntilAsync(() => counts.Heads == 1);
        // By another instance, while the head is read.
        await cloud.Client(aliceName).SayAsync(room, "m2");
        var after = alice.PageAsync(room);
        await (await cloud.Client(app, "stranger").GetAsync($"chats/{room}/messages")).ProblemAsync(HttpStatusCode.NotFound);
        late.SetResult();
        await before;
        await TokenLab.UntilAsync(() =>
        {
            time.Advance(TimeSpan.FromMilliseconds(20));
            return after.IsCompleted;
        });
        Assert.Equal(["m2", "m1"], (await after).Texts());
    }
}
