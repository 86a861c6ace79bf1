using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>Many write at once, through one instance of the app and through several.</summary>
public sealed class ManyWritersTests(TestCloud cloud)
{
    private const int Messages = 120;

    private readonly string aliceName = ChatApi.Unique("alice");

    [Theory]
    [InlineData(1)]
    [InlineData(4)]
    public async Task Each_message_is_kept_once_and_positions_have_no_holes(int instances)
    {
        List<FunctionHost> apps = [];
        for (var i = 0; i < instances; i++) apps.Add(await cloud.StartAppAsync(new() { ["Http:RequestTimeout"] = "00:00:30" }));
        var alice = cloud.Client(apps[0], aliceName);
        var room = await alice.PrivateRoomAsync("many");

        var answers = await Task.WhenAll(Enumerable.Range(0, Messages).Select(number =>
            cloud.Client(apps[number % instances], aliceName).PostMessageAsync(room, $"m{number}")));

        var numbers = new List<long>();
        foreach (var answer in answers) numbers.Add((await answer.JsonAsync(HttpStatusCode.Created)).Number());
        Assert.Equal(Enumerable.Range(1, Messages).Select(number => (long)number), numbers.Order());
        var changes = await alice.PageAsync(room, "?after=1");
        Assert.Equal(Messages, changes.Number("seq"));
        Assert.Equal(Enumerable.Range(2, Messages - 1).Select(number => (long)number), changes.Messages().Select(message => message.Number()));
        foreach (var app in apps) await app.DisposeAsync();
    }

    [Fact]
    public async Task What_comes_while_a_batch_is_under_way_goes_together_in_the_next()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var alice = cloud.Client(app, aliceName);
        var room = await alice.PrivateRoomAsync("gathered");
        await alice.SayAsync(room, "first");
        var (sent, held, batches, members) = (new TaskCompletionSource(), new TaskCompletionSource(), 0, 0);
        wire.Follow(request =>
        {
            if (TableBatch.Is(request)) return Interlocked.Increment(ref batches) == 1 ? TableFaults.Hold(sent, held.Task) : null;
            if (!request.Uri.Path.Contains("member-", StringComparison.Ordinal)) return null;
            return async (message, passing) =>
            {
                await passing.PassAsync(message);
                Interlocked.Increment(ref members);
            };
        });

        var under = alice.SayAsync(room, "held");
        await sent.Task;
        var next = Enumerable.Range(0, 20).Select(number => alice.SayAsync(room, $"m{number}")).ToList();
        // The last thing that each waits for before it joins the others.
        await Tokens.TokenLab.UntilAsync(() => members == 21);
        held.SetResult();
        await Task.WhenAll([under, .. next]);

        // One for the first, one for those that were there, and some for those who were just on their way.
        Assert.InRange(batches, 2, 10);
        Assert.Equal(22, (await alice.PageAsync(room)).Number("seq"));
    }

    [Fact]
    public async Task One_repeat_among_those_that_go_together_keeps_none_of_the_others_back()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var alice = cloud.Client(app, aliceName);
        var room = await alice.PrivateRoomAsync("one bad");
        var clientId = Guid.NewGuid();
        await alice.SayAsync(room, "first", clientId);
        var (sent, held, batches) = (new TaskCompletionSource(), new TaskCompletionSource(), 0);
        wire.Follow(request => !TableBatch.Is(request) ? null : Interlocked.Increment(ref batches) == 1 ? TableFaults.Hold(sent, held.Task) : null);

        var under = alice.SayAsync(room, "held");
        await sent.Task;
        var before = wire.Requests;
        var repeat = alice.PostMessageAsync(room, "first", clientId);
        var next = Enumerable.Range(0, 5).Select(number => alice.SayAsync(room, $"m{number}")).ToList();
        await Tokens.TokenLab.UntilAsync(() => wire.Requests >= before + 6);
        held.SetResult();
        await Task.WhenAll([under, .. next]);

        Assert.Equal(HttpStatusCode.OK, (await repeat).StatusCode);
        Assert.Equal(7, (await alice.PageAsync(room)).Number("seq"));
    }
}
