using ChatFunctions.MessageLog;

namespace ChatFunctions.Rooms;

/// <summary>What goes on in the rooms of a page, for one caller.</summary>
public sealed class RoomActivities(PrivateRoomStore privateRooms, RoomList list, PublicActivity publicActivity, LogTable logs, ReadMarks marks)
{
    /// <summary>Of a page.</summary>
    public const int MaxRooms = 25;

    private const int MaxParallelReads = 16;

    /// <summary>
    /// Three point reads for each private room, one for each public one, and what <see cref="PublicActivity.ListAsync"/> costs if there is one.
    /// Where the caller is not a member any more, a private room is one read and a transaction that doubts its entry in their list.
    /// </summary>
    /// <param name="rooms">What the caller is shown.</param>
    /// <param name="publicPage">The same page of public rooms for all callers, of which perhaps not all are shown.</param>
    /// <param name="prefix">By which these were listed.</param>
    /// <param name="userId">The caller.</param>
    /// <returns>The rooms. A private one that the caller may not enter has no activity.</returns>
    public async Task<List<Room>> AddAsync(
        List<Room> rooms, IReadOnlyList<Room> publicPage, NamePrefix prefix, string userId, CancellationToken cancellation)
    {
        IReadOnlyDictionary<string, PublicActivityEntity> publicOnes = rooms.Exists(room => room.Visibility == Room.Public)
            ? await publicActivity.ListAsync(prefix, publicPage, cancellation)
            : new Dictionary<string, PublicActivityEntity>();
        var found = new List<Room>(rooms.Count);
        foreach (var some in rooms.Chunk(MaxParallelReads))
        {
            found.AddRange(await Task.WhenAll(some.Select(async room => room with
            {
                Activity = room.Visibility == Room.Private
                    ? await FindAsync(room, userId, cancellation)
                    : await FindAsync(room, publicOnes.GetValueOrDefault(room.ChatId), userId, cancellation),
            })));
        }

        return found;
    }

    /// <summary>The log is read after the member: whoever was removed before that learns nothing of what was said since.</summary>
    private async Task<RoomActivity?> FindAsync(Room room, string userId, CancellationToken cancellation)
    {
        if (await privateRooms.FindAsync<MemberEntity>(room.ChatId, MemberEntity.RowOf(userId), cancellation) is not null)
        {
            // A private room's log has its id.
            var (head, mark) = (logs.ReadHeadAsync(room.ChatId, cancellation), marks.FindAsync(room.ChatId, userId, cancellation));
            await Task.WhenAll(head, mark);
            if (await head is { IsSealed: false } now) return ActivityOf(now.LastAt, now.Number, await mark);
        }

        await list.DoubtAsync(userId, room.ChatId, cancellation);
        return null;
    }

    /// <param name="row">Null where there is none of the room's key.</param>
    private async Task<RoomActivity> FindAsync(Room room, PublicActivityEntity? row, string userId, CancellationToken cancellation)
    {
        var readNumber = await marks.FindAsync(room.LogId, userId, cancellation);
        return row?.LogId == room.LogId ? ActivityOf(row.LastAt, row.Number, readNumber) : ActivityOf(null, 0, readNumber);
    }

    /// <summary>A mark is never beyond the last message: where it seems so, the number is the older.</summary>
    private static RoomActivity ActivityOf(DateTimeOffset? lastMessageAt, long number, long readNumber) =>
        new(lastMessageAt, Math.Max(number, readNumber), readNumber);
}
