using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using CsCheck;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Attack;

public sealed partial class FuzzTests(TestCloud cloud)
{
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    /// <summary>More patience than by default: a busy machine is not taken for a service that fails, which would be a 503.</summary>
    private static readonly Dictionary<string, string?> Patience = new()
    {
        ["Http:RequestTimeout"] = "00:00:09",
        ["Tables:Retry:NetworkTimeout"] = "00:00:08",
    };

    /// <summary>Then rooms are made anew: the ones before have been left or deleted.</summary>
    private const int RequestsOfOneWorld = 200;

    /// <summary>More are sent in the full run.</summary>
    private static readonly int Requests =
        int.Parse(Environment.GetEnvironmentVariable("FUZZ_REQUESTS") ?? "2000", CultureInfo.InvariantCulture);

    private readonly ConcurrentBag<RawClient> clients = [];
    private volatile Dictionary<string, string> values = [];
    private readonly LogRecorder logs = new(LogLevel.Warning);
    private int sent;
    private FunctionHost app = null!;

    [Fact]
    public async Task Whatever_is_sent_is_answered_soon_as_openapi_says_and_never_by_an_error_of_the_server()
    {
        await using var started = await cloud.StartAppAsync(Patience, logs: logs);
        app = started;
        values = await ValuesAsync();
        var statuses = new ConcurrentDictionary<int, int>();
        await FuzzGen.Request.SampleAsync(async request =>
        {
            var status = await SendAsync(request);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        }, iter: Requests, threads: 4, print: request => request.ToString());

        foreach (var client in clients) client.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(
            string.Join(", ", statuses.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}")));
        // It has been where rooms are made, found, missing and refused, and not only at the door.
        Assert.Superset(new HashSet<int> { 200, 201, 204, 400, 401, 404, 409, 413, 415 }, statuses.Keys.ToHashSet());
        Assert.All(
            logs.Entries(category: "ChatFunctions"), entry => Assert.StartsWith("A token was refused: ", entry, StringComparison.Ordinal));
        Assert.Empty(logs.Entries(LogLevel.Error));
    }

    private async Task<Dictionary<string, string>> ValuesAsync()
    {
        var (alice, bob) = (cloud.Client(app, "alice"), cloud.Client(app, "bob"));
        var room = await alice.RoomAsync(ChatApi.Unique("fuzz"));
        var privateRoom = await alice.PrivateRoomAsync("fuzz");
        await alice.LetInAsync(privateRoom, bob);
        var theirs = await bob.RoomAsync(ChatApi.Unique("fuzz"));
        return new()
        {
            ["host"] = app.Address.Authority,
            ["token"] = alice.DefaultRequestHeaders.Authorization!.Parameter!,
            ["other token"] = bob.DefaultRequestHeaders.Authorization!.Parameter!,
            ["room"] = room.Text("chatId"),
            ["private"] = privateRoom,
            ["code"] = await alice.InviteAsync(privateRoom),
            ["me"] = room.GetProperty("createdBy").Text("id"),
            ["other"] = theirs.GetProperty("createdBy").Text("id"),
            ["cursor"] = (await alice.GetAsync("chats?limit=1")).NextPage()!.Split("cursor=")[1],
        };
    }

    private async Task<int> SendAsync(FuzzRequest request)
    {
        if (Interlocked.Increment(ref sent) % RequestsOfOneWorld == 0) values = await ValuesAsync();
        if (!clients.TryTake(out var client)) client = new RawClient(app.Address);
        using var timeout = new CancellationTokenSource(Hang);
        var method = request.Method == "HEAD" ? HttpMethod.Head : HttpMethod.Get;
        using var answer = await client.SendAsync(method, request.ToBytes(values), timeout.Token);
        var body = await answer.Content.ReadAsStringAsync(timeout.Token);
        clients.Add(client);
        // 505 is about the request: its first line ends in another version of HTTP.
        Assert.True((int)answer.StatusCode is < 500 or 505, $"{(int)answer.StatusCode} {body} {(logs.Entries() is [.., var last] ? last : "")}");
        Assert.True(await IsDescribedAsync(request, answer, body), $"Not described: {(int)answer.StatusCode} {body}");
        return (int)answer.StatusCode;
    }

    /// <summary>
    /// Of a plain path by the operation there; of an odd one by any operation, since it may be another spelling of a plain one.
    /// </summary>
    private static async Task<bool> IsDescribedAsync(FuzzRequest request, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        if (body == "" && OpenApiDocument.Current.ServerRefusals.Contains(status)) return true;
        // What the names in braces stand for is plain, and routes have no case.
        var path = Names.Replace(request.Target.Split('?')[0], "x").ToLowerInvariant();
        var isPlain = PlainPath.IsMatch(path);
        if (isPlain && Find(request.Method, path) is { } operation) return (await operation.CheckAsync(answer)).Count == 0;

        // The 204 is a browser's question before a call from another origin.
        if (body == "" && (status == 404 || (status == 204 && request.Method == "OPTIONS"))) return true;
        foreach (var any in OpenApiDocument.Current.Operations)
        {
            if (!isPlain && (await any.CheckAsync(answer)).Count == 0) return true;
        }

        return false;
    }

    /// <summary>HttpMethod takes not everything that is sent for a method.</summary>
    private static OpenApiDocument.Operation? Find(string method, string path) => method != "" && method.All(char.IsAsciiLetter)
        ? OpenApiDocument.Current.Find(HttpMethod.Parse(method.ToUpperInvariant()), path)
        : null;

    [GeneratedRegex(@"\{\w+\}")]
    private static partial Regex Names { get; }

    [GeneratedRegex(@"\A(/(?!\.+(/|\z))[-!._~0-9a-z]+)+\z")]
    private static partial Regex PlainPath { get; }
}
