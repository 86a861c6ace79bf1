using System.Collections.Concurrent;
using ChatFunctions.Moderation;

namespace ChatFunctions.Tests.Moderation;

/// <summary>A team's own review, that does what a test says.</summary>
public sealed class ScriptedReview(Func<MessageToReview, CancellationToken, Task<ReviewAnswer>> script) : IMessageReview
{
    private readonly ConcurrentQueue<MessageToReview> asked = new();

    public ScriptedReview(Func<string, ReviewAnswer> script) : this((message, _) => Task.FromResult(script(message.Text)))
    {
    }

    public Func<MessageToReview, CancellationToken, Task<ReviewAnswer>> Script { get; set; } = script;

    /// <summary>All that it was asked about, in order.</summary>
    public IReadOnlyList<MessageToReview> Asked => [.. asked];

    public Task<ReviewAnswer> ReviewAsync(MessageToReview message, CancellationToken cancellation)
    {
        asked.Enqueue(message);
        return Script(message, cancellation);
    }
}
