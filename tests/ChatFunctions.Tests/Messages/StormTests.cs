using System.Diagnostics;
using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>A log whose head is seldom as it was read: other instances write, and more batches are refused than they are the cause of.</summary>
public sealed class StormTests(TestCloud cloud, ITestOutputHelper output)
{
    private const int Instances = 4;
    private const int SendersOfOne = 4;
    private const int Messages = 120;

    /// <summary>One batch in so many is refused beside those that others are the cause of.</summary>
    private const int RefusedOf = 3;

    private static readonly TableFault Changed = TableFaults.BatchError(412, "UpdateConditionNotSatisfied");

    private readonly string aliceName = ChatApi.Unique("alice");

    [Fact]
    public async Task Nothing_is_lost_or_doubled_no_instance_starves_and_tries_are_few()
    {
        List<TableWire> wires = [.. Enumerable.Range(0, Instances).Select(_ => new TableWire(cloud))];
        List<FunctionHost> apps = [];
        foreach (var wire in wires) apps.Add(await cloud.StartAppAsync([], wire: wire));
        var room = await cloud.Client(apps[0], aliceName).PrivateRoomAsync("storm");
        foreach (var app in apps) await cloud.Client(app, aliceName).PageAsync(room);
        var batches = 0;
        foreach (var wire in wires)
        {
            wire.Follow(request => TableBatch.Is(request) && Interlocked.Increment(ref batches) % RefusedOf == 0 ? Changed : null);
        }

        var (said, slowest) = (0, TimeSpan.Zero);
        var kept = await Task.WhenAll(apps.Select(SendAsync));

        output.WriteLine($"{string.Join(", ", kept)} messages, {batches} batches, the slowest answer {slowest.TotalMilliseconds:0} ms");
        foreach (var wire in wires) wire.Heal();
        var client = cloud.Client(apps[0], aliceName);
        var changes = await client.PageAsync(room, "?after=1");
        Assert.Equal(Messages, changes.Number("seq"));
        Assert.Equal(Enumerable.Range(2, Messages - 1).Select(number => (long)number), changes.Messages().Select(message => message.Number()));
        Assert.Equal(Messages - 1, changes.Texts().Distinct().Count());
        Assert.True(batches <= 4 * Messages, $"{batches} batches");
        // Where instances starve, the fastest has nine times as many.
        Assert.True(kept.Min() >= 0.2 * kept.Max(), string.Join(", ", kept));
        foreach (var app in apps) await app.DisposeAsync();

        // Each instance sends as fast as it can until all together have sent enough.
        async Task<int> SendAsync(FunctionHost app)
        {
            var client = cloud.Client(app, aliceName);
            var own = 0;
            await Task.WhenAll(Enumerable.Range(0, SendersOfOne).Select(async _ =>
            {
                while (Interlocked.Increment(ref said) is var number && number <= Messages)
                {
                    var begun = Stopwatch.GetTimestamp();
                    await client.SayAsync(room, $"m{number}");
                    Interlocked.Increment(ref own);
                    lock (wires) slowest = slowest > Stopwatch.GetElapsedTime(begun) ? slowest : Stopwatch.GetElapsedTime(begun);
                }
            }));
            return own;
        }
    }

    [Fact]
    public async Task After_thirty_tries_a_message_is_a_503_and_goes_on_as_soon_as_it_can()
    {
        var wire = new TableWire(cloud);
        await using var app = await cloud.StartAppAsync([], wire: wire);
        var alice = cloud.Client(app, aliceName);
        var room = await alice.PrivateRoomAsync("always changed");
        var (batches, clientId) = (0, Guid.NewGuid());
        wire.Follow(request => TableBatch.Is(request) && Interlocked.Increment(ref batches) > 0 ? Changed : null);

        await (await alice.PostMessageAsync(room, "once", clientId)).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.InRange(batches, 2, 30);
        wire.Heal();
        await alice.SayAsync(room, "once", clientId);
        Assert.Equal(["once"], (await alice.PageAsync(room)).Texts());
    }
}
