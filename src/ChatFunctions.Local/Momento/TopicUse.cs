namespace ChatFunctions.Local.Momento;

/// <summary>A subscriber's hold on a topic.</summary>
public sealed class TopicUse(Topic topic, Action end) : IDisposable
{
    public Topic Topic => topic;

    public void Dispose() => end();
}
