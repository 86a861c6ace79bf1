using ChatFunctions.Identity;
using ChatFunctions.Momento;
using ChatFunctions.Rooms;

namespace ChatFunctions.Presence;

/// <summary>
/// Tells the listeners of a room who comes, goes and types: one event a room and second, and the first at once. Nothing is tried again, and what was
/// gathered ends with the instance: whoever asks who is here finds it.
/// </summary>
public sealed class PresenceEvents(RoomPublisher publisher, TimeProvider time) : IDisposable
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource stopping = new();
    private readonly Lock gate = new();

    /// <summary>What is to be told next, of rooms of which something was told within the last second.</summary>
    private readonly Dictionary<string, Gathered> gatheredByLog = [];

    public void Came(Room room, User person) => Add(room, gathered =>
    {
        gathered.Left.Remove(person.Id);
        gathered.Came[person.Id] = person;
    });

    public void Left(Room room, string userId) => Add(room, gathered =>
    {
        gathered.Came.Remove(userId);
        gathered.Typing.Remove(userId);
        gathered.Left.Add(userId);
    });

    public void Types(Room room, User person) => Add(room, gathered => gathered.Typing[person.Id] = person);

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    private void Add(Room room, Action<Gathered> add)
    {
        lock (gate)
        {
            var isRunning = gatheredByLog.TryGetValue(room.LogId, out var gathered);
            if (!isRunning) gatheredByLog[room.LogId] = gathered = new Gathered();
            add(gathered!);
            if (isRunning) return;
        }

        // It is nobody's call: its reads are not theirs to pay.
        using (ExecutionContext.SuppressFlow()) _ = Task.Run(() => TellAsync(room), CancellationToken.None);
    }

    private async Task TellAsync(Room room)
    {
        while (Take(room) is { } what)
        {
            var pause = Task.Delay(Interval, time, stopping.Token);
            await publisher.TryPublishAsync(room, what.ToEvent(room.ChatId), PublishPriority.Low);
            await pause.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested) return;
        }
    }

    /// <returns>Null if nothing is to be told: the room is forgotten then.</returns>
    private Gathered? Take(Room room)
    {
        lock (gate)
        {
            var gathered = gatheredByLog[room.LogId];
            if (gathered.IsEmpty) gatheredByLog.Remove(room.LogId);
            else gatheredByLog[room.LogId] = new Gathered();
            return gathered.IsEmpty ? null : gathered;
        }
    }

    /// <summary>Of one room. What is true of a person last is told.</summary>
    private sealed class Gathered
    {
        public Dictionary<string, User> Came { get; } = [];

        public HashSet<string> Left { get; } = [];

        public Dictionary<string, User> Typing { get; } = [];

        public bool IsEmpty => Came.Count + Left.Count + Typing.Count == 0;

        public string ToEvent(string chatId) => PresenceEvent.Of(chatId, Came.Values, Left, Typing.Values);
    }
}
