using System.Net;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Tests.Cloud;

namespace ChatFunctions.Tests.Tokens;

public sealed class TokenLimitTests(TestCloud cloud)
{
    [Fact]
    public async Task A_caller_who_causes_more_calls_in_a_minute_than_allowed_is_a_429_and_others_are_not()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerCallerPerMinute"] = "2", ["Momento:TokenLifetime"] = "00:00:10" });
        var alice = lab.Client("alice");
        for (var call = 0; call < 2; call++)
        {
            await alice.TokenAsync();
            lab.Time.Advance(TimeSpan.FromSeconds(6));
        }

        var refused = await alice.GetAsync("token");
        Assert.Equal("too-many-requests", (await refused.ProblemAsync(HttpStatusCode.TooManyRequests)).ProblemType());
        Assert.Equal(TimeSpan.FromSeconds(48), refused.Headers.RetryAfter?.Delta);
        await lab.Client("bob").TokenAsync();

        lab.Time.Advance(TimeSpan.FromSeconds(48));
        await alice.TokenAsync();
        Assert.Equal(4, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task Requests_that_are_refused_their_turn_do_not_count_against_a_caller()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new()
        {
            ["Momento:TokenCallsPerSecond"] = "0.1",
            ["Momento:TokenCallsPerCallerPerMinute"] = "1",
        });
        await lab.Client("bob").TokenAsync();
        for (var i = 0; i < 5; i++) await (await lab.Client("alice").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.Time.Advance(TimeSpan.FromSeconds(10));
        await lab.Client("alice").TokenAsync();
        Assert.Equal(2, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task Tokens_served_from_memory_never_count_against_a_caller()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerCallerPerMinute"] = "1" });
        for (var i = 0; i < 50; i++) await lab.Client("alice").TokenAsync();
    }

    [Fact]
    public async Task Calls_beyond_this_instances_share_wait_a_moment_for_it_and_the_rest_are_503_with_when_to_come_back()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerSecond"] = "2" });
        var calls = Enumerable.Range(0, 10).Select(i => lab.Client($"caller-{i}").GetAsync("token")).ToList();

        // Two go at once, two a second later; the other six would wait longer than that.
        await TokenLab.UntilAsync(() => calls.Count(call => call.IsCompleted) == 8);
        Assert.Equal(2, lab.Momento.TokenCalls);
        lab.Time.Advance(TimeSpan.FromSeconds(1));
        var answers = await Task.WhenAll(calls);
        Assert.Equal(4, answers.Count(answer => answer.StatusCode == HttpStatusCode.OK));
        var refused = answers.Where(answer => answer.StatusCode != HttpStatusCode.OK).ToList();
        foreach (var answer in refused) await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        // Each a turn of their own: after 2 s, 2.5 s and so on.
        Assert.Equal([2, 3, 3, 4, 4, 5], refused.Select(answer => answer.Headers.RetryAfter!.Delta!.Value.TotalSeconds).Order());
        Assert.Equal(4, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task A_caller_with_many_calls_at_once_causes_no_more_than_allowed()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new()
        {
            ["Momento:TokenCallsPerSecond"] = "2",
            ["Momento:TokenCallsPerCallerPerMinute"] = "3",
        });
        var calls = (await RoomsAsync(lab, 8)).Select(room => lab.Client("alice").GetAsync($"token?chatId={room}")).ToList();
        await TokenLab.UntilAsync(() => calls.Count(call => call.IsCompleted) == 7);
        foreach (var call in calls) await AdvanceUntilAsync(lab, call);
        Assert.Equal(3, calls.Count(call => call.Result.StatusCode == HttpStatusCode.OK));
        Assert.Equal(5, calls.Count(call => call.Result.StatusCode == HttpStatusCode.TooManyRequests));
        Assert.Equal(3, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task Whoever_has_had_fewest_calls_has_the_next_turn_however_many_calls_of_others_wait()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerSecond"] = "2" });
        var many = (await RoomsAsync(lab, 8)).Select(room => lab.Client("alice").GetAsync($"token?chatId={room}")).ToList();
        // How many are refused at once depends on the order in which they come; two have their turns, and hers are used up.
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 2 && many.Count(call => call.IsCompleted) >= 2);

        var first = lab.Client("bob").GetAsync("token");
        await AdvanceUntilAsync(lab, first);
        Assert.Equal(HttpStatusCode.OK, (await first).StatusCode);
        foreach (var call in many) await AdvanceUntilAsync(lab, call);
    }

    [Fact]
    public async Task A_call_that_Momento_refuses_since_the_account_is_exhausted_waits_for_another_turn_as_do_all_others()
    {
        var oneCall = new MomentoServerOptions { Caches = [LocalCloud.CacheName], TokenCallsPerSecond = 1 };
        await using var lab = await TokenLab.StartAsync(cloud, momento: oneCall);
        await lab.Client("alice").TokenAsync();
        lab.Time.Advance(TimeSpan.FromSeconds(0.5));
        var refused = lab.Client("bob").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 2);

        Assert.Equal(HttpStatusCode.OK, (await lab.Client("alice").GetAsync("token")).StatusCode);
        Assert.False(refused.IsCompleted);
        await AdvanceUntilAsync(lab, refused);
        Assert.Equal(HttpStatusCode.OK, (await refused).StatusCode);
        Assert.Equal(3, lab.Momento.TokenCalls);
    }

    [Fact]
    public async Task Whoever_comes_back_when_told_to_has_the_next_turn_though_others_have_come_before_them()
    {
        await using var lab = await TokenLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerSecond"] = "0.5" });
        await lab.Client("first").TokenAsync();
        var refused = await lab.Client("alice").GetAsync("token");
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        lab.Time.Advance(refused.Headers.RetryAfter!.Delta!.Value);
        var others = Enumerable.Range(0, 3).Select(i => lab.Client($"other-{i}").GetAsync("token")).ToList();
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 2);

        var back = lab.Client("alice").GetAsync("token");
        await AdvanceUntilAsync(lab, back);
        Assert.Equal(HttpStatusCode.OK, (await back).StatusCode);
        Assert.Equal(1, (await Task.WhenAll(others)).Count(answer => answer.IsSuccessStatusCode));
    }

    private static async Task<List<string>> RoomsAsync(TokenLab lab, int count)
    {
        var rooms = new List<string>();
        for (var i = 0; i < count; i++) rooms.Add((await lab.Client("alice").RoomAsync(ChatApi.Unique("limit"))).Text("chatId"));
        return rooms;
    }

    /// <summary>The request takes its place in the queue on another thread: the clock moves until it has had its turn.</summary>
    private static async Task AdvanceUntilAsync(TokenLab lab, Task request) => await TokenLab.UntilAsync(() =>
    {
        lab.Time.Advance(TimeSpan.FromMilliseconds(50));
        return request.IsCompleted;
    });
}
