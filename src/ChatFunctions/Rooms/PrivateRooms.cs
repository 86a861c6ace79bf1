using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Members;
using Microsoft.AspNetCore.Http;

namespace ChatFunctions.Rooms;

/// <summary>Makes, finds and lists private rooms.</summary>
public sealed class PrivateRooms(PrivateRoomTable table, TimeProvider time)
{
    private const int MaxParallelReads = 16;

    /// <summary>
    /// An entry of a user's list is written before the user is let in. One that leads nowhere may be of a request that is still
    /// running; after this time it is not.
    /// </summary>
    private static readonly TimeSpan EntryGrace = TimeSpan.FromMinutes(10);

    /// <summary>Makes a room of which the caller is owner and member: two transactions.</summary>
    public async Task<PrivateRoom> CreateAsync(ChatName name, Caller owner, CancellationToken cancellation)
    {
        var room = new PrivateRoom
        {
            PartitionKey = PrivateRoomId.Create(),
            ChatName = name.Text,
            CreatedAt = time.GetUtcNow(),
            CreatedById = owner.UserId,
            CreatedByName = owner.Name,
        };
        var member = Member.Create(room.PartitionKey, owner, room.CreatedAt);
        await table.Client.UpsertEntityAsync(RoomOfUser.Create(owner.UserId, room), TableUpdateMode.Replace, cancellation);
        try
        {
            await table.Client.SubmitTransactionAsync(
                [new(TableTransactionActionType.Add, room), new(TableTransactionActionType.Add, member)], cancellation);
        }
        catch (RequestFailedException error) when (error.Status == StatusCodes.Status409Conflict)
        {
            // The id is random, so what is in the way is this very room: its answer was lost, and the client library repeated it.
        }

        return room;
    }

    /// <summary>The room, if this user may enter it: one transaction, whatever the answer.</summary>
    public async Task<PrivateRoom?> FindAsync(string chatId, string userId, CancellationToken cancellation) =>
        (await table.ReadAsync(chatId, [Member.RowOf(userId)], cancellation)).RoomFor(userId);

    /// <summary>The private rooms that a user may enter, by id: one transaction, and one for each of them.</summary>
    /// <param name="userId">Whose rooms. Nobody else's are read.</param>
    /// <param name="prefix">The beginning of their names.</param>
    /// <param name="after">The id of the last room already shown, or null.</param>
    /// <param name="limit">The most to return.</param>
    public async Task<List<PrivateRoom>> ListAsync(
        string userId, NamePrefix prefix, string? after, int limit, CancellationToken cancellation)
    {
        var range = TableClient.CreateQueryFilter($"PartitionKey eq {RoomOfUser.PartitionOf(userId)} and RowKey gt {after ?? ""}");
        var names = string.Join(" or ", prefix.Keys.Select(key =>
            TableClient.CreateQueryFilter($"(NameKey ge {key} and NameKey lt {RoomKey.End(key)})")));
        var rooms = new List<PrivateRoom>();
        await foreach (var page in table.Client.QueryAsync<RoomOfUser>($"{range} and ({names})", limit, null, cancellation).AsPages())
        {
            foreach (var entries in page.Values.Chunk(MaxParallelReads))
            {
                var found = await Task.WhenAll(entries.Select(entry => CheckAsync(userId, entry, cancellation)));
                rooms.AddRange(found.OfType<PrivateRoom>());
                if (rooms.Count >= limit) return rooms[..limit];
            }
        }

        return rooms;
    }

    private async Task<PrivateRoom?> CheckAsync(string userId, RoomOfUser entry, CancellationToken cancellation)
    {
        var room = await FindAsync(entry.RowKey, userId, cancellation);
        if (room is null && entry.Timestamp < time.GetUtcNow() - EntryGrace) await DropAsync(entry, cancellation);
        return room;
    }

    /// <summary>An entry that was written anew meanwhile stays: its user is on the way in.</summary>
    private async Task DropAsync(RoomOfUser entry, CancellationToken cancellation)
    {
        try
        {
            await table.Client.DeleteEntityAsync(entry.PartitionKey, entry.RowKey, entry.ETag, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == StatusCodes.Status412PreconditionFailed)
        {
        }
    }
}
