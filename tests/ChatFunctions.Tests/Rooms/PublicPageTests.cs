using System.Net;
using Azure.Core;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using ChatFunctions.Tests.Tokens;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Rooms;

/// <summary>A page of public rooms is the same for all callers, and read once for all who ask an instance within two seconds.</summary>
public sealed class PublicPageTests(TestCloud cloud) : IAsyncLifetime
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly string prefix = ChatApi.Unique("page");
    private readonly TableWire wire = new(cloud);
    private FunctionHost app = null!;
    private int pageReads;

    private string Page => $"chats?prefix={Uri.EscapeDataString(prefix)}";

    public async ValueTask InitializeAsync()
    {
        app = await cloud.StartAppAsync([], time, wire: wire);
        wire.Follow(request =>
        {
            if (IsPage(request)) Interlocked.Increment(ref pageReads);
            return null;
        });
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    [Fact]
    public async Task However_many_ask_it_is_read_once_and_again_after_two_seconds()
    {
        for (var round = 1; round <= 2; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(number => cloud.Client(app, $"reader {number}").GetAsync(Page)));
            time.Advance(TimeSpan.FromSeconds(1.9));
            await cloud.Client(app, "late reader").GetAsync(Page);
            Assert.Equal(round, pageReads);
            time.Advance(TimeSpan.FromSeconds(0.1));
        }
    }

    [Fact]
    public async Task Who_creates_or_deletes_a_room_sees_it_at_once_and_so_do_all_of_the_same_instance()
    {
        var (alice, bob) = (cloud.Client(app, "alice"), cloud.Client(app, "bob"));
        Assert.Empty(await NamesAsync(bob));
        var room = await alice.RoomAsync($"{prefix} 1");
        Assert.Equal([$"{prefix} 1"], await NamesAsync(bob));
        Assert.Equal(HttpStatusCode.NoContent, (await alice.DeleteAsync($"chats/{room.Text("chatId")}")).StatusCode);
        Assert.Empty(await NamesAsync(bob));
    }

    [Fact]
    public async Task What_another_instance_writes_is_seen_after_two_seconds()
    {
        Assert.Empty(await NamesAsync(cloud.Client(app, "alice")));
        await cloud.Client("bob").RoomAsync($"{prefix} 1");
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal([$"{prefix} 1"], await NamesAsync(cloud.Client(app, "alice")));
    }

    [Fact]
    public async Task A_room_that_is_made_while_a_page_is_read_is_on_the_page_of_whoever_asks_afterwards()
    {
        var held = new TaskCompletionSource();
        wire.Follow(request => !IsPage(request) ? null : async (message, passing) =>
        {
            await passing.PassAsync(message);
            Interlocked.Increment(ref pageReads);
            await held.Task;
        });
        var before = NamesAsync(cloud.Client(app, "alice"));
        await TokenLab.UntilAsync(() => pageReads == 1);
        await cloud.Client(app, "bob").RoomAsync($"{prefix} 1");

        var after = NamesAsync(cloud.Client(app, "carol"));
        await TokenLab.UntilAsync(() => pageReads == 2);
        held.SetResult();
        Assert.Empty(await before);
        Assert.Equal([$"{prefix} 1"], await after);
    }

    [Fact]
    public async Task A_read_that_fails_is_not_kept_and_who_goes_away_cancels_it_for_nobody()
    {
        wire.Fail(TableFaults.Error(400, "InvalidInput"), of: IsPage);
        Assert.NotEqual(HttpStatusCode.OK, (await cloud.Client(app, "alice").GetAsync(Page)).StatusCode);
        var held = new TaskCompletionSource();
        wire.Follow(request => !IsPage(request) ? null : async (message, passing) =>
        {
            Interlocked.Increment(ref pageReads);
            await held.Task;
            await passing.PassAsync(message);
        });

        using var gone = new CancellationTokenSource();
        var first = cloud.Client(app, "alice").GetAsync(Page, gone.Token);
        await TokenLab.UntilAsync(() => pageReads == 1);
        var second = NamesAsync(cloud.Client(app, "bob"));
        await gone.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        held.SetResult();
        Assert.Empty(await second);
        Assert.Equal(1, pageReads);
    }

    [Fact]
    public async Task A_walk_has_each_room_once_that_is_there_throughout_while_another_instance_makes_and_deletes_others()
    {
        var (alice, other) = (cloud.Client(app, "alice"), cloud.Client("bob"));
        for (var i = 0; i < 12; i++) await alice.RoomAsync($"{prefix} {i:00} steady");
        var walked = new List<string>();
        var next = $"{Page}&limit=3";
        for (var page = 0; next is not null; page++)
        {
            var passing = await other.RoomAsync($"{prefix} {page:00} passing");
            var answer = await alice.GetAsync(next);
            walked.AddRange((await answer.JsonAsync()).EnumerateArray().Select(room => room.Text("chatName")));
            next = answer.NextPage();
            await other.DeleteAsync($"chats/{passing.Text("chatId")}");
            // Some pages are read anew, some are kept of an earlier walk.
            if (page % 2 == 0) time.Advance(TimeSpan.FromSeconds(2));
            await alice.GetAsync(next ?? Page);
        }

        Assert.Equal(Enumerable.Range(0, 12).Select(i => $"{prefix} {i:00} steady"), walked.Where(name => name.EndsWith("steady", StringComparison.Ordinal)));
    }

    private async Task<List<string>> NamesAsync(HttpClient client) =>
        [.. (await (await client.GetAsync(Page)).JsonAsync()).EnumerateArray().Select(room => room.Text("chatName"))];

    private static bool IsPage(Request request) => Uri.UnescapeDataString(request.Uri.Query).Contains("PartitionKey eq 'public'", StringComparison.Ordinal);
}
