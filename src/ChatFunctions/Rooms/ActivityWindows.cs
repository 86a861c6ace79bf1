using ChatFunctions.Work;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Rooms;

/// <summary>
/// When this instance writes what was said last in a public room: half a minute after a message, for all that were kept until then. So each
/// room costs it five transactions in 30 s at most, however much is said, and what was said last before a silence is told, too. An intent is
/// there before the first message is kept, so that the chores write it if this instance ends before.
/// </summary>
public sealed partial class ActivityWindows(
    PublicActivity activity, IntentStore intents, TimeProvider time, ILogger<ActivityWindows> log) : IDisposable
{
    private static readonly TimeSpan Length = TimeSpan.FromSeconds(30);

    /// <summary>The longest that a message waits for the intent, which usually takes a few milliseconds.</summary>
    private static readonly TimeSpan MaxWait = TimeSpan.FromMilliseconds(250);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();

    /// <summary>By the room's random id.</summary>
    private readonly Dictionary<string, Window> open = [];

    /// <summary>Before a message is kept. Takes one transaction for the first message in 30 s, and never throws.</summary>
    /// <returns>To be disposed of once the message is kept; null for a private room, of which its log tells at once.</returns>
    public async Task<IDisposable?> EnterAsync(Room room)
    {
        if (room.Visibility != Room.Public) return null;
        var window = Enter(room);
        await window.Begun.WaitAsync(MaxWait, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return window;
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private Window Enter(Room room)
    {
        lock (gate)
        {
            if (!open.TryGetValue(room.LogId, out var window))
            {
                open[room.LogId] = window = new Window();
                var (stop, end) = (stopping.Token, Task.Delay(Length, time, stopping.Token));
                _ = Task.Run(() => RunAsync(room, window, end, stop), CancellationToken.None);
            }

            window.Enter();
            return window;
        }
    }

    private async Task RunAsync(Room room, Window window, Task end, CancellationToken stop)
    {
        var intent = await TryBeginAsync(room, stop);
        window.Begin();
        await end;
        lock (gate) open.Remove(room.LogId);
        await window.CloseAsync();
        try
        {
            await activity.WriteAsync(room.ChatId, room.LogId, stop);
            if (intent is not null) await intents.EndAsync(intent, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogNotWritten(error);
        }
    }

    /// <returns>Null where that fails: the message is to be kept all the same.</returns>
    private async Task<Intent?> TryBeginAsync(Room room, CancellationToken stop)
    {
        try
        {
            return await intents.BeginAsync(Intent.WriteActivity, room.ChatId, room.LogId, stop);
        }
        catch (Exception error) when (!stop.IsCancellationRequested)
        {
            LogNoIntent(error);
            return null;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not take what was said last in a room. The chores, or the next message, try again.")]
    private partial void LogNotWritten(Exception error);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not take the intent to tell what was said last in a room.")]
    private partial void LogNoIntent(Exception error);

    /// <summary>Of a room, and the messages that are being kept in it.</summary>
    private sealed class Window : IDisposable
    {
        private readonly TaskCompletionSource begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource left = new(TaskCreationOptions.RunContinuationsAsynchronously);

        /// <summary>Messages, and one more until it is closed.</summary>
        private int inside = 1;

        /// <summary>Its intent is written, or cannot be.</summary>
        public Task Begun => begun.Task;

        public void Begin() => begun.SetResult();

        public void Enter() => Interlocked.Increment(ref inside);

        /// <summary>A message is kept, or is not.</summary>
        public void Dispose()
        {
            if (Interlocked.Decrement(ref inside) == 0) left.SetResult();
        }

        /// <returns>Ends when all messages that were being kept are. Nobody enters any more.</returns>
        public Task CloseAsync()
        {
            Dispose();
            return left.Task;
        }
    }
}
