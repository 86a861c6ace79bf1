using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Rooms;

namespace ChatFunctions.Members;

/// <summary>Lists and removes the members of private rooms.</summary>
public sealed class MemberService(PrivateRoomStore table)
{
    /// <summary>A room's members by user id: one transaction. Ask only for who may enter it.</summary>
    /// <param name="after">The user id of the last member already shown, or null.</param>
    public async Task<List<MemberEntity>> ListAsync(PrivateRoomEntity room, string? after, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {room.PartitionKey} and RowKey gt {MemberEntity.RowOf(after ?? "")} and RowKey lt {MemberEntity.RowsEnd}");
        return await table.Client.QueryAsync<MemberEntity>(filter, limit, null, cancellation).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>
    /// The owner removes a member, or a member leaves. All invitations to the room are void from then on, or whoever was removed
    /// would walk back in. Their entry in their own list leads nowhere then, and is dropped when they next list their rooms.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>, <see cref="ErrorCode.NotOwner"/>,
    /// <see cref="ErrorCode.OwnerCannotLeave"/> or <see cref="ErrorCode.MemberNotFound"/>.</exception>
    public async Task RemoveAsync(string chatId, string callerId, string userId, CancellationToken cancellation)
    {
        for (var attempt = 1; ; attempt++)
        {
            var rows = await table.ReadAsync(chatId, [MemberEntity.RowOf(callerId), MemberEntity.RowOf(userId)], cancellation);
            // A batch that seems to have failed may be one whose answer was lost.
            if (attempt > 1 && rows.Room is { IsDeleted: false } && !rows.HasMember(userId)) return;
            var room = rows.RoomFor(callerId) ?? throw new ChatException(ErrorCode.RoomNotFound);
            if (userId == callerId && room.CreatedById == callerId) throw new ChatException(ErrorCode.OwnerCannotLeave);
            if (userId != callerId && room.CreatedById != callerId) throw new ChatException(ErrorCode.NotOwner);
            if (!rows.HasMember(userId)) throw new ChatException(ErrorCode.MemberNotFound);

            var member = new TableEntity(chatId, MemberEntity.RowOf(userId));
            var isOut = await table.TryChangeAsync(
                room,
                new() { [nameof(PrivateRoomEntity.InvitationGeneration)] = room.InvitationGeneration + 1 },
                [new(TableTransactionActionType.Delete, member, ETag.All)],
                cancellation);
            if (isOut) return;
        }
    }
}
