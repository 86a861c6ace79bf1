using System.Net;
using ChatFunctions.Local;
using ChatFunctions.Local.Momento;
using ChatFunctions.Momento;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;

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
    public async Task A_call_that_has_waited_for_the_end_of_a_pause_is_made_in_real_time_too()
    {
        var budget = new CallBudget(callsPerSecond: 1000, TimeProvider.System);
        for (var round = 0; round < 40; round++)
        {
            budget.Pause(TimeSpan.FromMilliseconds(2.3 + (round / 100.0)));
            Assert.Equal(TimeSpan.Zero, await budget.WaitForTurnAsync(earlierCalls: 0, CancellationToken.None));
        }
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
        foreach (var refused in answers.Where(answer => answer.StatusCode != HttpStatusCode.OK))
        {
            await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
            Assert.Equal(TimeSpan.FromSeconds(2), refused.Headers.RetryAfter?.Delta);
        }

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
    public async Task A_call_that_is_overtaken_is_told_when_to_come_back_and_no_turn_is_given_twice()
    {
        var time = new FakeTimeProvider();
        var budget = new CallBudget(callsPerSecond: 2, time);
        Task<TimeSpan> Call(int earlierCalls) => budget.WaitForTurnAsync(earlierCalls, CancellationToken.None);
        Task<TimeSpan>[] made = [Call(5), Call(6)];
        Task<TimeSpan>[] waiting = [Call(7), Call(8)];
        Assert.All(made, call => Assert.True(call.IsCompletedSuccessfully));
        Task<TimeSpan>[] newcomers = [Call(0), Call(0)];
        Assert.Equal(TimeSpan.FromSeconds(2), await Call(0));

        time.Advance(CallBudget.MaxWait);
        Assert.Equal([TimeSpan.Zero, TimeSpan.Zero], await Task.WhenAll(newcomers));
        Assert.Equal([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1)], await Task.WhenAll(waiting));
    }

    [Fact]
    public async Task When_Momento_says_that_the_account_is_exhausted_calls_pause_for_a_second()
    {
        var oneCall = new MomentoServerOptions { Caches = [LocalCloud.CacheName], TokenCallsPerSecond = 1 };
        await using var lab = await TokenLab.StartAsync(cloud, momento: oneCall);
        await lab.Client("alice").TokenAsync();
        await (await lab.Client("bob").GetAsync("token")).ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.Equal(2, lab.Momento.TokenCalls);

        var waiting = lab.Client("carol").GetAsync("token");
        Assert.Equal(HttpStatusCode.OK, (await lab.Client("alice").GetAsync("token")).StatusCode);
        Assert.Equal(2, lab.Momento.TokenCalls);
        await AdvanceUntilAsync(lab, waiting);
        Assert.Equal(HttpStatusCode.OK, (await waiting).StatusCode);
        Assert.Equal(3, lab.Momento.TokenCalls);
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
