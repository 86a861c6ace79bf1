using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Presence;
using ChatFunctions.Rooms;

namespace ChatFunctions.Members;

/// <summary>Lists and removes the members of private rooms.</summary>
public sealed class MemberService(
    PrivateRoomStore store, RoomList list, RoomEpochs epochs, RoomAnnouncer announcer, InvitationService invitations, PresenceService presence,
    TopicNames topics, TimeProvider time)
{
    /// <summary>A room's members by user id: one transaction. Ask only for who may enter it.</summary>
    /// <param name="after">The user id of the last member already shown, or null.</param>
    public async Task<List<MemberEntity>> ListAsync(PrivateRoomEntity room, string? after, int limit, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {room.PartitionKey} and RowKey gt {MemberEntity.RowOf(after ?? "")} and RowKey lt {MemberEntity.RowsEnd}");
        return await store.Client.QueryAsync<MemberEntity>(filter, limit, null, cancellation).Take(limit).ToListAsync(cancellation);
    }

    /// <summary>
    /// The owner removes somebody, member or not: all invitations to the room are void then, or whoever was removed would walk back in,
    /// and a new epoch begins, of which its listeners are told.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.NotOwner"/>.</exception>
    public Task RemoveAsync(string chatId, string callerId, string userId, CancellationToken cancellation) =>
        RemoveAsync(chatId, callerId, userId, _ => Task.FromResult<IReadOnlyList<TableTransactionAction>>([]), cancellation);

    /// <inheritdoc cref="RemoveAsync(string, string, string, CancellationToken)"/>
    /// <param name="alongside">What else changes in the room's partition in the same batch, by the member's row, or null.</param>
    public async Task RemoveAsync(
        string chatId, string callerId, string userId, Func<MemberEntity?, Task<IReadOnlyList<TableTransactionAction>>> alongside,
        CancellationToken cancellation)
    {
        // More than one where the answer to a batch was lost: it has ended one, and the next attempt another.
        var ended = new Dictionary<string, EndedEpoch>();
        PrivateRoomEntity? left = null;
        await store.DecideAsync(async () =>
        {
            var room = left = await store.GetForMemberAsync(chatId, callerId, cancellation);
            if (room.Owner != callerId) throw new ChatException(ErrorCode.NotOwner);
            var member = await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(userId), cancellation);
            var others = await alongside(member);
            if (!ended.ContainsKey(room.Epoch)) ended[room.Epoch] = await epochs.BeginEndAsync(room, cancellation);
            Dictionary<string, object> change = new(room.NextEpoch())
            {
                [nameof(PrivateRoomEntity.InvitationGeneration)] = room.InvitationGeneration + 1,
                [nameof(PrivateRoomEntity.HasGuard)] = true,
            };
            if (!await TryEndAsync(userId, room, change, [.. RoomGuard.Replace(room), .. Delete(member), .. others], cancellation)) return false;
            // Who was none when the members were read may have come in before the batch, by an invitation that it has voided.
            return member is not null || await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(userId), cancellation) is null;
        }, cancellation);
        await Task.WhenAll([.. ended.Values.Select(announcer.TellMovedAsync), presence.EndAllAsync(left!.ToRoom(topics), userId)]);
    }

    /// <summary>A member leaves. Their own invitations are void then, and others' are not; the next epoch is due.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/> or <see cref="ErrorCode.OwnerCannotLeave"/>.</exception>
    public async Task LeaveAsync(string chatId, string userId, CancellationToken cancellation)
    {
        PrivateRoomEntity? left = null;
        await store.DecideAsync(async () =>
        {
            var room = await store.FindRoomAsync(chatId, cancellation);
            var member = await store.FindAsync<MemberEntity>(chatId, MemberEntity.RowOf(userId), cancellation);
            // A batch that seems to have failed may be one whose answer was lost.
            if (member is null && left is not null) return true;
            if (room is not { IsDeleted: false } || member is null) throw new ChatException(ErrorCode.RoomNotFound);
            if (room.Owner == userId) throw new ChatException(ErrorCode.OwnerCannotLeave);
            left = room;
            var own = (await invitations.ListAsync(chatId, cancellation)).FindAll(invitation => invitation.CreatedById == userId);
            Dictionary<string, object> change = new(room.Leave(time.GetUtcNow()))
            {
                [nameof(PrivateRoomEntity.Departures)] = room.Departures + 1,
                [nameof(PrivateRoomEntity.HasGuard)] = true,
            };
            return await TryEndAsync(
                userId, room, change, [.. RoomGuard.Replace(room), .. Delete(member), .. own.SelectMany(Delete)], cancellation);
        }, cancellation);
        await presence.EndAllAsync(left!.ToRoom(topics), userId);
    }

    /// <summary>Makes the changes that end somebody's membership, and has the room go from their list.</summary>
    private async Task<bool> TryEndAsync(
        string userId, PrivateRoomEntity room, Dictionary<string, object> change, TableTransactionAction[] others, CancellationToken cancellation)
    {
        var entry = await list.DoubtAsync(userId, room.PartitionKey, cancellation);
        if (!await store.TryChangeAsync(room, change, others, cancellation)) return false;
        if (entry is { } doubted) await list.DropAsync(userId, room.PartitionKey, doubted, cancellation);
        return true;
    }

    private static IEnumerable<TableTransactionAction> Delete(ITableEntity? row) =>
        row is null ? [] : [new(TableTransactionActionType.Delete, row, ETag.All)];
}
