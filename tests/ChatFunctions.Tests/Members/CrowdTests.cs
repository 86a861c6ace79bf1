using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Azure.Core.Pipeline;
using Azure.Data.Tables;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Members;

/// <summary>Many accept one invitation at once.</summary>
public sealed class CrowdTests(TestCloud cloud)
{
    /// <summary>The room, the member and the invitation are read; the entry in the list, the batch and the entry again are written.</summary>
    private const int TransactionsOfOne = 7;

    /// <summary>Azurite has one core for all of them.</summary>
    private static readonly Dictionary<string, string?> Patient = new()
    {
        ["Http:RequestTimeout"] = "00:01:00",
        ["Tables:Retry:NetworkTimeout"] = "00:01:00",
    };

    private readonly HttpClient alice = cloud.Client(ChatApi.Unique("alice"));

    /// <summary>How many, where a large crowd is asked for.</summary>
    private static int Size => int.Parse(Environment.GetEnvironmentVariable("CROWD_SIZE") ?? "100", CultureInfo.InvariantCulture);

    [Fact]
    public async Task All_are_let_in_each_in_seven_transactions()
    {
        using var wire = new RecordedWire(cloud);
        await using var app = await cloud.StartAppAsync(Patient, wire: new HttpClientTransport(wire));
        var room = await alice.PrivateRoomAsync("crowd");
        var code = await alice.InviteAsync(room);

        var answers = await AcceptAsync(app, code);

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.OK, answer));
        Assert.Equal(Size + 1, await MembersInTableAsync(room));
        Assert.Equal(TransactionsOfOne * Size, wire.Requests);
        // Without the condition the library's merge would put back a guard that a removal has taken away.
        Assert.All(wire.Batches, batch => Assert.Matches(@"PATCH [^\r\n]*guard-0[^\r\n]*\r\n(?:[^\r\n]+\r\n)*If-Match: \*", batch));
        Assert.Equal(Size, wire.Batches.Count);
    }

    [Fact]
    public async Task Of_those_who_come_while_somebody_is_removed_nobody_is_in_who_was_not_let_in()
    {
        await using var app = await cloud.StartAppAsync(Patient);
        var room = await alice.PrivateRoomAsync("race");
        var code = await alice.InviteAsync(room);

        var accepting = AcceptAsync(app, code);
        Assert.Equal(HttpStatusCode.NoContent, (await alice.RemoveAsync(room, "AAAAAAAAAAAAAAAAAAAAAA")).StatusCode);
        var answers = await accepting;

        Assert.All(answers, answer => Assert.True(answer is HttpStatusCode.OK or HttpStatusCode.NotFound, $"{answer}"));
        Assert.Equal(answers.Count(answer => answer == HttpStatusCode.OK) + 1, await MembersInTableAsync(room));
        Assert.Equal(HttpStatusCode.NotFound, (await cloud.Client("late").AcceptAsync(code)).StatusCode);
    }

    private async Task<HttpStatusCode[]> AcceptAsync(FunctionHost app, string code)
    {
        var guest = ChatApi.Unique("guest");
        return await Task.WhenAll(Enumerable.Range(0, Size).Select(async number => (await cloud.Client(app, $"{guest} {number}").AcceptAsync(code)).StatusCode));
    }

    private async Task<int> MembersInTableAsync(string room) =>
        await new TableClient(cloud.Local.Storage.ConnectionString, "rooms")
            .QueryAsync<TableEntity>($"PartitionKey eq '{room}' and RowKey ge 'member-' and RowKey lt 'member.'").CountAsync();

    /// <summary>Counts what the app sends to Table Storage, and keeps its batches.</summary>
    private sealed class RecordedWire(TestCloud cloud) : DelegatingHandler(cloud.Local.KeyVault.CreateHandler())
    {
        private int requests;

        public int Requests => Volatile.Read(ref requests);

        public ConcurrentQueue<string> Batches { get; } = new();

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            if (request.RequestUri!.Port == cloud.Local.Storage.TableEndpoint.Port) Interlocked.Increment(ref requests);
            if (request.RequestUri.AbsolutePath.EndsWith("$batch", StringComparison.Ordinal))
            {
                Batches.Enqueue(await request.Content!.ReadAsStringAsync(cancellationToken));
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
