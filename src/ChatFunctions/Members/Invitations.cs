using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Members;

/// <summary>Makes and accepts invitations to private rooms.</summary>
public sealed class Invitations(PrivateRoomTable table, IOptions<InvitationOptions> options, TimeProvider time)
{
    /// <summary>Makes an invitation that anyone may accept, any number of them, until it expires or a member leaves.</summary>
    /// <returns>Null if the caller may not enter the room.</returns>
    public async Task<(InvitationCode Code, DateTimeOffset ExpiresAt)?> CreateAsync(
        string chatId, Caller maker, CancellationToken cancellation)
    {
        var code = InvitationCode.Create(chatId);
        var expiresAt = time.GetUtcNow() + options.Value.Lifetime;
        while (true)
        {
            var rows = await table.ReadAsync(chatId, [code.Row, Member.RowOf(maker.UserId)], cancellation);
            if (rows.RoomFor(maker.UserId) is not { } room) return null;
            // A batch that seems to have failed may be one whose answer was lost.
            if (rows.Find(code.Row) is not null) return (code, expiresAt);
            var invitation = new Invitation
            {
                PartitionKey = chatId,
                RowKey = code.Row,
                ExpiresAt = expiresAt,
                Generation = room.InvitationGeneration,
                CreatedById = maker.UserId,
            };
            if (await table.TryChangeAsync(room, [], [new(TableTransactionActionType.Add, invitation)], cancellation)) return (code, expiresAt);
        }
    }

    /// <summary>Lets the caller in. Who is in already, is let in again.</summary>
    /// <returns>The room; null if the code is unknown, void or expired.</returns>
    public async Task<PrivateRoom?> AcceptAsync(InvitationCode code, Caller caller, CancellationToken cancellation)
    {
        while (true)
        {
            var rows = await table.ReadAsync(code.ChatId, [code.Row, Member.RowOf(caller.UserId)], cancellation);
            if (rows.RoomFor(caller.UserId) is { } entered) return entered;
            if (rows.Room is not { IsDeleted: false } room || rows.Find(code.Row) is not { } invitation) return null;
            if (!Invitation.IsGood(invitation, room, time.GetUtcNow())) return null;

            // First the list, then access: a crash in between leaves an entry that leads nowhere, never a member who sees nothing.
            await table.Client.UpsertEntityAsync(RoomOfUser.Create(caller.UserId, room), TableUpdateMode.Replace, cancellation);
            var member = Member.Create(room.PartitionKey, caller, time.GetUtcNow());
            if (await table.TryChangeAsync(room, [], [new(TableTransactionActionType.Add, member)], cancellation)) return room;
        }
    }
}
