using ChatFunctions.Errors;
using ChatFunctions.Momento;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Rooms;

/// <summary>Speaks to those who listen to a room's events.</summary>
public sealed partial class RoomPublisher(
    RoomEpochs epochs, RoomAnnouncer announcer, TopicPublisher topics, TimeProvider time, ILogger<RoomPublisher> log) : IDisposable
{
    private readonly CancellationTokenSource stopping = new();

    /// <summary>Never throws. Takes a point read of a private room, and at most a second at Momento.</summary>
    /// <param name="room">As somebody entered it.</param>
    /// <param name="json">The event, at most <see cref="TopicPublisher.MaxBytes"/>.</param>
    /// <param name="priority">Which events are dropped first.</param>
    /// <returns>False if listeners may not have it. A room that is gone has none.</returns>
    public async Task<bool> TryPublishAsync(Room room, string json, PublishPriority priority)
    {
        try
        {
            // Looked for after what is told is kept: whoever was removed before that does not hear this topic. It is not spoken to later than
            // a second after the look, so that who is removed now hears it for so long at most.
            var lookedAt = time.GetTimestamp();
            var place = await epochs.FindPlaceAsync(room, stopping.Token);
            if (place.Ended is { } ended) _ = announcer.TellMovedAsync(ended);
            return place.Topics is not { } now
                || await topics.PublishAsync(now.Events, json, priority, lookedAt, stopping.Token) == PublishResult.Published;
        }
        catch (Exception error) when (error is ChatException || ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            LogNoTopic(error);
            return false;
        }
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not tell where a room is to be spoken to.")]
    private partial void LogNoTopic(Exception error);
}
