using System.Net;
using ChatFunctions.Tests.Cloud;
using ChatFunctions.Tests.Faults;

namespace ChatFunctions.Tests.Tokens;

public sealed class MomentoFaultTests(TestCloud cloud)
{
    [Fact]
    public async Task While_Momento_is_down_new_tokens_are_503_kept_ones_are_served_and_it_works_again_afterwards()
    {
        await using var lab = await TokenLab.StartAsync(cloud);
        var kept = (await lab.Client("alice").TokenAsync()).Text("token");
        lab.MomentoWire.Fault = Fault.Down;
        var refused = await lab.Client("bob").GetAsync("token");
        await refused.ProblemAsync(HttpStatusCode.ServiceUnavailable);
        Assert.NotNull(refused.Headers.RetryAfter);
        Assert.Equal(kept, (await lab.Client("alice").TokenAsync()).Text("token"));

        lab.MomentoWire.Fault = Fault.None;
        // gRPC waits in real time, about a second, before it connects again.
        await TokenLab.UntilAsync(() => lab.Client("bob").GetAsync("token").GetAwaiter().GetResult().IsSuccessStatusCode);
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
}
