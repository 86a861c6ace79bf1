using ChatFunctions.Errors;
using ChatFunctions.Momento;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Rooms;

/// <summary>Publishes on rooms' events topics, whatever they are called by now.</summary>
public sealed partial class RoomPublisher(
    RoomEpochs epochs, RoomAnnouncer announcer, TopicPublisher topics, TimeProvider time, ILogger<RoomPublisher> log)
{
    /// <summary>
    /// Never throws. Takes a point read of a private room, and at most a second at Momento. What is published must be kept before: the topic is
    /// looked for then, so that whoever was removed before does not hear it; and it is not spoken to later than a second after the look, so
    /// that who is removed now hears it for so long at most.
    /// </summary>
    /// <param name="room">As somebody entered it.</param>
    /// <param name="json">The event.</param>
    /// <returns>False if listeners may not have it. A room that is gone has none.</returns>
    public async Task<bool> TryPublishAsync(Room room, string json, PublishPriority priority, CancellationToken cancellation)
    {
        try
        {
            var lookedAt = time.GetTimestamp();
            var place = await epochs.FindPlaceAsync(room, cancellation);
            if (place.Ended is { } ended) _ = announcer.TellMovedAsync(ended);
            return place.Topics is not { } now
                || await topics.PublishAsync(now.Events, json, priority, lookedAt, cancellation) == PublishResult.Published;
        }
        catch (Exception error) when (error is ChatException || ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            LogNoTopic(error);
            return false;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not tell where an event is to be published.")]
    private partial void LogNoTopic(Exception error);
}
