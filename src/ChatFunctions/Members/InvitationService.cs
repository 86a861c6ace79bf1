using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Members;

/// <summary>Makes and accepts invitations to private rooms.</summary>
public sealed class InvitationService(PrivateRoomStore table, IOptions<InvitationOptions> options, TimeProvider time)
{
    /// <summary>Table Storage takes at most 100 changes in a batch, and two are the room's and the new invitation's.</summary>
    private const int MaxVoidToDelete = 98;

    /// <summary>Makes an invitation that anyone may accept, any number of them, until it expires or a member leaves.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: there is none that the caller may enter.</exception>
    public async Task<(InvitationCode Code, DateTimeOffset ExpiresAt)> CreateAsync(
        string chatId, Caller maker, CancellationToken cancellation)
    {
        var code = InvitationCode.Create(chatId);
        var expiresAt = time.GetUtcNow() + options.Value.Lifetime;
        while (true)
        {
            var rows = await table.ReadAsync(chatId, [code.Row, MemberEntity.RowOf(maker.UserId)], cancellation);
            var room = rows.RoomFor(maker.UserId) ?? throw new ChatException(ErrorCode.RoomNotFound);
            // A batch that seems to have failed may be one whose answer was lost.
            if (rows.Find(code.Row) is not null) return (code, expiresAt);
            var invitation = new InvitationEntity
            {
                PartitionKey = chatId,
                RowKey = code.Row,
                ExpiresAt = expiresAt,
                Generation = room.InvitationGeneration,
                CreatedById = maker.UserId,
            };
            var voidOnes = await FindVoidAsync(room, cancellation);
            var changes = voidOnes.Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All))
                .Append(new TableTransactionAction(TableTransactionActionType.Add, invitation));
            if (await table.TryChangeAsync(room, [], changes, cancellation)) return (code, expiresAt);
        }
    }

    /// <summary>Void and expired invitations, as many as one batch deletes: each new one makes room for itself.</summary>
    private async Task<List<TableEntity>> FindVoidAsync(PrivateRoomEntity room, CancellationToken cancellation)
    {
        var all = TableClient.CreateQueryFilter(
            $"PartitionKey eq {room.PartitionKey} and RowKey ge {InvitationCode.RowsStart} and RowKey lt {InvitationCode.RowsEnd}");
        var isVoid = TableClient.CreateQueryFilter($"ExpiresAt lt {time.GetUtcNow()} or Generation lt {room.InvitationGeneration}");
        return await table.Client.QueryAsync<TableEntity>($"{all} and ({isVoid})", MaxVoidToDelete, ["PartitionKey", "RowKey"], cancellation)
            .Take(MaxVoidToDelete).ToListAsync(cancellation);
    }

    /// <summary>Lets the caller in. Who is in already, is let in again.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.InvitationNotFound"/>: it is unknown, void or expired.</exception>
    public async Task<PrivateRoomEntity> AcceptAsync(InvitationCode code, Caller caller, CancellationToken cancellation)
    {
        while (true)
        {
            var rows = await table.ReadAsync(code.ChatId, [code.Row, MemberEntity.RowOf(caller.UserId)], cancellation);
            if (rows.RoomFor(caller.UserId) is { } entered) return entered;
            if (rows.Room is not { IsDeleted: false } room || rows.Find(code.Row) is not { } invitation
                || !InvitationEntity.IsValid(invitation, room, time.GetUtcNow()))
            {
                throw new ChatException(ErrorCode.InvitationNotFound);
            }

            // First the list, then access: a crash in between leaves an entry that leads nowhere, never a member who sees nothing.
            await table.Client.UpsertEntityAsync(RoomListEntry.Create(caller.UserId, room), TableUpdateMode.Replace, cancellation);
            var member = MemberEntity.Create(room.PartitionKey, caller, time.GetUtcNow());
            if (await table.TryChangeAsync(room, [], [new(TableTransactionActionType.Add, member)], cancellation)) return room;
        }
    }
}
