using ChatFunctions.Tables;
using Microsoft.Extensions.Time.Testing;

namespace ChatFunctions.Tests.Tables;

public sealed class FreshReadsTests
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(100);

    private readonly FakeTimeProvider time = new();
    private readonly FreshReads<string, int> reads;
    private readonly Queue<TaskCompletionSource> gates = new();
    private int begun;

    public FreshReadsTests() => reads = new(Interval, time);

    [Fact]
    public async Task Two_hundred_at_once_are_two_reads_and_who_asked_first_waits_for_no_turn()
    {
        var answers = Enumerable.Range(0, 200).Select(_ => AskAsync()).ToList();
        Assert.Equal(1, await answers[0]);
        Assert.All(answers.Skip(1), answer => Assert.False(answer.IsCompleted));
        time.Advance(Interval);
        Assert.All((await Task.WhenAll(answers)).Skip(1), answer => Assert.Equal(2, answer));
    }

    [Fact]
    public async Task A_thousand_within_a_second_are_eleven_reads_at_most_and_each_began_after_its_question()
    {
        var answers = new List<Task>();
        for (var asked = 0; asked < 1000; asked++)
        {
            answers.Add(AskFreshAsync());
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        await EndAsync(answers);
        Assert.InRange(begun, 2, 11);

        async Task AskFreshAsync()
        {
            var before = Volatile.Read(ref begun);
            Assert.True(await AskAsync() > before);
        }
    }

    [Fact]
    public async Task While_one_is_under_way_the_next_waits_however_long_it_takes_and_another_room_does_not()
    {
        var gate = new TaskCompletionSource();
        gates.Enqueue(gate);
        var (first, second) = (AskAsync(), AskAsync());
        await Tokens.TokenLab.UntilAsync(() => Volatile.Read(ref begun) == 1);
        time.Advance(Interval * 10);
        Assert.Equal(2, await AskAsync("other"));
        Assert.False(second.IsCompleted);
        gate.SetResult();
        Assert.Equal(1, await first);
        Assert.Equal(3, await second);
    }

    [Fact]
    public async Task A_read_that_fails_fails_for_those_who_shared_it_and_not_for_the_next_and_who_gives_up_stops_nobody()
    {
        var (gate, failing) = (new TaskCompletionSource(), new TaskCompletionSource());
        gates.Enqueue(gate);
        gates.Enqueue(failing);
        using var givingUp = new CancellationTokenSource();
        var (first, gone, stays, shared) = (AskAsync(), AskAsync("room", givingUp.Token), AskAsync(), AskAsync());
        await givingUp.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => gone);

        gate.SetResult();
        failing.SetException(new IOException("It is a test."));
        Assert.Equal(1, await first);
        await EndAsync([stays, shared]);
        foreach (var each in new[] { stays, shared }) await Assert.ThrowsAsync<IOException>(() => each);
        time.Advance(Interval);
        var next = AskAsync();
        await EndAsync([next]);
        Assert.Equal(3, await next);
    }

    private Task<int> AskAsync(string key = "room", CancellationToken cancellation = default) => reads.GetAsync(
        key,
        async () =>
        {
            var number = Interlocked.Increment(ref begun);
            if (gates.TryDequeue(out var gate)) await gate.Task;
            return number;
        },
        cancellation);

    /// <summary>Lets the clock run until all have an answer.</summary>
    private Task EndAsync(List<Task> answers) => Tokens.TokenLab.UntilAsync(() =>
    {
        time.Advance(TimeSpan.FromMilliseconds(1));
        return answers.All(answer => answer.IsCompleted);
    });
}
