using Azure;
using Azure.Data.Tables;
using ChatFunctions.Http;
using ChatFunctions.Rooms;

namespace ChatFunctions.Members;

/// <summary>Lists the members of private rooms, and sees them off.</summary>
public sealed class Memberships(PrivateRoomTable table)
{
    /// <summary>A room's members by user id: one transaction. Ask only for who may enter it.</summary>
    /// <param name="after">The user id of the last member already shown, or null.</param>
    public async Task<List<Member>> ListAsync(PrivateRoom room, string? after, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {room.PartitionKey} and RowKey gt {Member.RowOf(after ?? "")} and RowKey lt {Member.RowsEnd}");
        return await table.Client.QueryAsync<Member>(filter, limit, null, cancellation).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>
    /// The owner removes a member, or a member leaves. All invitations to the room are void from then on, or whoever was removed
    /// would walk back in. Their entry in their own list leads nowhere then, and is dropped when they next list their rooms.
    /// </summary>
    /// <returns>Null when they are out; otherwise why not.</returns>
    public async Task<Problem?> RemoveAsync(string chatId, string callerId, string userId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rows = await table.ReadAsync(chatId, [Member.RowOf(callerId), Member.RowOf(userId)], cancellation);
            // A batch that seems to have failed may be one whose answer was lost.
            if (attempt > 1 && rows.Room is { IsDeleted: false } && !rows.HasMember(userId)) return null;
            if (rows.RoomFor(callerId) is not { } room) return Problem.RoomNotFound();
            if (userId == callerId && room.CreatedById == callerId) return Problem.OwnerCannotLeave();
            if (userId != callerId && room.CreatedById != callerId) return Problem.NotOwner();
            if (!rows.HasMember(userId)) return Problem.MemberNotFound();

            var member = new TableEntity(chatId, Member.RowOf(userId));
            var isOut = await table.TryChangeAsync(
                room,
                new() { [nameof(PrivateRoom.InvitationGeneration)] = room.InvitationGeneration + 1 },
                [new(TableTransactionActionType.Delete, member, ETag.All)],
                cancellation);
            if (isOut) return null;
        }
    }
}
