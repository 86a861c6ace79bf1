using Azure;
using Azure.Data.Tables;
using ChatFunctions.Identity;
using ChatFunctions.Rooms;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Options;

namespace ChatFunctions.Members;

/// <summary>Makes and accepts invitations to private rooms.</summary>
public sealed class Invitations(PrivateRoomTable table, IOptions<InvitationOptions> options, TimeProvider time)
{
    /// <summary>Makes an invitation that anyone may accept, any number of them, until it expires or a member leaves.</summary>
    /// <param name="room">As a member has just read it: if that member is gone by now, the invitation is void from the start.</param>
    public async Task<(InvitationCode Code, DateTimeOffset ExpiresAt)> CreateAsync(
        PrivateRoom room, Caller maker, CancellationToken cancellation)
    {
        var code = InvitationCode.Create(room.PartitionKey);
        var invitation = new Invitation
        {
            PartitionKey = room.PartitionKey,
            RowKey = code.Row,
            ExpiresAt = time.GetUtcNow() + options.Value.Lifetime,
            Generation = room.InvitationGeneration,
            CreatedById = maker.UserId,
        };
        try
        {
            await table.Client.AddEntityAsync(invitation, cancellation);
        }
        catch (RequestFailedException error) when (error.Status == StatusCodes.Status409Conflict)
        {
            // The code is random, so it is this very invitation: its answer was lost, and the client library repeated it.
        }

        return (code, invitation.ExpiresAt);
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
