using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Tests.Cloud;
using Microsoft.Extensions.Time.Testing;
using Momento.Sdk.Exceptions;

namespace ChatFunctions.Tests.Tokens;

public sealed class CallBudgetTests
{
    private readonly FakeTimeProvider time = new();
    private readonly Caller alice = Somebody();

    [Fact]
    public void A_call_that_is_overtaken_is_told_when_to_come_back_and_no_turn_is_given_twice()
    {
        var budget = Budget(callsPerSecond: 2);
        Make(budget, Somebody());
        Make(budget, Somebody());
        Task<TimeSpan>[] waiting = [Ask(budget, Somebody(), earlierCalls: 7), Ask(budget, Somebody(), earlierCalls: 8)];
        Task<TimeSpan>[] newcomers = [Ask(budget, Somebody()), Ask(budget, Somebody())];
        Assert.Equal([TimeSpan.FromSeconds(2.5), TimeSpan.FromSeconds(2)], waiting.Select(Answer));
        Assert.Equal(TimeSpan.FromSeconds(3), Answer(Ask(budget, Somebody())));

        time.Advance(CallBudget.MaxWait - TimeSpan.FromMilliseconds(1));
        Assert.All(newcomers, call => Assert.False(call.IsCompleted));
        time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.All(newcomers, call => Assert.Equal(TimeSpan.Zero, Answer(call)));
    }

