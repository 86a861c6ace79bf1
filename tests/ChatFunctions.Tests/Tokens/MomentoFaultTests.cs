using System.Buffers.Text;
using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using ChatFunctions.Local.Momento.Wire;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;
using Grpc.Core;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Tests.Tokens;

public sealed class MomentoFaultTests(TestCloud cloud)
{
    /// <summary>For a request that may find the machine busy, too.</summary>
    private static readonly TimeSpan Recovery = TimeSpan.FromSeconds(2);

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.Unknown)]
    [InlineData(StatusCode.Cancelled)]
    [InlineData(StatusCode.Unauthenticated)]
    public Task A_call_that_fails_in_a_way_that_may_pass_is_a_503_costs_one_call_and_the_next_one_works(StatusCode status) =>
        AssertFailsOnceAsync(status, AssertUnavailableAsync, LogLevel.Warning);

    [Theory]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.NotFound)]
    [InlineData(StatusCode.FailedPrecondition)]
    [InlineData(StatusCode.Unimplemented)]
    public Task A_call_that_Momento_refuses_is_a_500_costs_one_call_and_the_next_one_works(StatusCode status) =>
        AssertFailsOnceAsync(status, AssertUnexpectedAsync, LogLevel.Error);

    private async Task AssertFailsOnceAsync(StatusCode status, Func<HttpResponseMessage, Task> assertAnswerAsync, LogLevel level)
    {
        using var logs = new LogRecorder();
        await using var lab = await FaultLab.StartAsync(cloud, logs: logs);
        var kept = (await lab.Client("alice").TokenAsync()).Text("token");
        var before = lab.MomentoWire.Requests;
        lab.MomentoWire.Fail(HttpFaults.GrpcError(status));
        await assertAnswerAsync(await lab.Client("bob").GetAsync("token"));
        Assert.Equal(before + 1, lab.MomentoWire.Requests);
        Assert.StartsWith("Momento made no token", Assert.Single(logs.Entries(level, "ChatFunctions.")), StringComparison.Ordinal);
        Assert.Equal(kept, (await lab.Client("alice").TokenAsync()).Text("token"));

        lab.MomentoWire.Heal();
        await lab.Client("bob").TokenAsync();
    }

    [Fact]
    public async Task Where_Momento_refuses_the_callers_name_the_token_is_made_with_the_user_id_alone()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        var userId = (await alice.RoomAsync(ChatApi.Unique("refused"))).GetProperty("createdBy").Text("id");
        lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.InvalidArgument), count: 1);
        Assert.Equal(userId, TokenIdOf(await alice.TokenAsync()));
        Assert.Equal(2, lab.MomentoWire.Requests);
    }

    [Theory]
    [InlineData("Alice", 2)]
    [InlineData("", 1)]
    public async Task A_call_that_is_refused_for_another_argument_is_made_once_more_at_most(string name, int calls)
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        using var client = lab.Client();
        var token = cloud.Local.Entra.CreateAccessToken("alice", claims => claims["name"] = name);
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.InvalidArgument));
        await AssertUnexpectedAsync(await client.GetAsync("token"));
        Assert.Equal(calls, lab.MomentoWire.Requests);

        lab.MomentoWire.Heal();
        Assert.EndsWith(name, TokenIdOf(await client.TokenAsync()), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_call_that_the_accounts_limit_refuses_is_made_again_for_a_second_and_then_a_503()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        await lab.Client("alice").TokenAsync();
        var before = lab.MomentoWire.Requests;
        lab.MomentoWire.Fail(HttpFaults.GrpcError(StatusCode.ResourceExhausted));
        await AssertUnavailableAsync(await lab.Client("bob").GetAsync("token"));
        // With pauses of 0.6 s and more; a busy machine may be late with the end.
        Assert.InRange(lab.MomentoWire.Requests - before, 2, 5);
    }

    [Fact]
    public async Task A_call_whose_stream_is_reset_before_or_after_it_was_answered_is_a_503_and_the_next_one_works()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        HttpFault[] faults = [HttpFaults.Reset, HttpFaults.LostAnswer, HttpFaults.HalfAnswer];
        for (var caller = 0; caller < faults.Length; caller++)
        {
            lab.MomentoWire.Fail(faults[caller]);
            await AssertUnavailableAsync(await lab.Client($"caller {caller}").GetAsync("token"));
            lab.MomentoWire.Heal();
            await lab.Client($"caller {caller}").TokenAsync();
        }
    }

    [Fact]
    public async Task A_call_whose_connection_is_reset_half_way_is_a_503_and_the_next_one_works()
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        await lab.Client("alice").TokenAsync();
        lab.MomentoWire.Connections.HoldAnswers();
        var cut = lab.Client("bob").GetAsync("token");
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 2);
        lab.MomentoWire.Connections.Fault = Fault.None;
        lab.MomentoWire.Connections.ReleaseAnswers();
        await AssertUnavailableAsync(await cut);
        await lab.Client("bob").TokenAsync();
    }

    [Theory]
    [InlineData(Fault.Down)]
    [InlineData(Fault.Refused)]
    public async Task While_Momento_is_down_new_tokens_are_503_kept_ones_are_served_and_soon_after_its_return_all_are(Fault fault)
    {
        await using var lab = await FaultLab.StartAsync(cloud);
        var kept = (await lab.Client("alice").TokenAsync()).Text("token");
        lab.MomentoWire.Connections.Fault = fault;
        // Long enough for one who waits longer after each try to connect to miss the return by far.
        for (var outage = Stopwatch.StartNew(); outage.Elapsed < TimeSpan.FromSeconds(7);)
        {
            await AssertUnavailableAsync(await lab.Client("bob").GetAsync("token"));
            Assert.Equal(kept, (await lab.Client("alice").TokenAsync()).Text("token"));
            await Task.Delay(200);
        }

        lab.MomentoWire.Connections.Fault = Fault.None;
        var back = Stopwatch.StartNew();
        while (!(await lab.Client("bob").GetAsync("token")).IsSuccessStatusCode)
        {
            Assert.True(back.Elapsed < Recovery, $"no token after {back.Elapsed}");
            await Task.Delay(50);
        }
    }

    [Fact]
    public async Task When_the_network_forgets_a_connection_the_first_call_on_it_fails_and_later_ones_take_another()
    {
        await using var lab = await FaultLab.StartAsync(cloud, new() { ["Http:RequestTimeout"] = "00:00:20" });
        await lab.Client("alice").TokenAsync();
        lab.MomentoWire.Connections.Vanish();
        var forgotten = lab.Client("bob").GetAsync("token");
        // Momento's client gives up after 15 s.
        await AssertUnavailableAsync(await forgotten);
        lab.MomentoWire.Connections.Reappear();
        await lab.Client("bob").TokenAsync();
    }

    [Fact]
    public async Task A_slow_Momento_is_a_503_after_the_requests_time_and_its_late_token_is_served_next()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var alice = lab.Client("alice");
        lab.MomentoWire.HoldAnswers();
        var refused = alice.GetAsync("token");
        await TokenLab.UntilAsync(() => lab.Momento.TokenCalls == 1);
        lab.Time.Advance(TimeSpan.FromSeconds(4.9));
        Assert.False(refused.IsCompleted);
        lab.Time.Advance(TimeSpan.FromSeconds(0.2));
        await (await refused).ProblemAsync(HttpStatusCode.ServiceUnavailable);

        lab.MomentoWire.ReleaseAnswers();
        Assert.Equal(HttpStatusCode.OK, (await alice.GetAsync("token")).StatusCode);
        Assert.Equal(1, lab.Momento.TokenCalls);
    }

    /// <summary>What Momento will say of whoever publishes with a token.</summary>
    private static string TokenIdOf(JsonElement vended)
    {
        var key = JsonDocument.Parse(Convert.FromBase64String(vended.Text("token"))).RootElement.Text("api_key");
        return DisposableTokenClaims.Parser.ParseFrom(Base64Url.DecodeFromChars(key.AsSpan(0, key.IndexOf('.', StringComparison.Ordinal)))).TokenId;
    }

    [Theory]
    [InlineData(StatusCode.Unavailable)]
    [InlineData(StatusCode.ResourceExhausted)]
    [InlineData(StatusCode.DeadlineExceeded)]
    [InlineData(StatusCode.Internal)]
    [InlineData(StatusCode.PermissionDenied)]
    [InlineData(StatusCode.Unauthenticated)]
    public async Task However_often_a_caller_met_with_Momentos_failure_the_first_call_after_it_is_no_429(StatusCode status)
    {
        await using var lab = await FaultLab.StartAsync(cloud, new() { ["Momento:TokenCallsPerCallerPerMinute"] = "2" });
        var alice = lab.Client("alice");
        lab.MomentoWire.Fail(HttpFaults.GrpcError(status));
        for (var i = 0; i < 3; i++) Assert.True((int)(await alice.GetAsync("token")).StatusCode >= 500);

        lab.MomentoWire.Heal();
        await TokenLab.UntilAsync(() =>
        {
            var answer = alice.GetAsync("token").GetAwaiter().GetResult().StatusCode;
            Assert.NotEqual(HttpStatusCode.TooManyRequests, answer);
            return answer == HttpStatusCode.OK;
        });
    }

    private static async Task AssertUnexpectedAsync(HttpResponseMessage answer) =>
        Assert.Equal("unexpected", (await answer.ProblemAsync(HttpStatusCode.InternalServerError)).ProblemType());

    private static async Task AssertUnavailableAsync(HttpResponseMessage answer)
    {
        Assert.Equal("unavailable", (await answer.ProblemAsync(HttpStatusCode.ServiceUnavailable)).ProblemType());
        Assert.True(answer.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
    }
}
