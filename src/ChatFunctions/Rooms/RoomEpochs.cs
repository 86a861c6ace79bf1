using ChatFunctions.Errors;
using ChatFunctions.Work;

namespace ChatFunctions.Rooms;

/// <summary>
/// The epochs of private rooms. Momento cannot revoke a token; but a token opens the topics of one epoch, and whoever is out is never told
/// of the next. Whoever changes a room so that an epoch ends has an intent first, so that its listeners are told in any case.
/// </summary>
public sealed class RoomEpochs(PrivateRoomStore store, IntentStore intents, TopicNames names, TimeProvider time)
{
    /// <summary>How often a room is read anew that others change meanwhile.</summary>
    private const int MaxAttempts = 10;

    /// <summary>A room where many come and go does not move each time: those who have left hear on for so long at most.</summary>
    private static readonly TimeSpan LeaveTime = TimeSpan.FromMinutes(1);

    /// <summary>Where a room is spoken to now.</summary>
    /// <param name="Topics">Null if the room is gone.</param>
    /// <param name="Ended">The epoch that this look has ended; its listeners are to be told.</param>
    public sealed record Place(RoomTopics? Topics, EndedEpoch? Ended);

    /// <summary>
    /// Finds where a room is spoken to: a point read of a private room. If somebody has left it a minute ago or earlier, the next epoch is
    /// begun first, which takes two more transactions. A public room's topics never change.
    /// </summary>
    public async Task<Place> FindPlaceAsync(Room room, CancellationToken cancellation)
    {
        if (room.Visibility == Room.Public) return new Place(room.Topics, null);
        EndedEpoch? ended = null;
        for (var attempt = 0; attempt < MaxAttempts; attempt++)
        {
            var now = await store.FindRoomAsync(room.ChatId, cancellation);
            if (now is not { IsDeleted: false }) return new Place(null, null);
            if (!now.IsLeft || now.EpochDue > time.GetUtcNow() - LeaveTime) return new Place(names.Of(now), ended);
            ended = await BeginEndAsync(now, cancellation);
            // If it fails, somebody else has changed the room, or the answer was lost: the next look tells.
            await store.TryChangeAsync(now, now.NextEpoch(), [], cancellation);
        }

        throw ChatException.Unavailable(TimeSpan.FromSeconds(1));
    }

    /// <summary>Before the change that ends a room's epoch: one transaction.</summary>
    public async Task<EndedEpoch> BeginEndAsync(PrivateRoomEntity room, CancellationToken cancellation)
    {
        var chatId = room.PartitionKey;
        var intent = await intents.BeginAsync(Intent.TellMoved, chatId, chatId, cancellation, epoch: room.Epoch);
        return new EndedEpoch(names.Of(room), intent);
    }
}
