using Azure;
using Azure.Data.Tables;
using ChatFunctions.Errors;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using ChatFunctions.Tables;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Members;

/// <summary>Makes and accepts invitations to private rooms.</summary>
public sealed class InvitationService(
    PrivateRoomStore store, RoomList list, BanStore bans, IOptions<InvitationOptions> options, TimeProvider time)
{
    /// <summary>In one room at once.</summary>
    private const int MaxValid = 20;

    /// <summary>In one batch, in which two actions are the room's and the new invitation's.</summary>
    private const int MaxVoidToDelete = TableWrites.MaxBatch - 2;

    /// <summary>An invitation that was made, and its code.</summary>
    public sealed record Made(InvitationCode Code, DateTimeOffset ExpiresAt);

    /// <summary>
    /// Makes an invitation that any number of people may accept, until it expires, its maker leaves, or anybody is removed from the
    /// room: three reads and a batch.
    /// </summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.RoomNotFound"/>: there is none that the caller may enter;
    /// <see cref="ErrorCode.TooManyInvitations"/>.</exception>
    public async Task<Made> CreateAsync(string chatId, Caller maker, CancellationToken cancellation)
    {
        var made = new Made(InvitationCode.Create(chatId), time.GetUtcNow() + options.Value.Lifetime);
        await store.DecideAsync(() => TryCreateAsync(chatId, maker, made, cancellation), cancellation);
        return made;
    }

    /// <summary>Lets the caller in. Who is in already, is let in again. Four reads, and where the caller is new, three writes.</summary>
    /// <exception cref="ChatException"><see cref="ErrorCode.InvitationNotFound"/>: it is unknown, void or expired, or the caller is
    /// banned.</exception>
    public async Task<PrivateRoomEntity> AcceptAsync(InvitationCode code, Caller caller, CancellationToken cancellation)
    {
        PrivateRoomEntity? entered = null;
        await store.DecideAsync(async () => (entered = await TryAcceptAsync(code, caller, cancellation)) is not null, cancellation);
        return entered!;
    }

    private async Task<bool> TryCreateAsync(string chatId, Caller maker, Made made, CancellationToken cancellation)
    {
        var room = await store.GetForMemberAsync(chatId, maker.UserId, cancellation);
        var all = await ListAsync(chatId, cancellation);
        // A batch that seems to have failed may be one whose answer was lost.
        if (all.Exists(invitation => invitation.RowKey == made.Code.Row)) return true;
        var ended = all.FindAll(invitation => !invitation.IsValid(room, time.GetUtcNow()));
        if (all.Count - ended.Count >= MaxValid) throw new ChatException(ErrorCode.TooManyInvitations);

        var invitation = InvitationEntity.Create(room, made.Code, maker, made.ExpiresAt);
        // Each new one deletes void ones, so that they do not pile up.
        var changes = ended.Take(MaxVoidToDelete).Select(row => new TableTransactionAction(TableTransactionActionType.Delete, row, ETag.All))
            .Append(new TableTransactionAction(TableTransactionActionType.Add, invitation));
        return await store.TryChangeAsync(room, [], changes, cancellation);
    }

    private async Task<PrivateRoomEntity?> TryAcceptAsync(InvitationCode code, Caller caller, CancellationToken cancellation)
    {
        var room = await store.FindRoomAsync(code.ChatId, cancellation);
        var member = await store.FindAsync<MemberEntity>(code.ChatId, MemberEntity.RowOf(caller.UserId), cancellation);
        var invitation = await store.FindAsync<InvitationEntity>(code.ChatId, code.Row, cancellation);
        // A ban that comes after this read replaces the guard.
        var ban = await bans.FindAsync(code.ChatId, caller.UserId, cancellation);
        if (room is { IsDeleted: false } && member is not null) return room;
        if (room is not { IsDeleted: false } || invitation?.IsValid(room, time.GetUtcNow()) is not true || ban is not null)
        {
            throw new ChatException(ErrorCode.InvitationNotFound);
        }

        if (!room.HasGuard)
        {
            await store.TryChangeAsync(room, new() { [nameof(PrivateRoomEntity.HasGuard)] = true }, [RoomGuard.Add(room)], cancellation);
            return null;
        }

        var entry = await list.AddAsync(caller.UserId, room, cancellation);
        TableTransactionAction[] batch =
        [
            RoomGuard.Require(room),
            // Gone where its maker has left.
            new(TableTransactionActionType.UpdateMerge, new TableEntity(code.ChatId, code.Row), ETag.All),
            new(TableTransactionActionType.Add, MemberEntity.Create(code.ChatId, caller, time.GetUtcNow())),
        ];
        if (!await store.Client.TrySubmitAsync(batch, cancellation)) return null;
        await list.ConfirmAsync(caller.UserId, room, entry, cancellation);
        return room;
    }

    /// <summary>All invitations of a room, void ones too: one transaction.</summary>
    public async Task<List<InvitationEntity>> ListAsync(string chatId, CancellationToken cancellation)
    {
        var filter = TableClient.CreateQueryFilter(
            $"PartitionKey eq {chatId} and RowKey ge {InvitationCode.RowsStart} and RowKey lt {InvitationCode.RowsEnd}");
        return await store.Client.QueryAsync<InvitationEntity>(filter, null, null, cancellation).ToListAsync(cancellation);
    }
}
