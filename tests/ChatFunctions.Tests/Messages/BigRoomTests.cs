using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using Azure.Core;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ChatFunctions.MessageLog;
using ChatFunctions.Tests.Chores;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Members;

namespace ChatFunctions.Tests.Messages;

/// <summary>A room in which much was said. Its tables are its own: Azurite looks at all rows of a table for each range.</summary>
public sealed partial class BigRoomTests(TestCloud cloud, ChoresLab lab, ITestOutputHelper output) : IClassFixture<ChoresLab>
{
    private const int Small = 120;

    private static readonly ParallelOptions InParallel = new() { MaxDegreeOfParallelism = 4 };

    /// <summary>What Azurite may take for all the rows that it looks at, beside whatever else the machine does.</summary>
    private static readonly TimeSpan Quick = TimeSpan.FromSeconds(2);

    private static int Big => int.Parse(Environment.GetEnvironmentVariable("ROOM_SIZE") ?? "20000", CultureInfo.InvariantCulture);

    [Fact]
    public async Task Each_call_asks_for_the_same_as_in_a_small_room_and_for_points_and_ranges_of_one_partition_alone()
    {
        using var wire = new RecordedTables(cloud, lab.TableEndpoint);
        await using var app = await cloud.StartAppAsync(new() { ["Tables:ConnectionString"] = lab.ConnectionString }, wire: wire);
        var alice = cloud.Client(app, ChatApi.Unique("alice"));
        var (small, big) = (await alice.PrivateRoomAsync("small"), await alice.PrivateRoomAsync("big"));
        var senderId = (await alice.SayAsync(await alice.PrivateRoomAsync("own"), "x")).GetProperty("sender").Text("id");
        await FillAsync(small, Small, senderId);
        var begun = Stopwatch.GetTimestamp();
        await FillAsync(big, Big, senderId);
        output.WriteLine($"{Big} messages in {Stopwatch.GetElapsedTime(begun).TotalSeconds:0.0} s");

        var inSmall = await CallAllAsync(alice, wire, small, Small);
        var inBig = await CallAllAsync(alice, wire, big, Big);

        Assert.Equal(inSmall.Select(call => call.Asked), inBig.Select(call => call.Asked));
        foreach (var (call, asked, took) in inBig)
        {
            output.WriteLine($"{call}: {took.TotalMilliseconds:0} ms, {asked}");
            Assert.True(took < Quick, $"{call}: {took}");
        }
    }

    private static async Task<List<(string Call, string Asked, TimeSpan Took)>> CallAllAsync(
        HttpClient alice, RecordedTables wire, string room, int size)
    {
        var (path, old) = ($"chats/{room}/messages", $"2-{NonceOf(2)}");
        var calls = new List<(string Call, string Asked, TimeSpan Took)>();
        await CallAsync("the newest", () => alice.GetAsync(path), HttpStatusCode.OK);
        await CallAsync("before", () => alice.GetAsync($"{path}?before={size / 2}"), HttpStatusCode.OK);
        await CallAsync("around", () => alice.GetAsync($"{path}?around={size / 2}"), HttpStatusCode.OK);
        await CallAsync("after", () => alice.GetAsync($"{path}?after={size - 100}"), HttpStatusCode.OK);
        await CallAsync("one", () => alice.GetAsync($"{path}/{old}"), HttpStatusCode.OK);
        await CallAsync("send, the room not known", () => alice.PostMessageAsync(room, "x"), HttpStatusCode.Created);
        await CallAsync("send", () => alice.PostMessageAsync(room, "x"), HttpStatusCode.Created);
        await CallAsync("edit an old one", () => alice.EditAsync(room, old, "edited"), HttpStatusCode.OK);
        await CallAsync("after an old one was edited", () => alice.GetAsync($"{path}?after={size}"), HttpStatusCode.OK);
        await CallAsync("delete it", () => alice.DeleteAsync($"{path}/{old}"), HttpStatusCode.NoContent);
        return calls;

        async Task CallAsync(string name, Func<Task<HttpResponseMessage>> call, HttpStatusCode expected)
        {
            wire.Take();
            var begun = Stopwatch.GetTimestamp();
            Assert.Equal(expected, (await call()).StatusCode);
            calls.Add((name, string.Join(", ", wire.Take().Select(ShapeOf)), Stopwatch.GetElapsedTime(begun)));
        }
    }

    /// <summary>What a request asks for, without its keys.</summary>
    private static string ShapeOf(string request)
    {
        if (Batch.IsMatch(request)) return "batch";
        if (Point.IsMatch(request)) return "point";
        if (!request.StartsWith("GET ", StringComparison.Ordinal)) return "write";
        Assert.True(Range.IsMatch(request), $"neither a point nor a range of one partition: {request}");
        return $"range of {Top.Match(request).Groups[1]}";
    }

    private static string NonceOf(int number) => number.ToString("D8", CultureInfo.InvariantCulture);

    /// <summary>
    /// Written past the app: a message that is new at each position, with as few columns as will do, but of the positions only those that are
    /// asked about.
    /// </summary>
    private async Task FillAsync(string room, int size, string senderId)
    {
        var messages = Enumerable.Range(1, size).Select(number => new TableEntity(room, MessageEntity.RowOf(number))
        {
            ["Nonce"] = NonceOf(number),
            ["SenderId"] = senderId,
        });
        var entries = Enumerable.Range(size - 100, 101).Select(seq => new TableEntity(room, LogEntry.RowOf(seq)) { ["Number"] = (long)seq });
        var head = new TableEntity(room, LogHead.Row) { ["Seq"] = (long)size, ["Number"] = (long)size };
        IEnumerable<TableEntity> rows = [.. messages, .. entries, head];
        await Parallel.ForEachAsync(rows.Chunk(100), InParallel, async (batch, cancellation) => await lab.Messages.SubmitTransactionAsync(
            batch.Select(row => new TableTransactionAction(TableTransactionActionType.Add, row)), cancellation));
    }

    [GeneratedRegex(@"^POST /[^/]+/\$batch$")]
    private static partial Regex Batch { get; }

    [GeneratedRegex(@"^GET /[^/]+/\w+\(PartitionKey='[^']+',RowKey='[^']+'\)(\?\$format=[^&]+)?$")]
    private static partial Regex Point { get; }

    [GeneratedRegex(
        @"^GET /[^/]+/\w+\(\)\?(.*&)?\$filter=PartitionKey eq '[^']+' and RowKey g[te] '[^']+' and RowKey l[te] '[^']+'(&|$)")]
    private static partial Regex Range { get; }

    [GeneratedRegex(@"[?&]\$top=(\d+)")]
    private static partial Regex Top { get; }

    /// <summary>Writes down what an app asks of Table Storage.</summary>
    private sealed class RecordedTables(TestCloud cloud, Uri tables) : WrappedTransport(cloud.Local.KeyVault.CreateTransport()), IDisposable
    {
        private readonly ConcurrentQueue<string> requests = new();

        /// <summary>What was asked since the last time.</summary>
        public List<string> Take()
        {
            var taken = new List<string>();
            while (requests.TryDequeue(out var request)) taken.Add(request);
            return taken;
        }

        public override ValueTask ProcessAsync(HttpMessage message)
        {
            var uri = message.Request.Uri.ToUri();
            var asked = Uri.UnescapeDataString(uri.PathAndQuery.Replace('+', ' '));
            if (uri.Port == tables.Port) requests.Enqueue($"{message.Request.Method} {asked}");
            return SendAsync(message);
        }

        public void Dispose()
        {
        }
    }
}
