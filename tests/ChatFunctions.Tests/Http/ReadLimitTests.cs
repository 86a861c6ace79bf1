using System.Net;
using ChatFunctions.Local.Functions;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Members;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Http;

public sealed class ReadLimitTests(TestCloud cloud)
{
    private readonly FakeTimeProvider time = new(DateTimeOffset.UtcNow);
    private readonly string aliceName = ChatApi.Unique("alice");

    [Fact]
    public async Task A_caller_whose_reads_cost_more_in_a_minute_than_allowed_is_a_429_and_others_read_on()
    {
        var room = await cloud.Client(aliceName).PrivateRoomAsync("read");
        await using var app = await StartAppAsync(transactionsPerMinute: 5);
        var alice = cloud.Client(app, aliceName);
        for (var read = 0; read < 3; read++)
        {
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats/{room}")).StatusCode);
            time.Advance(TimeSpan.FromSeconds(10));
        }

        var refused = await alice.GetAsync("chats/general");
        Assert.Equal("too-many-requests", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        // Six of five are used, so that two have to be forgotten.
        Assert.Equal(TimeSpan.FromSeconds(30), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await cloud.Client(app, "bob").GetAsync("chats?limit=1")).StatusCode);
        time.Advance(TimeSpan.FromSeconds(30));
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync($"chats/{room}")).StatusCode);
    }

    [Theory]
    [InlineData("chats")]
    [InlineData("chats/a-room")]
    [InlineData("chats/a-room/members")]
    [InlineData("token")]
    [InlineData("token?chatId=a-room")]
    public async Task Every_read_of_Table_Storage_counts_also_one_that_fails(string path)
    {
        await using var app = await StartAppAsync(transactionsPerMinute: 1);
        var alice = cloud.Client(app, aliceName);
        Assert.InRange((await alice.GetAsync(path)).StatusCode, HttpStatusCode.OK, HttpStatusCode.NotFound);
        Assert.Equal(HttpStatusCode.TooManyRequests, (await alice.GetAsync(path)).StatusCode);
    }

    [Fact]
    public async Task What_reads_nothing_and_what_writes_does_not_count()
    {
        // Whoever may publish is asked about: see bans.
        await using var app = await StartAppAsync(transactionsPerMinute: 1, directPublish: false);
        var alice = cloud.Client(app, aliceName);
        for (var call = 0; call < 3; call++)
        {
            Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("token")).StatusCode);
            await alice.PrivateRoomAsync("written");
        }

        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("chats")).StatusCode);
    }

    private Task<FunctionHost> StartAppAsync(int transactionsPerMinute, bool directPublish = true) => cloud.StartAppAsync(new()
    {
        ["Http:ReadTransactionsPerCallerPerMinute"] = $"{transactionsPerMinute}",
        ["Momento:DirectPublish"] = $"{directPublish}",
    }, time);
}
