using ChatFunctions.Errors;
using ChatFunctions.Momento;
using ChatFunctions.Work;
using Microsoft.Extensions.Logging;

namespace ChatFunctions.Rooms;

/// <summary>
/// Tells the listeners of a topic that nothing more will come there. It only makes them faster: whoever misses it finds out with their next
/// look, and what is said there is a hint to ask, never a fact, since on a direct topic anybody may say it.
/// </summary>
public sealed partial class RoomAnnouncer(
    PrivateRoomStore rooms, IntentStore intents, TopicNames names, TopicPublisher publisher, TimeProvider time, ILogger<RoomAnnouncer> log)
    : IDisposable
{
    /// <summary>So many are back in a second.</summary>
    private const int ReturnsPerSecond = 100;

    /// <summary>In seconds: nobody is away for longer than a minute.</summary>
    private const int MaxSpread = 50;

    /// <summary>Of those who may not have heard it: somebody may have been without a connection for a moment.</summary>
    private static readonly TimeSpan[] RepeatDelays = [TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(8)];

    private readonly CancellationTokenSource stopping = new();

    /// <summary>
    /// Says it at once, and 2 and 10 s later, to the listeners of an epoch that has ended. Takes a transaction for each 1,000 members, at most
    /// a second at Momento, and never throws.
    /// </summary>
    public async Task TellMovedAsync(EndedEpoch ended)
    {
        var moved = RoomEvent.Moved(await SpreadAsync(ended.Intent.ChatId));
        var isTold = await TellAsync(ended.Topics, moved);
        _ = Task.Run(() => RepeatAsync(ended, moved, isTold), CancellationToken.None);
    }

    /// <summary>Says it to the listeners of a room that is deleted. Takes at most a second, and never throws.</summary>
    /// <param name="intent">The deletion's.</param>
    public Task TellDeletedAsync(Intent intent) => TellAsync(
        intent.What == Intent.DeletePrivateRoom ? names.OfPrivate(intent.ChatId, intent.Epoch) : names.OfPublic(intent.LogId), RoomEvent.Deleted(1));

    /// <summary>Says once more what an instance has begun to say that may not live any more.</summary>
    public async Task FinishAsync(Intent intent, CancellationToken cancellation)
    {
        if (await rooms.FindRoomAsync(intent.ChatId, cancellation) is not { IsDeleted: false } room || room.Epoch == intent.Epoch) return;
        await TellAsync(names.OfPrivate(intent.ChatId, intent.Epoch), RoomEvent.Moved(await SpreadAsync(intent.ChatId)));
    }

    public void Dispose()
    {
        stopping.Cancel();
        stopping.Dispose();
    }

    /// <summary>Where Momento has taken it none of these times, the chores try once more.</summary>
    private async Task RepeatAsync(EndedEpoch ended, string moved, bool isTold)
    {
        try
        {
            foreach (var delay in RepeatDelays)
            {
                await Task.Delay(delay, time, stopping.Token);
                isTold |= await TellAsync(ended.Topics, moved);
            }

            if (isTold) await intents.EndAsync(ended.Intent, stopping.Token);
        }
        catch (Exception error) when (error is OperationCanceledException || ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            // The intent is still there.
        }
    }

    private async Task<bool> TellAsync(RoomTopics topics, string json)
    {
        var results = await Task.WhenAll(new[] { topics.Events, topics.Direct }.Select(topic =>
            publisher.PublishAsync(topic, json, PublishPriority.Ordinary, time.GetTimestamp(), stopping.Token)));
        return results[0] == PublishResult.Published;
    }

    private async Task<int> SpreadAsync(string chatId)
    {
        try
        {
            var members = await rooms.CountMembersAsync(chatId, MaxSpread * ReturnsPerSecond, stopping.Token);
            return Math.Max(1, members / ReturnsPerSecond);
        }
        catch (Exception error) when (ServiceFailure.ServiceOf(error, ServiceFailure.TableStorage) is not null)
        {
            LogNoCount(error);
            return MaxSpread;
        }
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Table Storage does not tell how many members are to move.")]
    private partial void LogNoCount(Exception error);
}
