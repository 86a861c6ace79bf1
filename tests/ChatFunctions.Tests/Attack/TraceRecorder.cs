using System.Collections.Concurrent;
using System.Diagnostics;

namespace ChatFunctions.Tests.Attack;

/// <summary>Keeps every activity of the process that ends, of whatever source, with all that it carries.</summary>
public sealed class TraceRecorder : IDisposable
{
    private readonly ConcurrentQueue<string> activities = new();
    private readonly ActivityListener listener;

    public TraceRecorder()
    {
        listener = new ActivityListener
        {
            ShouldListenTo = _ => true,
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = activity => activities.Enqueue(Describe(activity)),
        };
        ActivitySource.AddActivityListener(listener);
    }

    public IReadOnlyCollection<string> Activities => activities;

    public void Dispose() => listener.Dispose();

    private static string Describe(Activity activity) => string.Join('\n', [
        $"{activity.Source.Name} {activity.OperationName} {activity.DisplayName}",
        $"{activity.StatusDescription} {activity.TraceStateString}",
        .. activity.TagObjects.Select(Describe),
        .. activity.Baggage.Select(item => $"{item.Key}={item.Value}"),
        .. activity.Events.Select(happened => $"{happened.Name} {string.Join(' ', happened.Tags.Select(Describe))}"),
    ]);

    private static string Describe(KeyValuePair<string, object?> tag) => $"{tag.Key}={tag.Value}";
}
