using ChatFunctions.Local.Momento.Wire;
using Grpc.Core;

namespace ChatFunctions.Local.Momento;

/// <summary>
/// The topics of a cache. One is there once it is named, and forgotten when it has had neither subscribers nor messages for
/// long, or when many others have had since: who comes back to it then is told of a discontinuity.
/// </summary>
public sealed class Topics(MomentoServerOptions options, TimeProvider time)
{
    private readonly Lock gate = new();
    private readonly Dictionary<string, LinkedListNode<Entry>> entries = [];

    /// <summary>Those that nobody uses; what was used last is last.</summary>
    private readonly LinkedList<Entry> unused = new();

    private bool isClosed;

    /// <exception cref="RpcException">NOT_FOUND: the cache was deleted.</exception>
    public void Publish(string name, _TopicValue value, string publisherId)
    {
        lock (gate)
        {
            var entry = Enter(name);
            entry.Value.Topic.Publish(value, publisherId);
            Leave(entry);
        }
    }

    /// <summary>Until the use is disposed, the topic is not forgotten.</summary>
    /// <exception cref="RpcException">NOT_FOUND: the cache was deleted.</exception>
    public TopicUse Use(string name)
    {
        lock (gate)
        {
            var entry = Enter(name);
            return new TopicUse(entry.Value.Topic, () =>
            {
                lock (gate) Leave(entry);
            });
        }
    }

    /// <summary>The cache was deleted: ends every stream.</summary>
    public void Close()
    {
        lock (gate)
        {
            isClosed = true;
            foreach (var entry in entries.Values) entry.Value.Topic.Close();
        }
    }

    private LinkedListNode<Entry> Enter(string name)
    {
        if (isClosed) throw Caches.NotFound();
        Forget();
        if (!entries.TryGetValue(name, out var entry))
            entries[name] = entry = new LinkedListNode<Entry>(new Entry(name, new Topic(options.HistoryPerTopic)));
        if (entry.List is not null) unused.Remove(entry);
        entry.Value.Users++;
        return entry;
    }

    private void Leave(LinkedListNode<Entry> entry)
    {
        if (--entry.Value.Users > 0) return;
        entry.Value.LastUse = time.GetUtcNow();
        unused.AddLast(entry);
        Forget();
    }

    private void Forget()
    {
        var end = time.GetUtcNow() - options.UnusedTopicLifetime;
        while (unused.First is { } first && (unused.Count > options.MaxUnusedTopics || first.Value.LastUse <= end))
        {
            unused.RemoveFirst();
            entries.Remove(first.Value.Name);
        }
    }

    private sealed class Entry(string name, Topic topic)
    {
        public string Name => name;
        public Topic Topic => topic;
        public int Users { get; set; }
        public DateTimeOffset LastUse { get; set; }
    }
}
