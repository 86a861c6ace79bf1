using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;

namespace ChatFunctions.Rooms;

/// <summary>Makes and lists private rooms.</summary>
public sealed class PrivateRoomService(PrivateRoomStore store, TimeProvider time)
{
    private const int MaxParallelReads = 16;

    /// <summary>
    /// An entry of a user's list is written before the user is let in. One that leads nowhere may be of a request that is still
    /// running; after this time it is not.
    /// </summary>
    private static readonly TimeSpan EntryGrace = TimeSpan.FromMinutes(10);

    /// <summary>Makes a room of which the caller is owner and member: two transactions.</summary>
    public async Task<PrivateRoomEntity> CreateAsync(ChatName name, Caller owner, CancellationToken cancellation)
    {
        var room = PrivateRoomEntity.Create(name, owner, time.GetUtcNow());
        var member = MemberEntity.Create(room.PartitionKey, owner, room.CreatedAt);
        await store.Client.UpsertEntityAsync(RoomListEntry.Create(owner.UserId, room), TableUpdateMode.Replace, cancellation);
        TableTransactionAction[] batch =
        [
            new(TableTransactionActionType.Add, room), RoomGuard.Add(room), new(TableTransactionActionType.Add, member),
        ];
        // The id is random: a row of it that is in the way is this very room's, from a batch whose answer was lost.
        await store.DecideAsync(
            async () => await store.TrySubmitAsync(batch, cancellation) || await store.FindRoomAsync(room.PartitionKey, cancellation) is not null,
            cancellation);
        return room;
    }

    /// <summary>The private rooms that a user may enter, by id: one transaction, and two for each of them.</summary>
    /// <param name="userId">Whose rooms. Nobody else's are read.</param>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The id of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<List<PrivateRoomEntity>> ListAsync(
        string userId, NamePrefix prefix, string? after, int limit, CancellationToken cancellation)
    {
        var range = TableClient.CreateQueryFilter($"PartitionKey eq {RoomListEntry.PartitionOf(userId)} and RowKey gt {after ?? ""}");
        var names = string.Join(" or ", prefix.Keys.Select(key =>
            TableClient.CreateQueryFilter($"(NameKey ge {key} and NameKey lt {RoomKey.End(key)})")));
        var rooms = new List<PrivateRoomEntity>();
        await foreach (var page in store.Client.QueryAsync<RoomListEntry>($"{range} and ({names})", limit, null, cancellation).AsPages())
        {
            foreach (var entries in page.Values.Chunk(MaxParallelReads))
            {
                var found = await Task.WhenAll(entries.Select(entry => CheckAsync(userId, entry, cancellation)));
                rooms.AddRange(found.OfType<PrivateRoomEntity>());
                if (rooms.Count >= limit) return rooms[..limit];
            }
        }

        return rooms;
    }

    private async Task<PrivateRoomEntity?> CheckAsync(string userId, RoomListEntry entry, CancellationToken cancellation)
    {
        var room = await store.FindForMemberAsync(entry.RowKey, userId, cancellation);
        if (room is null && entry.Timestamp < time.GetUtcNow() - EntryGrace) await DropAsync(entry, cancellation);
        return room;
    }

    /// <summary>An entry that was written anew meanwhile stays: its user is on the way in.</summary>
    private async Task DropAsync(RoomListEntry entry, CancellationToken cancellation)
    {
        try
        {
            await store.Client.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, entry.ETag, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == TableStatus.PreconditionFailed)
        {
        }
    }
}
