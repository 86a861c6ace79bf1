namespace ChatFunctions.Tables;

/// <summary>
/// Reads whose answers are the same for everybody and never older than the question: one read serves all who asked before it began. Of a
/// key one is under way and one waits, which begins when that one has ended, and not before a while after its begin.
/// </summary>
/// <typeparam name="TKey">What makes two reads the same.</typeparam>
/// <typeparam name="TAnswer">Shared by all who asked: nobody may change it.</typeparam>
/// <param name="interval">At least, from the begin of a read to that of the next. Who asks later than that never waits for a turn.</param>
public sealed class FreshReads<TKey, TAnswer>(TimeSpan interval, TimeProvider time) where TKey : notnull
{
    private readonly Lock gate = new();

    /// <summary>What waits for its turn, by those keys of which a read began lately; null where nobody has asked since.</summary>
    private readonly Dictionary<TKey, Turn?> waiting = [];

    /// <param name="key">What is read.</param>
    /// <param name="read">Reads it. Nobody who waits can cancel it for the others.</param>
    /// <param name="cancellation">Of the one who asks.</param>
    public Task<TAnswer> GetAsync(TKey key, Func<Task<TAnswer>> read, CancellationToken cancellation)
    {
        Turn? turn;
        lock (gate)
        {
            if (!waiting.TryGetValue(key, out turn))
            {
                turn = new Turn(read);
                waiting[key] = null;
                _ = TakeTurnsAsync(key, turn);
            }
            else if (turn is null)
            {
                waiting[key] = turn = new Turn(read);
            }
        }

        return turn.Answer.WaitAsync(cancellation);
    }

    private async Task TakeTurnsAsync(TKey key, Turn first)
    {
        for (var turn = first; turn is not null; turn = TakeNext(key))
        {
            var pause = Task.Delay(interval, time);
            turn.Begin();
            // Whoever asked for it is told if it has failed. The next one is another try.
            await ((Task)turn.Answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await pause;
        }
    }

    private Turn? TakeNext(TKey key)
    {
        lock (gate)
        {
            if (waiting[key] is not { } next)
            {
                waiting.Remove(key);
                return null;
            }

            waiting[key] = null;
            return next;
        }
    }

    /// <summary>A read that counts, and is traced, as that of whoever was the first to ask for it.</summary>
    private sealed class Turn
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Turn(Func<Task<TAnswer>> read) => Answer = ReadAsync(read);

        public Task<TAnswer> Answer { get; }

        public void Begin() => begun.SetResult();

        private async Task<TAnswer> ReadAsync(Func<Task<TAnswer>> read)
        {
            await begun.Task;
            return await read();
        }
    }
}
