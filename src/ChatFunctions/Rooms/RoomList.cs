using Azure;
using Azure.Data.Tables;
using ChatFunctions.Tables;

namespace ChatFunctions.Rooms;

/// <summary>
/// Each user's own list of private rooms, in a partition of its own: a listing reads no other. A room's partition and a list cannot
/// change together, so an entry is first written without being confirmed, and confirmed once its user is a member; it is doubted
/// before its user goes, and dropped then. An entry that is not confirmed is asked about at its room, whoever left it so: a call that
/// is still running, or one that was cut off.
/// </summary>
public sealed class RoomList(PrivateRoomStore store, TimeProvider time)
{
    private const int MaxParallelReads = 16;

    /// <summary>An entry that leads nowhere may be of a call that is still running; after this time it is not.</summary>
    private static readonly TimeSpan EntryGrace = TimeSpan.FromMinutes(1);

    /// <summary>The private rooms of a user, by id: one transaction, and three for each entry that is not confirmed.</summary>
    /// <param name="userId">Whose rooms.</param>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The id of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<List<Room>> ListAsync(string userId, NamePrefix prefix, string? after, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter($"PartitionKey eq {RoomListEntry.PartitionOf(userId)} and RowKey gt {after ?? ""}");
        if (prefix != NamePrefix.Any) filter += $" and ({FilterOf(prefix)})";
        var rooms = new List<Room>();
        await foreach (var page in store.Client.QueryAsync<RoomListEntry>(filter, limit, null, cancellation).AsPages())
        {
            foreach (var entries in page.Values.Chunk(MaxParallelReads))
            {
                var found = await Task.WhenAll(entries.Select(entry => FindAsync(userId, entry, cancellation)));
                rooms.AddRange(found.OfType<Room>());
                if (rooms.Count >= limit) return rooms[..limit];
            }
        }

        return rooms;
    }

    /// <summary>Before somebody becomes a member: one transaction.</summary>
    /// <returns>What <see cref="ConfirmAsync"/> takes.</returns>
    public async Task<ETag> AddAsync(string userId, PrivateRoomEntity room, CancellationToken cancellation) =>
        EntryOf(await store.Client.UpsertEntityAsync(RoomListEntry.Create(userId, room), TableUpdateMode.Replace, cancellation));

    /// <summary>After somebody has become a member: one transaction, and another if they went in the meantime.</summary>
    /// <param name="added">What <see cref="AddAsync"/> gave.</param>
    public async Task ConfirmAsync(string userId, PrivateRoomEntity room, ETag added, CancellationToken cancellation)
    {
        // Who goes in the meantime may also have come back by this call: the room is asked.
        if (!await TryConfirmAsync(userId, room, added, cancellation)) await AddAsync(userId, room, cancellation);
    }

    /// <summary>Before somebody goes, and where somebody asks for a room that they may not enter: one transaction.</summary>
    /// <returns>What <see cref="DropAsync"/> takes; null if there is no entry.</returns>
    public async Task<ETag?> DoubtAsync(string userId, string chatId, CancellationToken cancellation)
    {
        var doubt = new TableEntity(RoomListEntry.PartitionOf(userId), chatId) { [nameof(RoomListEntry.IsConfirmed)] = false };
        try
        {
            return EntryOf(await store.Client.UpdateEntityAsync(doubt, ETag.All, TableUpdateMode.Merge, cancellation));
        }
        catch (RequestFailedException error) when (TableStatus.IsOfRows(error))
        {
            return null;
        }
    }

    /// <summary>After somebody has gone: one transaction, and another if the entry was written anew in the meantime.</summary>
    /// <param name="doubted">What <see cref="DoubtAsync"/> gave.</param>
    public async Task DropAsync(string userId, string chatId, ETag doubted, CancellationToken cancellation)
    {
        // Whoever wrote it anew may have seen its user before they went.
        if (!await TryDropAsync(userId, chatId, doubted, cancellation)) await DoubtAsync(userId, chatId, cancellation);
    }

    private async Task<Room?> FindAsync(string userId, RoomListEntry entry, CancellationToken cancellation)
    {
        if (entry.IsConfirmed) return entry.ToRoom();
        var room = await store.FindForMemberAsync(entry.RowKey, userId, cancellation);
        // If the entry was written anew since it was read, it stays so.
        if (room is not null) await TryConfirmAsync(userId, room, entry.ETag, cancellation);
        else if (entry.Timestamp < time.GetUtcNow() - EntryGrace) await TryDropAsync(userId, entry.RowKey, entry.ETag, cancellation);
        return room is null ? null : RoomListEntry.Create(userId, room).ToRoom();
    }

    private Task<bool> TryConfirmAsync(string userId, PrivateRoomEntity room, ETag read, CancellationToken cancellation)
    {
        var entry = RoomListEntry.Create(userId, room);
        entry.IsConfirmed = true;
        return store.Client.TryReplaceAsync(entry, read, cancellation);
    }

    /// <returns>False if it was written anew since it was read. One that is gone is as good as dropped.</returns>
    private Task<bool> TryDropAsync(string userId, string chatId, ETag read, CancellationToken cancellation) =>
        store.Client.TryDeleteAsync(RoomListEntry.PartitionOf(userId), chatId, read, cancellation);

    private static string FilterOf(NamePrefix prefix) => string.Join(" or ", prefix.Keys.Select(key =>
        TableClient.CreateQueryFilter($"(NameKey ge {key} and NameKey lt {RoomKey.End(key)})")));

    private static ETag EntryOf(Response written) => written.Headers.ETag!.Value;
}
