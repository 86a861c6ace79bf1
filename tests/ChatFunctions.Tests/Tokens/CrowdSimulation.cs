using ChatFunctions.Identity;
using ChatFunctions.Momento;
using Microsoft.Extensions.Time.Testing;
using Momento.Sdk.Exceptions;

namespace ChatFunctions.Tests.Tokens;

/// <summary>
/// A crowd that comes at once to the instances of an app, whose budgets share one account of Momento and know nothing of each
/// other. Whoever is refused comes back to the same instance after the whole seconds of their <c>Retry-After</c> and up to half a
/// second more. A call takes 10 to 50 ms; the account grants so many calls in each second of its own clock. Time is simulated in
/// steps of 10 ms, all on one thread, so that a seed always gives the same run.
/// </summary>
public sealed class CrowdSimulation
{
    private const int CallsPerSecond = 5;
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(10);

    private readonly FakeTimeProvider time = new();
    private readonly Random random;
    private readonly List<Visitor> crowd = [];
    private readonly Dictionary<int, int> grantedBySecond = [];
    private readonly TimeSpan secondsBeginAt;
    private readonly PriorityQueue<Visitor, TimeSpan> away = new();
    private readonly List<Visitor> here = [];
    private TimeSpan now;

    public CrowdSimulation(int seed, int instances, int visitors, double maxCallsPerSecond = 2)
    {
        random = new Random(seed);
        secondsBeginAt = TimeSpan.FromSeconds(random.NextDouble());
        var budgets = Enumerable.Range(0, instances).Select(_ => new CallBudget(maxCallsPerSecond, time, random)).ToList();
        for (var i = 0; i < visitors; i++) crowd.Add(new Visitor(budgets[i % instances], new(Guid.Empty, NewId(), "visitor")));
    }

    /// <summary>How long each has taken to be served, in order.</summary>
    public IReadOnlyList<TimeSpan> ServedAfter => [.. crowd.Select(visitor => visitor.ServedAt!.Value).Order()];

    /// <summary>How often each has been told to come back.</summary>
    public IReadOnlyList<int> Refusals => [.. crowd.Select(visitor => visitor.Refusals)];

    public static TimeSpan Ideal(int visitors) => TimeSpan.FromSeconds((double)visitors / CallsPerSecond);

    /// <returns>Whether all have been served before the time is over.</returns>
    public bool Run(TimeSpan atMost)
    {
        foreach (var visitor in crowd) away.Enqueue(visitor, TimeSpan.Zero);
        for (; away.Count + here.Count > 0 && now < atMost; now += Step)
        {
            while (away.TryPeek(out var next, out var comesAt) && comesAt <= now)
            {
                away.Dequeue();
                next.Call = next.Budget.Enter(next.Caller, earlierCalls: 0);
                next.Turn = next.Budget.WaitForTurnAsync(next.Call, CancellationToken.None);
                here.Add(next);
            }

            here.RemoveAll(Leaves);
            time.Advance(Step);
        }

        return away.Count + here.Count == 0;
    }

    /// <returns>Whether the visitor is served, or told to come back.</returns>
    private bool Leaves(Visitor visitor)
    {
        if (!visitor.Turn!.IsCompleted) return false;
        if (visitor.Turn.Result is { Ticks: > 0 } wait)
        {
            visitor.Refusals++;
            away.Enqueue(visitor, now + TimeSpan.FromSeconds(Math.Max(1, Math.Ceiling(wait.TotalSeconds)) + (random.NextDouble() / 2)));
            return true;
        }

        visitor.ReachesMomentoAt ??= now + (random.Next(1, 6) * Step);
        if (now < visitor.ReachesMomentoAt) return false;
        Answer(visitor);
        return visitor.ServedAt is not null;
    }

    private void Answer(Visitor visitor)
    {
        visitor.ReachesMomentoAt = null;
        var second = (int)(now + secondsBeginAt).TotalSeconds;
        var granted = grantedBySecond.GetValueOrDefault(second);
        if (granted < CallsPerSecond)
        {
            grantedBySecond[second] = granted + 1;
            visitor.ServedAt = now;
            visitor.Budget.Ended(visitor.Call!, error: null);
            return;
        }

        visitor.Budget.Ended(visitor.Call!, MomentoErrorCode.LIMIT_EXCEEDED_ERROR);
        visitor.Turn = visitor.Budget.WaitForTurnAsync(visitor.Call!, CancellationToken.None);
    }

    private Guid NewId()
    {
        var bytes = new byte[16];
        random.NextBytes(bytes);
        return new Guid(bytes);
    }

    private sealed class Visitor(CallBudget budget, Caller caller)
    {
        public CallBudget Budget => budget;
        public Caller Caller => caller;
        public QueuedCall? Call { get; set; }
        public Task<TimeSpan>? Turn { get; set; }
        public TimeSpan? ReachesMomentoAt { get; set; }
        public TimeSpan? ServedAt { get; set; }
        public int Refusals { get; set; }
    }
}