    [Fact]
    public void Whoever_comes_when_told_to_goes_before_those_who_have_had_as_few_calls()
    {
        var budget = Budget(callsPerSecond: 0.5);
        Make(budget, Somebody());
        time.Advance(Answer(Ask(budget, alice)));
        Make(budget, Somebody());
        time.Advance(TimeSpan.FromSeconds(1.5));
        var newcomer = Ask(budget, Somebody());
        var back = Ask(budget, alice);
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.Zero, Answer(back));
        Assert.NotEqual(TimeSpan.Zero, Ended(newcomer));
    }

    [Fact]
    public void Whoever_comes_before_their_time_is_told_the_same_time_again_and_is_not_preferred()
    {
        var budget = Budget(callsPerSecond: 0.1);
        Make(budget, Somebody());
        Assert.Equal(TimeSpan.FromSeconds(10), Answer(Ask(budget, alice)));
        time.Advance(TimeSpan.FromSeconds(4));
        Assert.Equal(TimeSpan.FromSeconds(6), Answer(Ask(budget, alice)));

        time.Advance(TimeSpan.FromSeconds(5.5));
        var newcomer = Ask(budget, Somebody());
        var early = Ask(budget, alice);
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.Zero, Answer(newcomer));
        Assert.NotEqual(TimeSpan.Zero, Ended(early));
    }

    [Fact]
    public void A_place_is_kept_for_a_while_and_no_longer()
    {
        foreach (var (late, isKept) in new[] { (Reservations.Grace, true), (Reservations.Grace + TimeSpan.FromSeconds(1), false) })
        {
            var budget = Budget(callsPerSecond: 0.5);
            Make(budget, Somebody());
            var turnBefore = Answer(Ask(budget, alice)) + late - TimeSpan.FromSeconds(0.5);
            time.Advance(turnBefore);
            Make(budget, Somebody());
            time.Advance(TimeSpan.FromSeconds(0.5));
            // The next turn is 1.5 s away: only who has a place waits that long.
            var call = Ask(budget, alice);
            time.Advance(TimeSpan.FromSeconds(1.5));
            Assert.Equal(isKept, Answer(call) == TimeSpan.Zero);
        }
    }

    [Fact]
    public void Whoever_has_had_more_calls_does_not_go_before_those_with_fewer_for_having_been_refused_once()
    {
        var budget = Budget(callsPerSecond: 0.5);
        Make(budget, Somebody());
        time.Advance(Answer(Ask(budget, alice, earlierCalls: 5)));
        Make(budget, Somebody());
        time.Advance(TimeSpan.FromSeconds(1.5));
        var back = Ask(budget, alice, earlierCalls: 5);
        var newcomer = Ask(budget, Somebody());
        time.Advance(TimeSpan.FromSeconds(0.5));
        Assert.Equal(TimeSpan.Zero, Answer(newcomer));
        Assert.False(back.IsCompleted);
    }

    [Fact]
    public void Whoever_was_refused_at_their_time_has_a_turn_at_once_the_next_time_whoever_else_had_one()
    {
        var budget = Budget(callsPerSecond: 0.1);
        Make(budget, Somebody());
        time.Advance(Answer(Ask(budget, alice, earlierCalls: 5)));
        Make(budget, Somebody());
        var second = Ask(budget, alice, earlierCalls: 5);
        time.Advance(CallBudget.MaxWaitWithPlace);
        Assert.InRange(Answer(second), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(20));

        time.Advance(Answer(second));
        Make(budget, Somebody());
        Assert.Equal(TimeSpan.Zero, Answer(Ask(budget, alice, earlierCalls: 5)));
    }

    [Fact]
    public void However_much_a_caller_asks_for_others_are_told_to_come_no_later()
    {
        var budget = Budget(callsPerSecond: 0.5);
        Make(budget, Somebody());
        for (var i = 0; i < 20; i++) Assert.Equal(TimeSpan.FromSeconds(2), Answer(Ask(budget, alice)));
        Assert.Equal(TimeSpan.FromSeconds(4), Answer(Ask(budget, Somebody())));
    }

    [Fact]
    public void A_call_that_was_given_up_leaves_its_turn_and_its_place()
    {
        var budget = Budget(callsPerSecond: 0.5);
        Make(budget, Somebody());
        time.Advance(Answer(Ask(budget, alice)));
        Make(budget, Somebody());
        using var gone = new CancellationTokenSource();
        var givenUp = budget.WaitForTurnAsync(budget.Enter(alice, earlierCalls: 0), gone.Token);
        gone.Cancel();
        Assert.True(givenUp.IsCanceled);
        Assert.True(budget.WaitForTurnAsync(budget.Enter(Somebody(), earlierCalls: 0), gone.Token).IsCanceled);

        var back = Ask(budget, alice);
        time.Advance(TimeSpan.FromSeconds(2));
        Assert.Equal(TimeSpan.Zero, Answer(back));
    }

    [Fact]
    public void A_clock_that_is_set_forward_gives_no_turn_and_one_that_is_set_back_takes_none()
    {
        var clock = new SettableClock(time);
        var budget = new CallBudget(1, clock, new Random(1));
        Make(budget, Somebody());
        clock.Step = TimeSpan.FromHours(1);
        var waiting = Ask(budget, Somebody());
        Assert.False(waiting.IsCompleted);
        clock.Step = TimeSpan.FromHours(-1);
        time.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal(TimeSpan.Zero, Answer(waiting));
    }

    [Fact]
    public async Task A_call_has_its_turn_in_real_time_too()
    {
        var budget = new CallBudget(1.99, TimeProvider.System, Random.Shared);
        for (var call = 0; call < 4; call++) await MakeAsync(budget);
    }

    [Fact]
    public void While_Momento_has_just_refused_a_call_newcomers_wait_to_the_end_before_they_are_told_when_to_come()
    {
        var budget = Budget(callsPerSecond: 1);
        var refused = budget.Enter(Somebody(), earlierCalls: 0);
        Assert.Equal(TimeSpan.Zero, Answer(budget.WaitForTurnAsync(refused, CancellationToken.None)));
        budget.Ended(refused, MomentoErrorCode.LIMIT_EXCEEDED_ERROR);
        var retried = budget.WaitForTurnAsync(refused, CancellationToken.None);
        var newcomers = Enumerable.Range(0, 5).Select(_ => Ask(budget, Somebody())).ToList();
        Assert.All(newcomers, call => Assert.False(call.IsCompleted));

        time.Advance(CallBudget.MaxWait);
        Assert.Equal(TimeSpan.Zero, Answer(retried));
        Assert.Equal(5, newcomers.Select(Answer).Distinct().Count());
    }

    private static Caller Somebody() => new(Guid.NewGuid(), Guid.NewGuid(), "somebody");

    private static Task<TimeSpan> Ask(CallBudget budget, Caller caller, int earlierCalls = 0) =>
        budget.WaitForTurnAsync(budget.Enter(caller, earlierCalls), CancellationToken.None);

    /// <summary>All runs on the thread that moves the clock: what has not ended now has to wait.</summary>
    private static TimeSpan Answer(Task<TimeSpan> call)
    {
        Assert.True(call.IsCompleted);
        return call.Result;
    }

    private static void Make(CallBudget budget, Caller caller)
    {
        var call = budget.Enter(caller, earlierCalls: 0);
        Assert.Equal(TimeSpan.Zero, budget.WaitForTurnAsync(call, CancellationToken.None).Result);
        budget.Ended(call, error: null);
    }

    private static async Task MakeAsync(CallBudget budget)
    {
        var call = budget.Enter(Somebody(), earlierCalls: 0);
        Assert.Equal(TimeSpan.Zero, await budget.WaitForTurnAsync(call, CancellationToken.None));
        budget.Ended(call, error: null);
    }

    /// <summary>Lets the wait of a call end that has got no turn so far.</summary>
    private TimeSpan Ended(Task<TimeSpan> call)
    {
        time.Advance(CallBudget.MaxWait);
        return Answer(call);
    }

    private CallBudget Budget(double callsPerSecond) => new(callsPerSecond, time, new Random(1));
}
