using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using CsCheck;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Attack;

public sealed partial class FuzzTests(TestCloud cloud)
{
    /// <summary>The app's own limit for a request is 5 s.</summary>
    private static readonly TimeSpan Hang = TimeSpan.FromSeconds(10);

    private readonly ConcurrentBag<RawClient> clients = [];
    private Dictionary<string, string> values = [];
    private FunctionHost app = null!;

    [Fact]
    public Task Whatever_is_sent_is_answered_soon_as_openapi_says_and_never_by_an_error_of_the_server() => FuzzAsync(requests: 2_000);

    [Fact(Explicit = true)]
    public Task Whatever_is_sent_a_hundred_thousand_times_is_answered_so() => FuzzAsync(requests: 100_000);

    private async Task FuzzAsync(int requests)
    {
        using var logs = new LogRecorder(LogLevel.Warning);
        await using var started = await cloud.StartAppAsync([], logs: logs);
        app = started;
        values = await ValuesAsync();
        var statuses = new ConcurrentDictionary<int, int>();
        await FuzzGen.Request.SampleAsync(async request =>
        {
            var status = await SendAsync(request);
            statuses.AddOrUpdate(status, 1, (_, count) => count + 1);
        }, iter: requests, threads: 4, print: request => request.ToString());

        foreach (var client in clients) client.Dispose();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Join(", ", statuses.OrderBy(each => each.Key).Select(each => $"{each.Key}: {each.Value}")));
        // It has been to where rooms are made, found, missing and refused, and not only at the door.
        Assert.Superset(new HashSet<int> { 200, 201, 204, 400, 401, 404, 409, 413, 415, 431 }, statuses.Keys.ToHashSet());
        Assert.Empty(logs.Entries(category: "ChatFunctions"));
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
        if (!clients.TryTake(out var client)) client = new RawClient(app.Address);
        using var timeout = new CancellationTokenSource(Hang);
        var method = request.Method == "HEAD" ? HttpMethod.Head : HttpMethod.Get;
        using var answer = await client.SendAsync(method, request.ToBytes(values), timeout.Token);
        var body = await answer.Content.ReadAsStringAsync(timeout.Token);
        clients.Add(client);
        Assert.True((int)answer.StatusCode < 500, $"{(int)answer.StatusCode} {body}");
        Assert.True(await IsDescribedAsync(request, answer, body), $"not described: {(int)answer.StatusCode} {answer.Content.Headers.ContentType} {body}");
        return (int)answer.StatusCode;
    }

    /// <summary>
    /// Of a plain path by the operation there; of an odd one by any operation, since it may be another spelling of a plain one.
    /// </summary>
    private async Task<bool> IsDescribedAsync(FuzzRequest request, HttpResponseMessage answer, string body)
    {
        var status = (int)answer.StatusCode;
        if (body == "" && OpenApiDocument.Current.ServerRefusals.Contains(status)) return true;
        var path = values.Aggregate(request.Target.Split('?')[0], (text, value) => text.Replace($"{{{value.Key}}}", value.Value, StringComparison.Ordinal));
        // Routes have no case.
        path = path.ToLowerInvariant();
        var isPlain = PlainPath.IsMatch(path);
        if (isPlain && IsMethod(request.Method) && OpenApiDocument.Current.Find(HttpMethod.Parse(request.Method), path) is { } operation)
        {
            return (await operation.CheckAsync(answer)).Count == 0;
        }

        // The 204 is a browser's question before a call from another origin.
        if (body == "" && (status == 404 || (status == 204 && request.Method == "OPTIONS"))) return true;
        foreach (var any in OpenApiDocument.Current.Operations)
        {
            if (!isPlain && (await any.CheckAsync(answer)).Count == 0) return true;
        }

        return false;
    }

    /// <summary>HttpMethod takes no others, and in openapi.json there are none.</summary>
    private static bool IsMethod(string method) => method != "" && method.All(char.IsAsciiLetterUpper);

    [GeneratedRegex(@"\A(/(?!\.+(/|\z))[-!._~0-9a-z]+)+\z")]
    private static partial Regex PlainPath { get; }
}
